import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Notebook, notebooks, openOwnNotebook } from "./harness.ts";

const openNotebook = notebooks();

describe("complete", () => {
  it("offers members by prefix with their kind", async () => {
    const { service, run } = openNotebook();
    await run("import * as fs from 'node:fs'; const o = { alpha: 1, beta() {}, 'not a name': 1 };");
    const found = await service.complete("fs.readF", 8);
    expect(found).toMatchObject({ start: 3, end: 8 });
    expect(found.matches).toEqual([
      { text: "readFile", type: "function" },
      { text: "readFileSync", type: "function" },
    ]);
    expect((await service.complete("1; o.", 5)).matches).toEqual([
      { text: "alpha", type: "property" },
      { text: "beta", type: "method" },
    ]);
    expect(await texts({ service }, "o?.|\nconst later = 1;")).toEqual(["alpha", "beta"]);
  });

  it("counts in UTF-16", async () => {
    const { service } = openNotebook();
    const code = "'😀'.toUpperC";
    expect(await service.complete(code, code.length)).toEqual({
      matches: [{ text: "toUpperCase", type: "method" }],
      start: 5,
      end: 13,
    });
  });

  it("offers names of the cell, the session, the world and the language", async () => {
    const { service, run } = openNotebook();
    await run("const sessionTotal = 1; class SessionClass {} interface SessionShape {}");
    expect((await service.complete("sess", 4)).matches).toEqual([
      { text: "sessionTotal", type: "variable" },
      { text: "SessionClass", type: "class" },
      { text: "SessionShape", type: "interface" },
    ]);
    const inside = "function f(alpha: number) { const album = 1; return al| }\nfunction g(alien: number) {}";
    expect(await texts({ service }, inside)).toEqual(["album", "alpha"]);
    expect(await texts({ service }, "whil|")).toEqual(["while"]);
    expect(await texts({ service }, "structuredCl|")).toEqual(["structuredClone"]);
    expect(await texts({ service }, "clearO|")).toEqual(["clearOutput"]);
    expect((await texts({ service }, "|")).slice(0, 3)).toEqual(["SessionClass", "SessionShape", "sessionTotal"]);
  });

  it("takes the newest type of a name", async () => {
    const { service, run } = openNotebook();
    await run("let n = 1;");
    expect(await texts({ service }, "let n = 'x';\nn.toFi|")).toEqual([]);
    expect(await texts({ service }, "n.toFi|")).toEqual(["toFixed"]);
  });

  it("completes import paths part by part, and other literals as a whole", async () => {
    const { service, folder } = openOwnNotebook();
    writeFileSync(path.join(folder, "helper.ts"), "export const help = 1;");
    const found = await service.complete("import {} from 'node:fs/pro", 27);
    expect(found).toMatchObject({ start: 24, end: 27 });
    expect(found.matches).toContainEqual({ text: "promises", type: "module" });
    expect(await texts({ service }, "import {} from 'node:fs/prom|'")).toEqual(["promises"]);
    expect(await texts({ service }, "import {} from './hel|'")).toEqual(["helper"]);
    expect(await texts({ service }, "import { readFileS| } from 'node:fs'")).toEqual(["readFileSync"]);
    expect(await texts({ service }, "const s: 'aa-1' | 'aa-2' | 'b' = 'aa|'")).toEqual(["aa-1", "aa-2"]);
  });

  it("offers nothing in comments, numbers and plain texts", async () => {
    const { service } = openNotebook();
    for (const code of [
      "// con|",
      "/* con| */ 1",
      "const s = 'con|'",
      "12|",
      "nothing.known.|",
      "n2.|",
      "a.b2.|",
      "..|",
      "a..|",
    ])
      expect(await texts({ service }, code), code).toEqual([]);
  });

  it("tells where nothing else belongs", async () => {
    const { service } = openNotebook();
    expect(await service.complete("// name.", 8)).toMatchObject({ matches: [], isFinal: true });
    expect((await service.complete("name.", 5)).isFinal).toBeUndefined();
    expect(await texts({ service }, "[...Math|]")).toEqual(["Math"]);
  });

  it("completes in the body of a function magic", async () => {
    const { service } = openNotebook();
    expect(await texts({ service }, "%%chunked d.csv\nchunk.groupb|")).toEqual(["groupby"]);
    expect(await texts({ service }, "%%chunked d.csv\nchun|")).toContain("chunk");
  });

  it("caps the list", async () => {
    const { service } = openNotebook();
    expect(await texts({ service }, "|")).toHaveLength(250);
  });
});

/** The offered texts at the bar. */
async function texts({ service }: Pick<Notebook, "service">, marked: string): Promise<readonly string[]> {
  const cursor = marked.lastIndexOf("|");
  const { matches } = await service.complete(marked.slice(0, cursor) + marked.slice(cursor + 1), cursor);
  return matches.map(({ text }) => text);
}
