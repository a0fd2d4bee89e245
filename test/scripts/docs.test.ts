import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { magics } from "../../kernel/magics/registry.ts";

const script = fileURLToPath(new URL("../../scripts/docs.mjs", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-docs-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function docs(
  readme: string,
  ...flags: readonly string[]
): Promise<{ code: number; output: string; readme: string }> {
  const file = path.join(folder, "README.md");
  writeFileSync(file, readme);
  const run = promisify(execFile)(process.execPath, [script, "--readme", file, ...flags]);
  const {
    code = 0,
    stdout,
    stderr,
  } = await run
    .catch((error: { code: number; stdout: string; stderr: string }) => error)
    .then((result) => ({ code: 0, ...result }));
  return { code, output: stdout + stderr, readme: readFileSync(file, "utf8") };
}

const EMPTY = "# Outgrow\n\n<!-- magics -->\n<!-- /magics -->\n\nMore.\n";

test("writes a row for each magic between the marks, and nothing else", async () => {
  const { code, readme } = await docs(EMPTY);
  expect(code).toBe(0);
  expect(readme.startsWith("# Outgrow\n\n<!-- magics -->\n\n| magic |")).toBe(true);
  expect(readme.endsWith("\n\n<!-- /magics -->\n\nMore.\n")).toBe(true);
  const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toHaveLength(magics.size);
  for (const { name, summary } of magics.values())
    expect(
      rows.some((row) => row.includes(`%${name}`) && row.includes(summary)),
      name,
    ).toBe(true);
  for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(5);
});

test("--check passes on what it wrote and fails on drift with the right table, changing nothing", async () => {
  const { readme: written } = await docs(EMPTY);
  expect((await docs(written, "--check")).code).toBe(0);
  const drifted = written.replace("list the magics", "list all magics");
  const { code, output, readme } = await docs(drifted, "--check");
  expect(code).not.toBe(0);
  expect(readme).toBe(drifted);
  expect(output).toContain("list the magics");
  expect(output).toContain("node scripts/docs.mjs");
});

test("the page beside it has the help of every magic, and each link leads to its heading", async () => {
  await docs(EMPTY);
  const page = readFileSync(path.join(folder, "docs/magics.md"), "utf8");
  for (const { summary, options } of magics.values()) {
    expect(page).toContain(summary);
    for (const option of Object.keys(options)) expect(page).toContain(`-${option}`);
  }
  const links = Array.from(page.matchAll(/^- \[.*?\]\(#(.*?)\)/gm), ([, anchor]) => anchor);
  const headings = Array.from(page.matchAll(/^## (.*)$/gm), ([, title = ""]) =>
    title.replace(/[%,]/g, "").replaceAll(" ", "-"),
  );
  expect(links).toHaveLength(magics.size);
  expect(new Set(links).size).toBe(magics.size);
  for (const link of links) expect(headings).toContain(link?.replace(/-1$/, ""));
});

test("--check fails on a page that is out of date", async () => {
  const { readme } = await docs(EMPTY);
  writeFileSync(path.join(folder, "docs/magics.md"), "# Magics\n");
  const { code, output } = await docs(readme, "--check");
  expect(code).not.toBe(0);
  expect(output).toContain("magics.md is out of date");
});

test("a README without marks is refused with the fix", async () => {
  const { code, output } = await docs("# Outgrow\n");
  expect(code).not.toBe(0);
  expect(output).toContain("<!-- magics -->");
});
