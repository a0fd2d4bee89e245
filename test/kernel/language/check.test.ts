import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { isSurelyTyped } from "../../../kernel/cell/surely-typed.ts";
import { parse } from "../../../kernel/cell/tree.ts";
import { createLanguageService } from "../../../kernel/language/service.ts";
import { fileColumns } from "../../../kernel/magics/file-columns.ts";
import { chunked } from "../../../src/chunked/chunked.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { notebooks, openOwnNotebook, places, typeServersOf } from "./harness.ts";

const openNotebook = notebooks();

const NOTEBOOK_STYLE = `
const list = []; list.push({ id: 1 }); list.push({ id: 2 }); const ids = list.map((each) => each.id);
const counts = {}; for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
let best; [3, 1].forEach((v) => { if (best === undefined || v > best) best = v }); best.toFixed();
const body = await (await fetch("http://h")).json(); body.items.length;
try { JSON.parse("{") } catch (error) { error.message }
class Point { x: number; y; constructor() { this.y = 1 } }
function Old() { this.a = 1 }
const groups = Object.groupBy([1, 2], (n) => (n > 1 ? "big" : "small")); groups.big?.length;
const sorted = [2, 1].toSorted(); new Set([1]).union(new Set([2])); sorted.at(-1);
const text = (await import("node:fs/promises")).readFile; text;
const worker = await WebAssembly.compile(new Uint8Array()); worker; import.meta.url; __filename;
for (const [key, value] of Object.entries(counts)) console.log(key, value);
const { a, ...others } = { a: 1, b: 2 }; others.b; label: for (;;) break label;
if (0) 1; ({ a: 1 }); [1, 2]; (function () { return 1 })(); void 0;
const inner = <T,>(v: T) => v; inner(1).toFixed(); globalThis.anything = 1;
_ ?? __ ?? ___ ?? _12;
`;

/** Names whose types or values a program is seldom kind to. */
const AWKWARD = `let u: unknown = 1; let maybe: string | undefined; let later: string; const none = null; const sign = Symbol();
class C { private constructor() {} } function f(): never { throw 1 } let nothing: never = undefined as never; let v; const enum E { A } enum F { A }
function over(a: number): void; function over(a: unknown) {} abstract class D {} let big = 1n; let any: any;`;

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(...["1", "0.5", "'a'", "true", "null", "2n", "undefined", "/a/", "absent", "E", "F"]),
    fc.constantFrom(...["u", "maybe", "later", "none", "sign", "C", "f", "nothing", "v", "over", "D", "big", "any"]),
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom("+", "-", "*", "/", "%", "**", "<", ">=", "===", "&&", "??", "|"),
        tie("expression"),
      )
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.tuple(fc.constantFrom("-", "+", "~", "!", "typeof "), tie("expression")).map(([sign, a]) => `${sign}(${a})`),
    tie("expression").map((a) => `\`is \${${a}}\``),
    fc.array(tie("expression"), { maxLength: 3 }).map((all) => `[${all.join()}]`),
    fc
      .tuple(fc.constantFrom("log", "error", "table", "lgo"), fc.array(tie("expression"), { maxLength: 3 }))
      .map(([method, all]) => `console.${method}(${all.join()})`),
  ),
}));

describe("checkCell", () => {
  it("takes a magic's code for a statement of its own", async () => {
    const { run } = openNotebook();
    for (const code of ["let one = 1\n%time (one)\n(one)", "%time 1\r\n`text`.length", "%time 1 // one\n[2].length"])
      expect(places(await run(code)), code).toEqual([]);
    expect(places(await run("%time nobody\n(noone)"))).toEqual(["TS2304 1:7", "TS2552 2:2"]);
  });

  it("cuts a very long line around what was found", async () => {
    const { run } = openNotebook();
    const [found] = await run(`const long = "${"y".repeat(200_000)}"; nobody.x; "${"z".repeat(1000)}"`);
    const [, line = "", carets = ""] = found?.text.split("\n") ?? [];
    expect(line.length).toBeLessThan(120);
    expect(line.slice(carets.indexOf("^"), carets.length)).toBe("nobody");
  });

  it("points at the place as typed, behind astral characters too", async () => {
    const { run } = openNotebook();
    const [found, ...others] = await run("const ok = '😀';\n  const 𝒳 = '😀😀'; const b: number = ok;");
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: "error", code: "TS2322", line: 2, column: 28 });
    expect(found?.message).toBe("Type 'string' is not assignable to type 'number'.");
    expect(found?.text.split("\n")).toEqual([
      "TS2322 line 2:28 Type 'string' is not assignable to type 'number'.",
      "    const 𝒳 = '😀😀'; const b: number = ok;",
      // 𝒳 is one column wide, each 😀 two.
      `${" ".repeat(28)}^`,
    ]);
  });

  it("keeps the types of earlier cells and reports nothing of them", async () => {
    const { run } = openNotebook();
    expect(places(await run("const wrong: number = 'x'; const n = 1;"))).toEqual(["TS2322 1:7"]);
    expect(places(await run("n.toFixed(); n.length;"))).toEqual(["TS2339 1:16"]);
  });

  it("sees nothing of a cell that was only checked", async () => {
    const { service } = openNotebook();
    await service.checkCell({ id: "a", code: "const only = 1;" });
    expect(places(await service.checkCell({ id: "b", code: "only;" }))).toEqual(["TS2304 1:1"]);
  });

  it("finds nothing in what is surely typed, and something in what is hardly more", async () => {
    const { run } = openNotebook();
    await run(AWKWARD);
    const kindOf = (name: string) =>
      /^(?:E|F)$/.test(name) ? "enum" : AWKWARD.includes(` ${name}`) ? "let" : undefined;
    const texts = fc.sample(expression, { seed: 5, numRuns: 3000 });
    const isSure = (code: string): boolean => isSurelyTyped(code, parse(code).body, kindOf);
    const sure = texts.filter((code) => isSure(code) && parse(code).failure === undefined);
    expect(sure.length).toBeGreaterThan(300);
    expect(places(await run(`${sure.join(";\n")};`))).toEqual([]);
    const others = texts.filter((code) => !isSure(code) && parse(code).failure === undefined);
    expect((await run(`${others.slice(0, 300).join(";\n")};`)).length).toBeGreaterThan(30);
  });

  it.each([
    [
      "top-level await, using, for await",
      "const r = await fetch('http://h'); r.ok; for await (const x of [1]) { x } { using z = { [Symbol.dispose]() {} }; }",
    ],
    ["unused names and expressions", "function f(a: number) { const unused = 1; } 1, 2; 'text'; f;"],
    ["what people write in notebooks", NOTEBOOK_STYLE],
    ["implicit any", "function g(a, b) { return a[b] } g(1, 2);"],
    ["code after a throw", "throw new TypeError('stop'); const after = 1; after.toFixed();"],
    ["exports", "export const e = 1; export default e; export {};"],
    ["a legacy decorator", "function d(target: unknown, key: string) {} class D { @d m = 1 }"],
    [
      "the display protocol",
      "class V { [Symbol.for('Jupyter.display')]() { return { 'text/plain': 'v' } } } display(new V()).update(1);",
    ],
    [
      "widgets and comms",
      "const w = widget({ esm: '', state: { n: 1 } }); w.state.n += 1; w.on('n', (value) => value.toFixed(1)); comms.offer('t', (comm) => comm.send({}));",
    ],
    ["questions", "prompt('who?')?.length; if (confirm('sure?')) prompt('what?', 'this');"],
    [
      "names without import",
      "_; require('node:fs'); clearOutput(true); (await input('name?')).length; profile; chunked; sparkConfig; spark.range(0, 3).select(F.col('id')); Window.partitionBy('id');",
    ],
    [
      "node and web globals",
      "process.pid; Buffer.from('a'); new URL('http://h'); structuredClone(1); setTimeout(() => 1, 5).unref(); performance.now();",
    ],
    [
      "imports of own packages",
      "import * as dfd from 'danfojs-node'; import * as og from 'outgrow'; import * as tslab from 'tslab'; new dfd.DataFrame([[1]]).head(); og; tslab.display.html('');",
    ],
    [
      "type imports",
      "import type { Stats } from 'node:fs'; import { type Dirent } from 'node:fs'; let s: Stats | Dirent | undefined; s;",
    ],
    [
      "shadowed globals",
      "const process = 1, Map = 'x', name = { fetch: 2 }; process.toFixed(); Map.length; name.fetch;",
    ],
    [
      "enum, namespace, overloads",
      "enum E { A } namespace N { export const z = E.A } function o(a: string): string; function o(a: number): number; function o(a: any) { return a } o(N.z);",
    ],
  ])("gives no false alarm about %s", async (_, code) => {
    const { run } = openNotebook();
    expect(await run(code)).toEqual([]);
  });

  it.each([
    ["a method", "function d(value: Function, context: ClassMethodDecoratorContext) {} class A { @d m() {} }"],
    ["a method, without types", "function d(value, context) { return function () {} } class A { @d m() {} }"],
    ["a class", "function d(value, { kind }) {} @d class A {}"],
    ["a field", "function d(value, context) { return (first) => first } class A { @d m = 1 }"],
  ])("says which kind of decorators there is for one of the standard's: of %s", async (_, code) => {
    const { run } = openNotebook();
    const [first] = await run(code);
    expect(first?.text).toContain("Decorators here are TypeScript's older kind (experimentalDecorators)");
  });

  it("gives no false alarm about what an earlier cell's callback assigned", async () => {
    const { run } = openNotebook();
    await run("let at: Date | undefined; let mode: 'a' | 'b' = 'a'; let late: number;");
    await run("setTimeout(() => { at = new Date(); mode = 'b'; late = 1; }, 0);");
    expect(await run("at.getTime(); if (mode === 'b') late.toFixed();")).toEqual([]);
  });

  it("leaves a cell that does not parse to the run, and later cells unharmed", async () => {
    const { run } = openNotebook();
    expect(await run("function (")).toEqual([]);
    expect(places(await run("const n: number = ''"))).toEqual(["TS2322 1:7"]);
  });

  it("checks a script with a first line for the shell, which stands for the cells after it", async () => {
    const { run } = openNotebook();
    await run("0");
    expect(places(await run("#!/usr/bin/env node\nconst n: number = '';"))).toEqual(["TS2322 2:7"]);
    expect(places(await run("n.nope"))).toEqual(["TS2339 1:3"]);
  });

  it("warns of a module only when importing it would fail", async () => {
    const { run, folder } = openOwnNotebook();
    mkdirSync(path.join(folder, "node_modules/untyped"), { recursive: true });
    writeFileSync(path.join(folder, "node_modules/untyped/index.js"), "module.exports = {}");
    writeFileSync(path.join(folder, "near.ts"), "export const near: number = 1;");
    writeFileSync(path.join(folder, "data.json"), '{"rows": 3}');
    expect(await run("import untyped from 'untyped'; import arrow from 'apache-arrow'; untyped.x; arrow.y;")).toEqual(
      [],
    );
    expect(places(await run("import { near } from './near.ts'; near.length"))).toEqual(["TS2339 1:40"]);
    expect(await run("import data from './data.json' with { type: 'json' }; data.rows.toFixed()")).toEqual([]);
    const [missing] = await run("import * as lodahs from 'lodahs'; lodahs.sum;");
    expect(missing).toMatchObject({ severity: "warning", code: "TS2307", line: 1, column: 25 });
  });

  it("sees a local module that was edited and a package that was installed", async () => {
    const { run, folder } = openOwnNotebook();
    writeFileSync(path.join(folder, "near.ts"), "export const near = 1;");
    expect(await run("import { near } from './near.ts'; near.toFixed()", "a")).toEqual([]);
    expect(places(await run("import { v } from 'later'", "b"))).toEqual(["TS2307 1:19"]);
    writeFileSync(path.join(folder, "near.ts"), "export const near = 'text now';");
    mkdirSync(path.join(folder, "node_modules/later"), { recursive: true });
    writeFileSync(path.join(folder, "node_modules/later/package.json"), '{"name":"later","types":"index.d.ts"}');
    writeFileSync(path.join(folder, "node_modules/later/index.d.ts"), "export const v: number;");
    expect(places(await run("import { near } from './near.ts'; near.toFixed()", "a"))).toEqual(["TS2551 1:40"]);
    expect(places(await run("import { v } from 'later'; v.length", "b"))).toEqual(["TS2339 1:30"]);
  });
});

describe("magics", () => {
  it("checks the body of a function magic in place", async () => {
    const { run } = openNotebook();
    await run("let total = 0;");
    const code =
      "%%chunked data.csv -s 50000 --as part -o out\nconst n: string = part.shape[0];\ntotal += 1;\nreturn n.nope";
    expect(places(await run(code))).toEqual(["TS2322 2:7", "TS2339 4:10"]);
    expect(places(await run("out.anything; total.toFixed(); part;"))).toEqual(["TS2304 1:32"]);
    expect(places(await run("// a comment\n%%time\n%%chunked f.csv\nchunk.head(); n"))).toEqual(["TS2304 4:15"]);
  });

  it("knows the columns of all files of a folder or pattern, or of none", async () => {
    const { folder } = openOwnNotebook();
    for (const [month, header] of [
      ["01", "id,fee"],
      ["02", "id,Fee,tip"],
    ]) {
      mkdirSync(path.join(folder, `trips/month=${month}`), { recursive: true });
      writeFileSync(path.join(folder, `trips/month=${month}/x.csv`), `${header}\n1,2\n`);
    }
    const names = ["id", "fee", "tip", "month"];
    for (const source of ["trips/", "trips/*/", "trips/*/*.csv"])
      expect(await fileColumns(source, folder)).toEqual(names);
    expect(await fileColumns("trips/none-*/", folder)).toEqual([]);
    writeFileSync(path.join(folder, "trips/month=02/y.csv.gz"), "of this nothing is read");
    expect(await fileColumns("trips/", folder)).toEqual([]);
  });

  it("knows the columns of the chunks' file, where it can be read", async () => {
    const { folder } = openOwnNotebook();
    writeFileSync(path.join(folder, "data.csv"), "id;amount;my col;shape\n1;2;3;4\n");
    const loadMagics = async () => (await import("../../../kernel/magics/registry.ts")).magicTable;
    const columnsOf = (file: string) => fileColumns(file, folder);
    const service = createLanguageService({ notebookDir: folder, loadMagics, columnsOf });
    onTestFinished(() => service.close());
    let cells = 0;
    const check = async (code: string) => places(await service.checkCell({ id: `${cells++}`, code }));
    const right = [
      "chunk.amount.sum(); chunk['my col'].mean(); chunk.column('id').values; chunk.shape[0]; chunk.head(3)",
      "const f = (df: import('danfojs-node').DataFrame) => df.shape; f(chunk)",
      "chunk.groupby(['id', 'shape']).col(['amount']).sum()",
      "chunk.query(chunk.amount.gt(2)).loc({ columns: ['id'] })",
      // Columns that the file has not.
      "chunk.addColumn('twice', chunk.amount.mul(2), { inplace: true }); chunk.twice.sum()",
    ];
    for (const body of right) expect(await check(`%%chunked data.csv -s 10\n${body}`)).toEqual([]);
    expect(await check("%%chunked data.csv\nchunk['amout'].sum()")).toEqual(["TS2571 2:1"]);
    expect(await check("%%chunked data.csv\nchunk.groupby(['ids'])")).toEqual(["TS2322 2:16"]);
    expect(await check("%%chunked 'data.csv' --as part\npart.column('amout')")).toEqual(["TS2345 2:13"]);
    expect(await check("%%chunked data.csv --usecols id,amount\nchunk['my col'].sum()")).toEqual(["TS2571 2:1"]);
    const frame = frameFromColumns([{ name: "amount", type: "int32", values: Int32Array.of(1) }]);
    await chunked(frame, { to: path.join(folder, "data.parquet") });
    await chunked(frame, { to: path.join(folder, "data.arrow") });
    const lines = Array.from(
      { length: 90_000 },
      (_, i) => `{"id":${i},"amount":${i / 4}${i > 60_000 ? ',"late":1' : ""}}`,
    );
    writeFileSync(path.join(folder, "data.jsonl"), `${lines.join("\n")}\n`);
    writeFileSync(path.join(folder, "data.json"), '[\n {"amount": 1, "late": [{"amout": 1}]},\n {"id": 2}\n]\n');
    for (const file of ["data.jsonl", "data.json"])
      expect(await check(`%%chunked ${file}\nchunk.late.count() + chunk['id'].sum()`)).toEqual([]);
    for (const file of ["data.parquet", "data.arrow", "data.jsonl", "data.json"]) {
      expect(await check(`%%chunked ${file}\nchunk.amount.sum()`)).toEqual([]);
      expect(await check(`%%chunked ${file}\nchunk['amout'].sum()`)).toEqual(["TS2571 2:1"]);
    }
    // Nothing is known of these.
    for (const line of [
      "missing.csv",
      "missing.parquet",
      "data.csv --no-header",
      "data.csv --sep ,",
      "data.csv --skip-rows 1",
    ])
      expect(await check(`%%chunked ${line}\nchunk['amout'].sum()`)).toEqual([]);
    const code = "%%chunked data.csv\nchunk.amo";
    const { matches } = await service.complete(code, code.length);
    expect(matches.map(({ text }) => text)).toContain("amount");
  });

  it("agrees with the magics of the registry", async () => {
    const { folder } = openOwnNotebook();
    const loadMagics = async () => (await import("../../../kernel/magics/registry.ts")).magicTable;
    const service = createLanguageService({ notebookDir: folder, loadMagics });
    onTestFinished(() => service.close());
    const code = "%%chunked 'data.csv' --as part\nconst n: string = part.shape[0];";
    expect(places(await service.checkCell({ id: "a", code }))).toEqual(["TS2322 2:7"]);
  });

  it("remembers what was found in a cell that declares nothing", async () => {
    const { run } = openOwnNotebook();
    await run("const n = 1; let free: number | string = 2;");
    const again = async () => [places(await run("n.nope; 1 + 1", "look")), places(await run("free.toFixed()", "use"))];
    const found = [["TS2339 1:3"], []];
    expect(await again()).toEqual(found);
    for (const pid of typeServersOf(process.pid)) process.kill(pid, "SIGKILL");
    await expect.poll(() => typeServersOf(process.pid)).toEqual([]);
    // What is not known would start it again.
    expect(await again()).toEqual(found);
    expect(await again()).toEqual(found);
    expect(typeServersOf(process.pid)).toEqual([]);
    await run("'a cell that has nothing to do with them'");
    expect(await again()).toEqual(found);
  });

  it("looks again when something has come that may mean something to the cell", async () => {
    const { run, folder } = openOwnNotebook();
    const look = async (code: string) => places(await run(code, code));
    await run("let free: number | string = 2; const n = 1;");
    expect(await look("free.toFixed()")).toEqual([]);
    await run("free = 'text'");
    expect(await look("free.toFixed()")).toEqual(["TS2551 1:6"]);
    await run("free = 3", "three");
    expect(await look("free.toFixed()")).toEqual([]);
    await run("free = 'text'", "text");
    await run("free = 3", "three");
    expect(await look("free.toFixed()")).toEqual([]);
    await run("free = 'text'", "text");
    expect(await look("free.toFixed()")).toEqual(["TS2551 1:6"]);
    // The cell that gave it the text is another one now, and says nothing of it.
    await run("console.log(free)");
    expect(await look("free.toFixed()")).toEqual(["TS2551 1:6"]);
    await run("0", "text");
    expect(await look("free.toFixed()")).toEqual([]);
    expect(await look("n.toUpperCase()")).toEqual(["TS2339 1:3"]);
    await run("const n = 'text'");
    expect(await look("n.toUpperCase()")).toEqual([]);
    expect(await look("[1].own()")).toEqual(["TS2339 1:5"]);
    await run("declare global { interface Array<T> { own(): T } }");
    expect(await look("[1].own()")).toEqual([]);
    expect(await look("later")).toEqual(["TS2304 1:1"]);
    await run("var later = 1");
    expect(await look("later")).toEqual([]);
    const imports = "(await import('./own.ts')).value.toFixed()";
    expect(await look(imports)).toHaveLength(1);
    writeFileSync(path.join(folder, "own.ts"), "export const value = 1;");
    expect(await look(imports)).toEqual([]);
    writeFileSync(path.join(folder, "own.ts"), "export const value = 'a text';");
    expect(await look(imports)).toHaveLength(1);
  });

  it("looks at every cell again after a file was edited, whichever cell notices", async () => {
    const { run, folder, service } = openOwnNotebook();
    const own = path.join(folder, "own.ts");
    const faults = async (method: string) => (await run(`(await import("./own.ts")).value.${method}()`, method)).length;
    const both = async () => [await faults("toFixed"), await faults("toUpperCase")];
    writeFileSync(own, "export const value = 1;");
    expect(await both()).toEqual([0, 1]);
    writeFileSync(own, "export const value = 'a text';");
    expect(await both()).toEqual([1, 0]);
    writeFileSync(own, "export const value = 1;");
    await service.complete("Math.", 5);
    expect(await both()).toEqual([0, 1]);
    for (const pid of typeServersOf(process.pid)) process.kill(pid, "SIGKILL");
    await expect.poll(() => typeServersOf(process.pid)).toEqual([]);
    await service.complete("Math.", 5);
    writeFileSync(own, "export const value = 'a text';");
    expect(await both()).toEqual([1, 0]);
  });

  it("lets a cell stand that is known, so that what comes after is narrowed by it", async () => {
    const { run } = openNotebook();
    await run("let free: number | string = 2;");
    await run("free = 'text'", "text");
    await run("free = 3", "three");
    await run("free = 'text'", "text");
    expect(places(await run("free.toFixed()"))).toEqual(["TS2551 1:6"]);
  });

  it("looks at no magic when it knows none", async () => {
    const { folder } = openOwnNotebook();
    const service = createLanguageService({ notebookDir: folder });
    onTestFinished(() => service.close());
    expect(await service.checkCell({ id: "a", code: "%%chunked f.csv -o out\nchunk + {} - 'x'" })).toEqual([]);
    const beside = "%profile f.csv -o out\nout; const n: number = 'x'";
    expect(places(await service.checkCell({ id: "b", code: beside }))).toEqual(["TS2322 2:12"]);
  });

  it("types what `-o` makes", async () => {
    const { run } = openNotebook();
    await run("%chunked 'data.csv' --by k --agg v:sum -o totals\n%profile 'data.csv' --output=shape");
    expect(places(await run("totals.head(); shape; const wrong: number = totals;"))).toEqual(["TS2322 1:29"]);
  });

  it("checks what stands beside magics and not their text", async () => {
    const { run } = openNotebook();
    expect(await run("%%sql -o t\nselect * from 'x' where")).toEqual([]);
    expect(places(await run("%profile data.csv --fast\n!ls $HOME\nt.rows; const w: number = 'x'"))).toEqual([
      "TS2322 3:15",
    ]);
    expect(places(await run("%time const n: string = 5"))).toEqual(["TS2322 1:13"]);
    expect(await run("n?")).toEqual([]);
    expect(await run('%profile "unclosed')).toEqual([]);
  });
});
