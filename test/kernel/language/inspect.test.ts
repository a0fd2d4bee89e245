import { describe, expect, it } from "vitest";
import { notebooks } from "./harness.ts";

const openNotebook = notebooks();

describe("inspect", () => {
  it("tells type and documentation, in text and Markdown", async () => {
    const { service, run } = openNotebook();
    await run(
      "/** Adds tax.\n * @param net euros\n * @example\n * gross(1) */\nfunction gross(net: number, rate = 0.2) { return net * (1 + rate) }",
    );
    expect(await service.inspect("gross(1)", 2, 0)).toEqual({
      "text/plain": "function gross(net: number, rate?: number): number\n\nAdds tax.",
      "text/markdown": "```typescript\nfunction gross(net: number, rate?: number): number\n```\n\nAdds tax.",
    });
    const more = await service.inspect("gross(1)", 5, 1);
    expect(more?.["text/plain"]).toContain("@param net euros");
    expect(more?.["text/markdown"]).toContain("```typescript\ngross(1)\n```");
  });

  it.each([
    ["a variable", "const rows = [{ a: 1 }]; rows|", "variable rows: { a: number; }[]"],
    ["a member", "Math.ma|x", "method max(...values: number[]): number"],
    [
      "the callee before the cursor",
      "parseInt('1', |",
      "function parseInt(string: string, radix?: number | undefined): number",
    ],
    ["the innermost callee", "Math.max(1, Math.abs(|", "method abs(x: number): number"],
    ["a class", "class K { constructor(a: string) {} } K|", "class K\nnew K(a: string): K"],
    ["an interface", "interface R { a: number }\nR|", "interface R {\n  a: number;\n}"],
    ["an alias", "type Id = string | number;\nId|", "type Id = string | number"],
    ["an import", "import { readFileSync as read } from 'node:fs'; read|", "function read(path: PathOrFileDescriptor"],
    ["a parameter of a function magic", "%%chunked d.csv\nchunk|", "variable chunk: DataFrame"],
  ])("describes %s", async (_, marked, expected) => {
    const { service } = openNotebook();
    const cursor = marked.lastIndexOf("|");
    const found = await service.inspect(marked.slice(0, cursor) + marked.slice(cursor + 1), cursor, 0);
    expect(String(found?.["text/plain"]).startsWith(expected), String(found?.["text/plain"])).toBe(true);
  });

  it("has nothing to say about unknown names, numbers and white space", async () => {
    const { service } = openNotebook();
    for (const code of ["nobody", "12", "  ", "", "// nobody", "!ls", "class"])
      expect(await service.inspect(code, code.length, 0), code).toBeUndefined();
  });

  it("never shows how an older declaration was renamed", async () => {
    const { service, run } = openNotebook();
    await run("class Row { a = 1 } const old = new Row();");
    await run("class Row { b = 1 }");
    const found = await service.inspect("old", 3, 0);
    expect(found?.["text/plain"]).toBe("variable old: Row");
  });
});
