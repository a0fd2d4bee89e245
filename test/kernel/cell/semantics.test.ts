import { describe, expect, test } from "vitest";
import { Session } from "./session.ts";

const PACKAGE = new URL("../../../package.json", import.meta.url).href;

/** Each row: cells in order, and the value of the last one. */
const CELLS: readonly (readonly [what: string, cells: readonly string[], value: unknown])[] = [
  [
    "top-level this and arguments",
    ["[typeof this, arguments.length, (() => typeof this)()]"],
    ["undefined", 0, "undefined"],
  ],
  ["export = is the cell's value", ["export = 5"], 5],
  [
    "non-null callee this",
    [
      "function t1(this:any){return this===undefined}",
      "[(t1 as any)(), t1!(), (t1)(), (<any>t1)(), (t1 satisfies any)()]",
    ],
    [true, true, true, true, true],
  ],
  ["for (var i;;)", ["for (var i1; ;) { break } i1"], undefined],
  ["var hoist read", ["const before = typeof v2; var v2 = 1; before"], "undefined"],
  ["var in false branch", ["if (false) { var y3 = 1 } y3"], undefined],
  ["assigned anonymous name", ["let f4: any; f4 = () => 1; f4.name"], "f4"],
  ["default anonymous name", ["const { a5 = () => 1 } = {} as any; a5.name"], "a5"],
  [
    "paren/as anonymous name",
    ["const f6 = (() => 1) as any; const g6 = (function(){}); [f6.name, g6.name]"],
    ["f6", "g6"],
  ],
  ["qualified namespace", ["namespace A7.B { export const c = 3 }", "A7.B.c"], 3],
  ["type-only namespace", ["namespace T8 { export type X = number }\nconst x8: T8.X = 2; x8"], 2],
  ["import alias", ["namespace N9 { export const a = 4 }\nimport q9 = N9.a; q9", "q9"], 4],
  [
    "merged namespace",
    ["namespace N10 { export const a = 1 }\nnamespace N10 { export const b = 2 }", "[N10.a, N10.b]"],
    [1, 2],
  ],
  [
    "function+namespace",
    ["function F11() { return 1 }\nnamespace F11 { export const b = 2 }", "[F11(), F11.b]"],
    [1, 2],
  ],
  ["merged enum", ["enum E12 { A }\nenum E12 { B = 1 }", "[E12.A, E12.B]"], [0, 1]],
  ["const enum", ["const enum E13 { A = 5 }", "E13.A"], 5],
  ["class+interface merge", ["interface C14 { a: number }\nclass C14 {}", "typeof C14"], "function"],
  [
    "param decorator",
    [
      "const p15: any[] = []; function dec(t: any, k: any, i: number) { p15.push(i) }\nclass C15 { m(a: number, @dec b: number) {} constructor(@dec z: number) {} }",
      "p15",
    ],
    [1, 0],
  ],
  ["accessor", ["class C16 { accessor x = 3 }", "new C16().x"], 3],
  ["decorated export", ["function d17(c: any) { c.ok = 1 }\n@d17 export class C17 {}", "(C17 as any).ok"], 1],
  ["export decorated", ["function d18(c: any) { c.ok = 1 }\nexport @d18 class C18 {}", "(C18 as any).ok"], 1],
  [
    "using referenced by function",
    ["using r19 = { v: 7, [Symbol.dispose]() {} }; function g19() { return r19.v }\ng19()"],
    7,
  ],
  [
    "await using",
    [
      "const l20: string[] = []; { await using a = { async [Symbol.asyncDispose]() { l20.push('a') } }; l20.push('b') } l20",
    ],
    ["b", "a"],
  ],
  ["import type =", ['import type T21 = require("node:fs")\n1'], 1],
  ["Object class + var", ["class Object {}\nvar v26; 1"], 1],
  ["new", ["class K28 { constructor(public a: number) {} }", "new K28(3).a + new (K28)(1).a"], 4],
  ["update expr", ["let n29 = 1n; n29++; ++n29; -n29"], -3n],
  ["delete member", ["const o30: any = {a:1}; delete o30.a; o30"], {}],
  ["class name in static", ["class S31 { static make() { return new S31() } }", "S31.make() instanceof S31"], true],
  ["class expression named", ["const C32 = class Inner { static n() { return Inner.name } }; C32.n()"], "Inner"],
  [
    "getter in object",
    [
      "let g33 = 5; const o33 = { get g33() { return g33 }, [g33]: g33, m() { return g33 } }; [o33.g33, o33[5], o33.m()]",
    ],
    [5, 5, 5],
  ],
  [
    "nested destructuring assign w/ default session",
    ["let d34 = 3, e34: any; ({ a: { b: e34 = d34 } = { b: undefined } } = {} as any); e34"],
    3,
  ],
  [
    "for const in closures",
    [
      "const k35 = [1,2]; const out35: any[] = []; for (const k35v of k35) { out35.push(() => k35v + k35.length) } out35.map(f=>f())",
    ],
    [3, 4],
  ],
  ["for in assign", ["let key36; for (key36 in {a:1}) {} key36"], "a"],
  ["for of destructure", ["let a37, b37; for ([a37, b37] of [[1,2]]) {} [a37,b37]"], [1, 2]],
  ["for of member of object", ["const o38: any = {}; for (o38.x of [1,2]) {} o38.x"], 2],
  ["switch lexical", ["let s39 = 1; switch (s39) { case 1: let s39b = 5; s39 = s39b; } s39"], 5],
  ["comma decl", ["let a40 = 1, b40 = a40 + 1; [a40,b40]"], [1, 2]],
  ["arrow param default", ["let d41 = 4; const f41 = (a = d41, { b = d41 } = {}) => a + b; f41()"], 8],
  [
    "async iter",
    ["async function* g42() { yield 1 } ; const r42 = []; for await (const x of g42()) r42.push(x); r42"],
    [1],
  ],
  ["template nested", ["let t43 = 1; `${`${t43}`}`"], "1"],
  ["if no braces", ["let i44 = 0; if (i44) i44 = 1; else i44 = 2\ni44"], 2],
  ["decl after return-like", ["let a45 = 1\nlet b45 = 2\n;[a45, b45] = [b45, a45]\na45"], 2],
  [
    "label continue",
    [
      "let c47 = 0\nouter: for (const i of [1,2]) { for (const j of [1,2]) { if (j === 2) continue outer; c47++ } }\nc47",
    ],
    2,
  ],
  [
    "closure catches var fn",
    ["var fs48 = []; for (var i48 = 0; i48 < 2; i48++) fs48.push(() => i48)\nfs48.map(f => f())"],
    [2, 2],
  ],
  [
    "optional chain call method",
    ["const o49 = { f() { return this === o49 } }; [o49.f(), o49?.f(), o49.f?.(), (o49.f)()]"],
    [true, true, true, true],
  ],
  [
    "delegated generator",
    ["function* g50(): any { const x = yield 1; return x } const it50 = g50(); it50.next(); it50.next(5).value"],
    5,
  ],
  ["satisfies const", ["const a51 = { x: 1 } as const satisfies { x: number }; a51.x"], 1],
  ["definite", ["let d52!: number; d52 = 5; d52"], 5],
  ["generic arrow & call", ["const id53 = <T,>(x: T): T => x; id53<number>(5)"], 5],
  [
    "default cjs",
    ['import ms, { createRequire } from "node:module"', "[typeof ms, typeof createRequire]"],
    ["function", "function"],
  ],
  ["esm reexport", ['export * from "node:os"; export { join as j } from "node:path"; 5'], 5],
  ["export list", ["const a57 = 1; export { a57 as b57, a57 }", "a57"], 1],
  ["logical assign name", ["let f58: any; f58 ??= () => 1; f58.name"], "f58"],
  [
    "shadow in named function expr",
    ["let n59 = 1; const f59 = function n59(): any { return typeof n59 }; f59()"],
    "function",
  ],
  ["block function", ["{ function b60() { return 1 } var r60 = b60() } r60"], 1],
  ["arguments", ["function a61() { return arguments.length } a61(1,2)"], 2],
  ["object spread", ["const a62 = {x:1}; const { ...b62 } = { ...a62, y: 2 }; b62"], { x: 1, y: 2 }],
  ["unicode escapes", ["const \\u0061bc63 = 1; abc63"], 1],
  ["try finally", ["let t64 = 0; try { t64 = 1 } finally { t64 += 1 }\nt64"], 2],
  [
    "enum template & computed",
    ["enum E65 { A = 'x', B = `${A}y`, C = 'abc'.length }", "[E65.A, E65.B, E65.C]"],
    ["x", "xy", 3],
  ],
  ["enum ref other enum", ["enum E66 { A = 1 } enum F66 { B = E66.A + 1 }", "F66.B"], 2],
  ["ns uses session", ["let s67 = 5; namespace N67 { export const f = () => s67 }", "s67 = 6; N67.f()"], 6],
  [
    "ns inner class enum",
    [
      "namespace N68 { export class A { x = 1 } export enum E { Z = 4 } export namespace M { export const k = 2 } }",
      "[new N68.A().x, N68.E.Z, N68.M.k]",
    ],
    [1, 4, 2],
  ],
  ["class private static", ["class P69 { static #n = 1; static inc() { return ++P69.#n } } P69.inc()"], 2],
  ["obj cell with comment", ["// c\n{ a: 1 }"], { a: 1 }],
  ["obj cell with trailing comment", ["{ a: 1 } // c"], { a: 1 }],
  ["expr then type", ["1 + 1\ninterface I72 {}"], 2],
  [
    "optional catch, nested fn decl shadows",
    ["const w74 = 1; function o74() { return w74b(); function w74b() { return w74 } } o74()"],
    1,
  ],
  ["typeof undeclared", ["typeof nope75"], "undefined"],
  ["in operator / instanceof", ["const o76 = {a:1}; ['a' in o76, o76 instanceof Object]"], [true, true]],
  ["sequence last", ["let q77 = 0; q77++, q77 + 1"], 2],
  ["yield star in class", ["class G78 { *[Symbol.iterator]() { yield 1 } } ; [...new G78()]"], [1]],
  ["super", ["class A79 { m() { return 1 } } class B79 extends A79 { m() { return super.m() + 1 } } new B79().m()"], 2],
  ["async arrow in map", ["const xs80 = [1,2]; await Promise.all(xs80.map(async x => x * 2))"], [2, 4]],
  ["decl type annotation multi-line", ["let m81: {\n a: number\n} = { a: 1 }\nm81.a"], 1],
  ["export default last", ["export default 5"], 5],
  ["export default fn", ["export default function df83() { return 3 }", "df83()"], 3],
  [
    "decorators w/ session arg",
    [
      "let arg86 = 3; function mk(n: number) { return (c: any) => { c.n = n } }\n@mk(arg86) class C86 {}",
      "(C86 as any).n",
    ],
    3,
  ],
  [
    "class decorated self reference",
    ["function id87(c: any) { return c }\n@id87 class C87 { static self = () => C87 }", "C87.self() === C87"],
    true,
  ],
  [
    "replace decorator",
    [
      "function rep88(c: any) { return class extends c { extra = 1 } }\n@rep88 class C88 { static me() { return C88 } }",
      "[new (C88 as any)().extra, (C88 as any).me() === C88]",
    ],
    [1, true],
  ],
  ["var redeclared keeps value", ["var v89 = 1", "var v89; v89"], 1],
  ["let without init resets", ["let v90 = 1", "let v90; v90"], undefined],
  ["two functions same name", ["function d91() { return 1 }\nfunction d91() { return 2 }\nd91()"], 2],
];

describe("semantics", () => {
  test.each(CELLS)("%s", async (_, cells, value) => {
    const session = new Session();
    let last: unknown;
    for (const cell of cells) last = await session.run(cell);
    expect(last).toEqual(value);
  });

  test("JSON with an import attribute", async () => {
    const session = new Session();
    await session.run(`import pkg from ${JSON.stringify(PACKAGE)} with { type: "json" }`);
    expect(await session.run("pkg.name")).toBe("outgrow");
  });

  test("a negation between statements is no shell command", async () => {
    expect(await new Session().run("let r = false, z = 0\n!r && z++\nz")).toBe(1);
  });

  test("a name that was removed may be declared again and is unknown before", async () => {
    const session = new Session();
    await session.run("const gone = 1; function read() { return gone }");
    session.scope.forget("gone");
    session.slots.delete("gone");
    await expect(session.run("gone")).rejects.toThrow("gone is not defined");
    await expect(session.run("read()")).rejects.toThrow("Cannot access 'gone' before initialization");
    expect(await session.run("const gone = 2; gone")).toBe(2);
  });

  test("a name whose cell failed before its line says so, until a cell gives it a value", async () => {
    const session = new Session();
    await expect(session.run("const never = JSON.parse('{')")).rejects.toThrow(SyntaxError);
    await expect(session.run("never")).rejects.toThrow("'never' has no value: the cell that declares it ended before");
    expect("never" in globalThis).toBe(false);
    await expect(session.run("never; const never = 1")).rejects.toThrow("Cannot access 'never' before initialization");
    expect(await session.run("const never = 2; [never, eval('never')]")).toEqual([2, 2]);
  });

  test("a global stays where the cell that would hide it failed before its line", async () => {
    const session = new Session();
    await expect(session.run("const fetch = fetch.bind(null); let later = () => fetch")).rejects.toThrow(
      "Cannot access 'fetch' before initialization",
    );
    expect(await session.run("fetch")).toBe(fetch);
    expect(await session.run("const fetch = 2; fetch")).toBe(2);
  });

  test("a re-declared class makes no instances of the old one", async () => {
    const session = new Session();
    await session.run("class A {}\nconst a = new A()");
    expect(await session.run("class A {}\na instanceof A")).toBe(false);
  });

  test("a block before its first value", async () => {
    const session = new Session();
    await expect(session.run("{ inner; let inner = 1 }")).rejects.toThrow(
      "Cannot access 'inner' before initialization",
    );
    await expect(session.run("Late; class Late {}")).rejects.toThrow("Cannot access 'Late' before initialization");
    await expect(session.run("E; enum E { A }")).rejects.toThrow("Cannot access 'E' before initialization");
  });
});

test.each([
  ["(x: number) => x", ""],
  ["(class {})", ""],
  ["(function () {})", ""],
  ["export default () => 1", "default"],
  ["export default class {}", "default"],
  ["export default function () {}", "default"],
  ["(function own() {})", "own"],
])("a function as the value of a cell has the name that it was given: %s", async (code, name) => {
  expect(((await new Session().run(code)) as { name: string }).name).toBe(name);
});
