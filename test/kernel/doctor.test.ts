import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../dist/kernel/main.js", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function doctor(env: Readonly<Record<string, string>> = {}): { readonly status: number | null; readonly text: string } {
  const { status, stdout } = spawnSync(process.execPath, [main, "doctor"], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status, text: stdout };
}

test("tries each part for real", () => {
  const { text } = doctor();
  for (const line of [
    "✓ Node: v",
    "✓ sockets (zeromq): five sockets bound on loopback",
    "✓ compiler (oxc): compiles a cell",
    "✓ engine (DuckDB): opens",
    "✓ frames (Danfo): builds a frame of 2 rows",
    "✓ types (TypeScript): finds a wrong type",
    "✓ a cell: 6 * 7 gives 42",
  ])
    expect(text).toContain(line);
});

test.each([
  ["/zeromq/", "✗ sockets (zeromq): not for this platform"],
  ["@duckdb/node-api", "✗ engine (DuckDB): not for this platform"],
  ["@oxc-transform/binding", "✗ compiler (oxc): Cannot find native binding"],
])("says what is wrong when %s cannot be loaded, and what to do", (name, line) => {
  const hook = path.join(folder, "broken.cjs");
  writeFileSync(
    hook,
    `const Module = require("node:module"), load = Module._load;
     Module._load = function (file, ...rest) {
       if (String(file).includes("${name}")) throw new Error("not for this platform");
       return load.call(this, file, ...rest);
     };`,
  );
  const { status, text } = doctor({ NODE_OPTIONS: `--require ${hook}` });
  expect(text).toContain(line);
  expect(text).toContain("what to do: ");
  expect(status).toBeGreaterThan(0);
});
