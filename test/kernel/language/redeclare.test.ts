import { describe, expect, it } from "vitest";
import { notebooks, places } from "./harness.ts";

const openNotebook = notebooks();

describe("a name declared again in a later cell", () => {
  it("takes the new type, while older code keeps the old one", async () => {
    const { run } = openNotebook();
    await run("let n = 1; function inc() { return n + 1 } const o = { n }; const { m = n } = { m: 2 };");
    expect(await run("let n = 'text'; n.toUpperCase();")).toEqual([]);
    expect(await run("inc().toFixed(); o.n.toFixed(); m.toFixed(); n.length;")).toEqual([]);
    expect(places(await run("n.toFixed();"))).toEqual(["TS2551 1:3"]);
  });

  it.each([
    ["let", "let x = 'new';"],
    ["const", "const x = 'new';"],
    ["var", "var x = 'new';"],
    ["var in a block", "{ var x = 'new' }"],
    ["a pattern", "const { x } = { x: 'new' };"],
    ["a nested pattern", "const [{ y: x }] = [{ y: 'new' }];"],
  ])("may become %s from any kind", async (_, again) => {
    const { run } = openNotebook();
    const kinds = [
      "let x = 1;",
      "const x = 1;",
      "var x = 1;",
      "function x() { return x }",
      "class x { self = new x() }",
      "enum x { A }",
      "namespace x { export const a = 1 }",
      "import { readFileSync as x } from 'node:fs';",
      "import x from 'node:fs';",
      "import * as x from 'node:fs';",
      "const { x, ...rest } = { x: 1, y: 2 };",
    ];
    // Each of them with a number of its own, so that one cell holds all: a check costs much more than a name.
    const cell = (codeOf: (first: string) => string): string =>
      kinds.map((first, i) => codeOf(first).replace(/\b(x|keep|rest)\b/g, `$1${i}`)).join("\n");
    expect(await run(cell((first) => `${first} const keep = { x };`))).toEqual([]);
    expect(await run(cell(() => `${again} x.toUpperCase(); keep.x;`))).toEqual([]);
    expect(await run(cell(() => "x.toUpperCase();"))).toEqual([]);
    expect(await run(cell(() => "x.nope;"))).toHaveLength(kinds.length);
  });

  it("may become a function, class, enum, namespace, import or type", async () => {
    const { run } = openNotebook();
    await run("const x = 1; interface T { a: number } type U = 1; const t: T = { a: 1 };");
    expect(await run("function x(a: string) { return a } x('').length;")).toEqual([]);
    expect(await run("class x { p = 1 } new x().p.toFixed();")).toEqual([]);
    expect(await run("enum x { A } x.A;")).toEqual([]);
    expect(await run("namespace x { export const q = '' } x.q.length;")).toEqual([]);
    expect(await run("import { readFileSync as x } from 'node:fs'; x('f');")).toEqual([]);
    expect(await run("interface T { b: string } type U = 's'; const u: U = 's'; const s: T = { b: u }; t.a;")).toEqual(
      [],
    );
    expect(places(await run("t.b;"))).toEqual(["TS2339 1:3"]);
  });

  it("lets a type and a value share a name across cells", async () => {
    const { run } = openNotebook();
    await run("const Row = { make: 1 };");
    await run("interface Row { a: number }");
    expect(await run("const r: Row = { a: Row.make };")).toEqual([]);
  });

  it("means the old one in `let n = n + 1`", async () => {
    const { run } = openNotebook();
    await run("let n = 1;");
    expect(await run("console.log(n.toFixed()); let n = 'was ' + n.toFixed(); n.length;")).toEqual([]);
    expect(places(await run("n.length; let n = n.nope;"))).toEqual(["TS2339 1:21"]);
  });

  it("still reports use before declaration when there is no older one", async () => {
    const { run } = openNotebook();
    expect(places(await run("let m = m + 1;"))).toEqual(["TS2448 1:9"]);
  });

  it("still reports a name declared twice in one cell, in the words of the user", async () => {
    const { run } = openNotebook();
    await run("let n = 1;");
    expect(places(await run("let n = 1; let n = 2;"))).toEqual(["TS2451 1:5", "TS2451 1:16"]);
    await run("class Row { a = 1 } const old = new Row();");
    const [found] = await run("class Row { b = '' } const now: Row = old;");
    expect(found?.message).toContain("'Row'");
    expect(found?.message).not.toContain("earlier");
  });

  it("does not mistake parameters, properties and labels for the name", async () => {
    const { run } = openNotebook();
    await run("let n = 1; function f(n: string) { return { n } } const p = { n: 'x' }; n: for (;;) break n;");
    await run("let n = true;");
    expect(await run("f('').n.length; p.n.length;")).toEqual([]);
  });
});

describe("a cell that runs again", () => {
  it("replaces its text", async () => {
    const { run } = openNotebook();
    await run("const rate = 1;", "a");
    await run("const twice = rate * 2;", "b");
    expect(await run("const rate = 'high';", "a")).toEqual([]);
    expect(await run("rate.length; twice.toFixed();")).toEqual([]);
    expect(await run("const rate = 'high';", "a")).toEqual([]);
    expect(await run("rate.length;")).toEqual([]);
  });

  it("keeps what its older text declared and its newer does not", async () => {
    const { run } = openNotebook();
    await run("const first = 1;", "a");
    await run("const second = 2;", "a");
    expect(await run("first.toFixed(); second.toFixed();")).toEqual([]);
  });

  it("keeps its type however often `let n = n + 1` runs", async () => {
    const { run } = openNotebook();
    await run("let n = 1;", "a");
    for (let times = 0; times < 5; times++) expect(await run("let n = n + 1; n.toFixed();", "b")).toEqual([]);
    expect(places(await run("n.length;"))).toEqual(["TS2339 1:3"]);
  });

  it("may use names that later cells declared", async () => {
    const { run } = openNotebook();
    await run("const a = 1;", "a");
    await run("const b = a + 1;", "b");
    expect(await run("const a = b + 1; a.toFixed();", "a")).toEqual([]);
    expect(await run("a.toFixed(); b.toFixed();", "c")).toEqual([]);
  });
});
