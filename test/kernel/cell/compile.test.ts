import { describe, expect, test } from "vitest";
import { CellSyntaxError } from "../../../kernel/cell/syntax-error.ts";
import { MAGICS } from "./magics.ts";
import { failureOf, Session } from "./session.ts";

/** Each row: cells in order, and the value of the last one. */
const CELLS: readonly (readonly [what: string, cells: readonly string[], value: unknown])[] = [
  ["live closure", ["let n = 1; function inc() { return ++n }", "n = 100", "inc()"], 101],
  ["redeclared let is seen by an older closure", ["let n = 1; const read = () => n", "let n = 7", "read()"], 7],
  [
    "a redefined function is seen by its older caller",
    ["function a() { return 1 } function b() { return a() }", "function a() { return 2 }", "b()"],
    2,
  ],
  [
    "redeclare let, const, function, class, var, import",
    [
      "let x = 1",
      "const x = 2",
      "function x() { return 3 }",
      "class x {}",
      "var x = 5",
      'import * as x from "node:path"',
      "typeof x.join",
    ],
    "function",
  ],
  ["redeclare from its own value", ["let n = 4", "let n = n + 1; n"], 5],
  ["top-level await", ["const v = await Promise.resolve(3); v"], 3],
  ["value of an awaited expression", ["await Promise.resolve(8)"], 8],
  [
    "for await",
    ["let total = 0; for await (const v of (async function* () { yield 1; yield 2 })()) total += v; total"],
    3,
  ],
  ["type-only code", ["interface A { b: number } type C = A; const a: A = { b: 1 }; (a as C).b satisfies number"], 1],
  ["enum", ["enum Color { Red = 1, Green = Red + 1 }", "[Color.Green, Color[1]]"], [2, "Red"]],
  ["enum from a session constant", ["const base = 10", "enum E { A = base, B = A + 1 }", "E.B"], 11],
  ["a re-run enum keeps no stale member", ["enum E { A, B }", "enum E { A }", "E.B"], undefined],
  ["namespace", ["namespace N { export const q = 2; export function f() { return q * 2 } }", "N.f()"], 4],
  [
    "legacy decorator",
    [
      "const seen: string[] = []; function log(t: object, key: string) { seen.push(key) }\nclass A { @log a = 1; @log m() {} }",
      "new A(); seen",
    ],
    ["a", "m"],
  ],
  [
    "class decorator",
    ["function tag(c: Function) { (c as any).tagged = true }\n@tag class T {}", "(T as any).tagged"],
    true,
  ],
  ["parameter properties", ["class P { constructor(readonly z: number) {} }", "new P(4).z"], 4],
  [
    "using is disposed at the end of its block",
    [
      "const log: string[] = []; { using r = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log.push('gone') } }; log.push('in') } log",
    ],
    ["in", "gone"],
  ],
  [
    "top-level using",
    [
      "const log2: string[] = []\nusing r = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log2.push('gone') } }\nfunction fn() { return 5 }\nlog2.push(String(fn()))",
      "[log2, fn()]",
    ],
    [["5", "gone"], 5],
  ],
  ["named imports", ['import { join, type ParsedPath } from "node:path"', 'join("a", "b")'], "a/b"],
  ["default import", ['import fs from "node:fs"', "typeof fs.readFileSync"], "function"],
  ["import assignment", ['import path = require("node:path")', "typeof path.join"], "function"],
  ["dynamic import", ['(await import("node:os")).EOL'], "\n"],
  ["exports are tolerated", ["export const e = 3; export function g() { return e } export default g() + 1"], 4],
  ["import.meta", ["import.meta.url"], "file:///notebook/cell.ts"],
  ["object literal cell", ["{ a: 1, b: [2] }"], { a: 1, b: [2] }],
  ["block cell", ["{ let z = 1 }"], undefined],
  ["string cell", ['"hello"'], "hello"],
  ["comment cell", ["// nothing"], undefined],
  ["empty cell", [""], undefined],
  ["last statement after a comment", ["1 + 1 // two"], 2],
  ["object shorthand", ["const a1 = 1, b1 = 2", "({ a1, b1 })"], { a1: 1, b1: 2 }],
  [
    "destructuring with defaults and rest",
    ["const { a2, b2: [c2, ...d2], e2 = 9, ...f2 } = { a2: 1, b2: [2, 3, 4], g: 5 } as any", "[a2, c2, d2, e2, f2]"],
    [1, 2, [3, 4], 9, { g: 5 }],
  ],
  ["swap by an assignment pattern", ["let p = 1, q = 2", "[p, q] = [q, p]; ({ p, q = 3 } = { p, q }); [p, q]"], [2, 1]],
  [
    "loop variables are captured each",
    ["const fs2: (() => number)[] = []; for (let i = 0; i < 3; i++) fs2.push(() => i)", "fs2.map((f) => f())"],
    [0, 1, 2],
  ],
  ["var in a block and in a for head", ["for (var i3 = 0; i3 < 2; i3++) { var inner3 = i3 }", "[i3, inner3]"], [2, 1]],
  ["for of with var", ["for (var of4 of [1, 2]) {}", "of4"], 2],
  [
    "shadowing by parameter, block and catch",
    [
      "const s = 1",
      "const r5 = ((s: number) => s)(2); let t5; { const s = 3; t5 = s } try { throw 4 } catch (s) { t5 += s as number } [r5, t5, s]",
    ],
    [2, 7, 1],
  ],
  ["hoisted function", ["const v6 = later(); function later() { return 6 }", "v6"], 6],
  ["function name", ["const named = () => 1; class K { static n = K.name }", "[named.name, K.n]"], ["named", "K"]],
  ["this of a plain call", ["function self(this: unknown) { return this }", "self()"], undefined],
  [
    "tagged template",
    ["const tag = (s: TemplateStringsArray, ...v: number[]) => s.raw.join('|') + v", "tag`a${1}b`"],
    "a|b1",
  ],
  ["optional call", ["const maybe: (() => number) | undefined = () => 3", "maybe?.()"], 3],
  ["no semicolons", ["let a7 = 1\nconst f7 = () => a7\nf7()\nf7()\n;[a7].length\nf7() + 1"], 2],
  [
    "no semicolons in a function",
    ["const g8 = () => 5", "function h8() {\n  const x = 1\n  g8()\n  return x\n}\nh8()"],
    1,
  ],
  [
    "private names and static blocks",
    ["class Q { #v = 2; static made = 0; static { Q.made = 7 } get v() { return this.#v } }", "[new Q().v, Q.made]"],
    [2, 7],
  ],
  ["logical assignment", ["let l9: number | undefined", "l9 ??= 4; l9 += 1; l9++; l9"], 6],
  [
    "overloads, declare, abstract",
    [
      "declare const ghost: number; function o(a: string): string; function o(a: unknown) { return 'o' } abstract class Ab {}",
      "o('x')",
    ],
    "o",
  ],
  ["unicode names", ["const größe = 2", "größe * 2"], 4],
  ["labels", ["let n10 = 0; outer: for (;;) { for (;;) { n10++; break outer } } n10"], 1],
  ["class extends a session class", ["class Base { x = 1 }", "class Sub extends Base {}", "new Sub().x"], 1],
  ["generators", ["function* gen() { yield* [1, 2] }", "[...gen()]"], [1, 2]],
  [
    "eval and globalThis see session names",
    ["const seenByEval = 5", "[eval('seenByEval'), (globalThis as any).seenByEval]"],
    [5, 5],
  ],
  [
    "a later name used by an older function",
    ["const call11 = () => (later11 as () => number)()", "function later11() { return 3 }", "call11()"],
    3,
  ],
  ["regular expressions and templates with magic-like lines", ["const t12 = `\n%show not a magic\n`; t12.length"], 19],
];

describe("cells", () => {
  test.each(CELLS)("%s", async (_, cells, value) => {
    const session = new Session(MAGICS);
    let last: unknown;
    for (const cell of cells) last = await session.run(cell);
    expect(last).toEqual(value);
  });

  test("constants refuse assignment, in the same cell and in a later one", async () => {
    const session = new Session();
    await expect(session.run("const c = 1; c = 2")).rejects.toThrow("Assignment to constant variable.");
    await expect(session.run("c++")).rejects.toThrow("Assignment to constant variable.");
    await expect(session.run("for (c of [1]) {}")).rejects.toThrow("Assignment to constant variable.");
    expect(await session.run("c")).toBe(1);
  });

  test("values are kept after a throw", async () => {
    const session = new Session();
    await expect(session.run("let kept = 5; throw new Error('x')")).rejects.toThrow("x");
    expect(await session.run("kept")).toBe(5);
  });

  test("a name is dead before its first value, with V8's words", async () => {
    const session = new Session();
    await expect(session.run("early; let early = 1")).rejects.toThrow("Cannot access 'early' before initialization");
  });

  test("a shadowed global stays the host's own", async () => {
    const session = new Session();
    await session.run("const process = 1, fetch = 2, Map = 3, name = 4");
    expect(await session.run("[process, fetch, Map, name]")).toEqual([1, 2, 3, 4]);
    expect(typeof process.hrtime).toBe("function");
    expect(new Map().size).toBe(0);
  });

  test("a cell that does not compile declares nothing", async () => {
    const session = new Session();
    await expect(session.run("const half = 1; let x = ;")).rejects.toThrow(CellSyntaxError);
    expect(session.scope.has("half")).toBe(false);
  });

  test.each([
    ["let a = 1\nlet b = ;", 2, 9],
    ["const a = 1; const a = 2", 1, 20],
    ["  return 5", 1, 3],
    ["1 +\n  (2", 2, 5],
  ])("a syntax error knows its place: %j", async (source, line, column) => {
    const error = await failureOf(new Session().run(source));
    expect(error).toBeInstanceOf(CellSyntaxError);
    expect(error).toMatchObject({ line, column });
    expect(error).toHaveProperty("excerpt", `${source.split("\n")[line - 1]}\n${" ".repeat(column - 1)}^`);
  });
});
