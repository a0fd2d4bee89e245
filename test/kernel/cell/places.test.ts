import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failureOf, Session } from "./session.ts";

describe("stack places", () => {
  test("a line below stripped types, an arrow of an earlier cell, after an await", async () => {
    const session = new Session();
    await session.run(
      "interface A {\n  b: number\n}\nconst boom = (a: A): never => {\n  throw new Error(String(a.b))\n}",
    );
    await session.run("async function outer(): Promise<void> {\n  await null\n  boom({ b: 1 })\n}");
    const error = await failureOf(session.run("const before: number = 1\n\nawait outer()"));
    expect(session.placesOf(error)).toEqual(["1 5:9", "2 3:3", "3 3:1"]);
  });

  test("a timer", async () => {
    const session = new Session();
    await session.run(
      "const late = () => {\n  throw new Error('x')\n}\nlet caught: unknown\nawait new Promise<void>((done) => setTimeout(() => {\n  try { late() } catch (e) { caught = e }\n  done()\n}))",
    );
    expect(session.placesOf(await session.run("caught")).slice(0, 2)).toEqual(["1 2:9", "1 6:9"]);
  });

  test("a call of a session function points at its name, whatever types stand there", async () => {
    const session = new Session();
    await session.run("function f<T>(_?: T): never { throw new Error('x') }");
    for (const [code, place] of [
      ["  f()", "2 1:3"],
      ["1 + f<number>(1)", "3 1:5"],
      ["[1].map((n) => f(n))", "4 1:16"],
      ["({ g: () => f() }).g()", "5 1:13"],
      ["f`x`", "6 1:1"],
    ] as const) {
      const places = session.placesOf(await failureOf(session.run(code)));
      expect(places[1], code).toBe(place);
    }
  });

  test("an object cell, a magic's expression and the bodies of magics", async () => {
    const session = new Session(
      new Map([
        ["show", { forms: ["%"], body: "none" }],
        ["time", { forms: ["%", "%%"], body: "session", raw: true }],
        ["each", { forms: ["%%"], body: "function" }],
      ] as const),
    );
    for (const [code, place] of [
      ["{ a: 1, b: nope }", "1 1:12"],
      ["\n%show a ${nope} ${1}", "2 2:11"],
      ["%time  nope", "3 1:8"],
      ["%%time\n\n  nope", "4 3:3"],
      ["// c\n%%each --as chunk\n  chunk.length; nope", "5 3:17"],
      ["%%time\n%%each\nconst a: number = 1\nnope", "6 4:1"],
      ["%%time\nconst a = 1\n%show ${nope}\na", "7 3:9"],
    ] as const)
      expect(session.placesOf(await failureOf(session.run(code)))[0], code).toBe(place);
  });

  test.each([
    "null.a",
    "  const o = {}; o.a.b.c",
    "const o2 = {}; o2\n  .toString()\n  .nope()",
    "undefinedName",
    "throw new RangeError('x')",
    "[1, 2].map((x) => x.a.b)",
    "(() => { (() => { throw new Error('x') })() })()",
    "class K { constructor() { this.x() } }\nnew K()",
    "class L { static #p = null; static m() { return L.#p.q } }\n`${L.m()}`",
    "const { a: { b } } = {}",
    "for (const x of null) {}",
    "for (const x of 5) {}",
    "let v; v = v.w",
    "await (async () => { await 1; null.x })()",
    "const n = 1; (function named() { n() })()",
    "function g() { return h() }\nfunction h() { return null.x }\ng()",
    "new (class { get z() { return null.x } })().z",
    "[...undefined]",
    "JSON.parse('{')",
    "1 in 1",
    "switch (1) { case null.x: }",
    "if (true) { while (true) { null.x } }",
    "const s = 'a'; s.x.y",
    "String(Symbol()) + Symbol()",
    "const fn = (a = null.x) => a; fn()",
    "null?.a; undefined.b?.c",
    "({ m() { return null.x } }).m()",
    "delete null.x",
    "typeof null.x",
    "'😀'; null.x",
    "/* 😀\n */ null.x",
  ])("agrees with V8 on %j", async (code) => {
    const plain = await failureOf(
      new vm.Script(`(async () => {"use strict"; \n${code}\n})`, { filename: "plain.js" }).runInThisContext()(),
    );
    const expected = [...String((plain as Error).stack).matchAll(/plain\.js:(\d+):(\d+)/g)].map(
      ([, line, column]) => `1 ${Number(line) - 1}:${column}`,
    );
    const session = new Session();
    expect(session.placesOf(await failureOf(session.run(code)))).toEqual(expected);
  });

  test("every call maps back to where it was typed", async () => {
    const seen: { readonly id: number; readonly place: string | undefined }[] = [];
    const session = new Session();
    const mark = (id: number): number => {
      const error = new Error();
      seen.push({ id, place: session.placesOf(error)[0]?.split(" ")[1] });
      return id;
    };
    Object.assign(globalThis, { markPlace: mark });
    await fc.assert(
      fc.asyncProperty(LINES_WITH_INDENT, async (lines) => {
        let id = 0;
        const source = lines.map(([line, space]) => space + line.replace(/@/g, () => `markPlace(${id++})`)).join("\n");
        seen.length = 0;
        await session.run("let a = 0, b = 0, c = 0");
        await session.run(source);
        const typed = [...source.matchAll(/markPlace\((\d+)\)/g)].map(([, number], index) => {
          expect(Number(number)).toBe(index);
          return placeOf(source, source.indexOf(`markPlace(${number})`));
        });
        expect(seen.map(({ id: marked }) => marked).sort((a, b) => a - b)).toEqual(typed.map((_, index) => index));
        for (const { id: marked, place } of seen) expect(place, source).toBe(typed[marked]);
      }),
      { seed: 7, numRuns: 150 },
    );
    Reflect.deleteProperty(globalThis, "markPlace");
  });
});

const indent = fc.constantFrom("", "  ", "\t", "/* 😀 */ ");

// A class can be declared once.
const LINES = [
  "var a = @",
  "var b: number = @, c = @ as number",
  "var { d = @, e: [f] = [@] } = {} as any",
  "interface Some { b: number; c: string }",
  "type Other = { a: number }",
  "enum E { A = 1, B = A << 1 } @",
  "var g = (x: number, y?: string): number => x + @; g(@)",
  "function h<T>(t: T): T { return t } h<number>(@)",
  "a = @; b += @",
  "if (@ >= 0) { a = @ } else { a = 0 }",
  "for (const i of [@, @]) { c = i }",
  "class Klass { x: number = @; static y = @; constructor(public z: number = 0) {} } new Klass(@)",
  ";[a, b] = [@, @]",
  ";`a ${@} b ${a} ${@}`",
  "await Promise.resolve(@)",
  ";({ a, b: @, [String(@)]: c })",
  "var k = function () { return @ }; k()",
  "try { a = @ } finally { b = @ }",
  "a satisfies number; (a as unknown as number) + @",
  "{ using r = { [Symbol.dispose]() { @ } } }",
  "namespace Ns { export const q = @; export const w = q }",
  "// nothing",
];

const LINES_WITH_INDENT = fc.uniqueArray(fc.tuple(fc.constantFrom(...LINES), indent), {
  minLength: 1,
  maxLength: 14,
  selector: ([line]) => line,
});

function placeOf(source: string, offset: number): string {
  const lines = source.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}
