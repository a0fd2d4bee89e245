import { describe, expect, test } from "vitest";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { isPlain } from "../../../kernel/cell/plain.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";
import { parse } from "../../../kernel/cell/tree.ts";
import { failureOf, Session } from "./session.ts";

const plain = (code: string): boolean => isPlain(code, parse(code).body);

describe("code that needs no transformer", () => {
  test.each([
    "1 + 1",
    "const { a = 1, ...rest } = await load()\nfor await (const x of xs) console.log(`${x}`, x?.y ?? z)",
    "async function* f(a, [b] = []) { try { yield a ** b } catch { return } finally { delete a.b } }",
    "const x = { get y() { return this.z }, async m() {}, [k]: 1_000n }",
    "while (n --> 0);",
    "/(?<year>\\d+)/dgu.exec(text)",
  ])("%s", (code) => expect(plain(code)).toBe(true));
});

describe("code that goes through the transformer", () => {
  test.each([
    "let x: number = 1",
    "let x!: number",
    "function f(x?) {}",
    "f<number>(1)",
    "f<number>",
    "x as number",
    "x satisfies number",
    "x!.y",
    "const f = (x): x is string => true",
    "function f(this: Date) {}",
    "function f(this) {}",
    "interface A {}\n1",
    "type A = 1\n1",
    "declare const x: number",
    "enum E { A }",
    "namespace N { export const a = 1 }",
    "class A { private x }",
    "const A = class {}",
    "import a from 'a'",
    "export const a = 1",
    "{ using a = b }",
    "for (using a of b) {}",
    "try {} catch (e: unknown) {}",
    "for (const x of xs as any[]) {}",
    "const { a }: { a: 1 } = b",
    "new Map<string, number>()",
    "tag<string>`x`",
    "/[\\p{L}--a]/v",
    // To a script this is a comment.
    "a<!--b",
  ])("%s", (code) => {
    expect(parse(code).failure).toBeUndefined();
    expect(plain(code)).toBe(false);
  });
});

test.each(["let x = 1\nx", "let x: number = 1\nx"])("what is put around a cell was typed nowhere: %s", (code) => {
  const { main } = compileCell(code, { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() });
  const lines = main.code.split("\n").length;
  for (const line of [1, lines]) expect(main.original({ line, column: 20 })).toBeUndefined();
});

describe("both ways give the same places", () => {
  test.each([
    ["as it stands", ""],
    ["lowered", "interface A {}\n"],
  ])("%s", async (_, head) => {
    const session = new Session();
    await session.run("const boom = (n) => {\n  throw new RangeError(String(n))\n}");
    const error = await failureOf(session.run(`${head}const two = 2\nawait null;   boom(two)`));
    const line = head === "" ? 2 : 3;
    expect(session.placesOf(error).slice(0, 2)).toEqual(["1 2:9", `2 ${line}:15`]);
    const other = await failureOf(session.run(`${head}const text = "a\u2028b" // \u2029 \r\nawait null;   boom(two)`));
    expect(session.placesOf(other).slice(0, 2)).toEqual(["1 2:9", `3 ${line}:15`]);
  });
});
