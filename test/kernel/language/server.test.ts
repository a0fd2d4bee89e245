import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { TypeServer } from "../../../kernel/language/server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-types-"));
const server = new TypeServer(folder);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const messages = async () => (await server.findings()).map(({ text }) => text);

test("what is asked twice of one state is looked for once, and of another state anew", async () => {
  writeFileSync(path.join(folder, "other.ts"), "export const value: string = 'text';");
  const cell = "import { value } from './other.ts'; const n: number = value;";
  await server.update(cell);
  const [file, findings] = [await server.notebookFile(), await server.findings()];
  expect(findings).toHaveLength(1);
  await server.update(cell);
  expect(await server.findings()).toBe(findings);
  expect(await server.notebookFile()).toBe(file);
  // The same text in another world.
  writeFileSync(path.join(folder, "other.ts"), "export const value: number = 1_234;");
  await server.update(cell);
  expect(await messages()).toEqual([]);
  await server.update("const n: string = 1;");
  expect(await messages()).toEqual([expect.stringMatching(/not assignable/)]);
});
