import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../../kernel/commands.ts";

const home = process.cwd();
let folder = "";
let stdout = "";
let stderr = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-commands-"));
  writeFileSync(path.join(folder, "sales.csv"), "user_id,amount\n1,2.5\n2,1\n1,4\n");
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  stdout = "";
  stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("chunked prints the result and the memory table as text", async () => {
  expect(await runCommand("chunked", ["sales.csv", "--by", "user_id", "--agg", "amount:sum,*:count"])).toBe(0);
  expect(stdout).toMatch(/1\s+│?\s*6\.5/);
  expect(stdout).toContain("peak resident memory");
  expect(stdout).not.toContain("</");
  expect(stderr).toBe("");
});

test("profile prints one report, the last one", async () => {
  expect(await runCommand("profile", ["sales.csv"])).toBe(0);
  expect(stdout.match(/user_id/g)?.length).toBeGreaterThan(0);
  expect(stderr).toBe("");
});

test("spark-config --format prints exactly the file", async () => {
  expect(await runCommand("spark-config", ["sales.csv", "--format", "spark-defaults"])).toBe(0);
  expect(stdout).toMatch(/^spark\.master\s+local/m);
  for (const line of stdout.trim().split("\n")) expect(line).toMatch(/^(spark\.\S+\s+\S.*|#.*|)$/);
});

test("a fault in the line: caret and fix on stderr, exit code 2", async () => {
  expect(await runCommand("chunked", ["sales.csv", "--by", "usr_id", "--agg", "amount:sum"])).toBe(2);
  const lines = stderr.split("\n");
  const line = lines.findIndex((text) => text.includes("outgrow chunked sales.csv"));
  expect(lines[line + 1]?.trim()).toBe("^".repeat("usr_id".length));
  expect(lines[line + 1]?.indexOf("^")).toBe(lines[line]?.indexOf("usr_id"));
  expect(stderr).toMatch(/E_NO_COLUMN/);
  expect(stderr).toContain("user_id");
  expect(stderr).not.toMatch(/ {4}at /);
});

test("options that speak of notebooks are not there, bare words are files", async () => {
  expect(await runCommand("profile", ["sales.csv", "-o", "x"])).toBe(2);
  expect(stderr).toContain("outgrow profile has no option -o");
  stderr = "";
  expect(await runCommand("profile", ["sales"])).toBe(2);
  expect(stderr).toContain("E_NO_FILE");
});

test("bad content: exit code 1", async () => {
  writeFileSync("bad.csv", "user_id,amount\n1,2\nx,3\n");
  expect(await runCommand("chunked", ["bad.csv", "--agg", "user_id:sum", "--dtype", "user_id:int32"])).toBe(1);
  expect(stderr).toContain("DataError");
});

test("--help shows the command's own words", async () => {
  expect(await runCommand("chunked", ["--help"])).toBe(0);
  expect(stdout).toContain("outgrow chunked SOURCE");
  expect(stdout).toContain("outgrow chunked data/sales.csv --by");
  expect(stdout).not.toContain("%chunked");
  expect(stdout).not.toContain("--output");
});

test("an unknown command", async () => {
  expect(await runCommand("nonsense", [])).toBe(2);
  expect(stderr).toContain("E_NO_COMMAND");
});
