import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import "../../../kernel/cell/helpers.ts";
import { transformModule } from "../../../kernel/cell/transform.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-transform-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function load(source: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, `m${count++}.mjs`);
  writeFileSync(file, transformModule(source, "local.ts"));
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

describe("local modules", () => {
  test("types go, enums and parameter properties stay", async () => {
    const module = await load(
      "import type { X } from './nowhere'\nexport enum E { A = 3 }\nexport class P { constructor(readonly a: number) {} }\nexport const x: X = 1 as X",
    );
    expect([(module.E as { A: number }).A, module.x]).toEqual([3, 1]);
  });

  test("decorators and `using` need no package of the user", async () => {
    const module = await load(
      "export const log: string[] = []\nfunction d(_: object, key: string) { log.push(key) }\nexport class A { @d m() {} }\n{ using r = { [Symbol.dispose]() { log.push('gone') } }; r }",
    );
    expect(module.log).toEqual(["m", "gone"]);
  });

  test("lines stay in the map", () => {
    const code = transformModule("interface A {}\n\nexport const a = 1", "local.ts");
    const data = /base64,(\S+)/.exec(code)?.[1] ?? "";
    const map = JSON.parse(Buffer.from(data, "base64").toString());
    expect([map.sources, map.mappings.length > 0]).toEqual([["local.ts"], true]);
  });

  test("a fault has its file, line and column", () => {
    expect(() => transformModule("let a = 1\nlet b = ;", "/n/local.ts")).toThrow(/^\/n\/local\.ts:2:9: /);
    expect(() => transformModule("namespace N {\n export let a = 1 }", "l.ts")).toThrow(
      /^l\.ts:2:13: a namespace here can export a const .*\n {3}export let a = 1 }\n {14}\^$/,
    );
  });
});
