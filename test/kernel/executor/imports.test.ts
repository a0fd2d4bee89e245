import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor } from "./harness.ts";

let executor: Executor;
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-imports-"));
const THROWS = `type Long = {
  a: 1
}

export function fail(): never {
  throw new Error('in a module')
}

export const later = async (): Promise<void> => {
  await null
  interface Inner {}
  nothingLikeThis()
}
`;
let clock = Date.now() / 1000;

beforeAll(async () => {
  write(
    "local.ts",
    "export enum Colour { red = 1 }\nexport const answer: number = 42\nexport { twice } from './below.ts'",
  );
  write(
    "types.ts",
    "export interface Shape { a: 1 }\nexport type { Other } from './local.ts'\ntype Late = 1\nexport { Late }\nexport default interface Main {}",
  );
  write("commented.js", "/** @typedef {{ a: number }} Commented */\nexport const b = 1");
  write("hands-on.ts", "export * from './below.ts'");
  write("below.ts", "export const twice = (n: number): number => n * 2");
  write("plain.mjs", "export const plain = 1; export default 'default'");
  write("common.cjs", "module.exports = { common: 1, nested: require('./leaf.cjs') }");
  write("leaf.cjs", "module.exports = 'leaf 1'");
  // As lodash does with `_`.
  write("looks.cjs", "const old = globalThis.$pack; module.exports = typeof old");
  write("data.json", '{ "x": 1 }');
  write("has-json.ts", "import data from './data.json'\nexport const { x } = data");
  write(
    "uses-outgrow.ts",
    "import * as outgrow from 'outgrow'\nexport const kind = typeof outgrow.profile\nexport { outgrow }",
  );
  write("missing.ts", "import 'no-such-package'");
  write(
    "node_modules/esm-only/package.json",
    '{ "name": "esm-only", "version": "1.0.0", "exports": { "import": "./index.js" }, "type": "module" }',
  );
  write("node_modules/esm-only/index.js", "export const only = 'esm'; export default function greet() { return 'hi' }");
  write("node_modules/old-style/package.json", '{ "name": "old-style", "version": "1.0.0", "main": "index.js" }');
  write("node_modules/old-style/index.js", "const all = {}; all['na' + 'me'] = 'cjs'; module.exports = all");
  write("node_modules/@types/old-style/index.d.ts", "export interface Old { a: 1 }");
  write("node_modules/typed/package.json", '{ "name": "typed", "main": "index.mjs" }');
  write("node_modules/typed/index.mjs", "export const typed = 1");
  write("node_modules/typed/types/all.d.mts", "export declare const typed: number; export interface Shape { a: 1 }");
  write("node_modules/hands-on/package.json", '{ "name": "hands-on", "main": "index.mjs" }');
  write("node_modules/hands-on/index.mjs", "export const on = 1");
  write("node_modules/hands-on/index.d.mts", "export * from 'typed'");
  write("node_modules/whole/package.json", '{ "name": "whole", "main": "index.mjs" }');
  write("node_modules/whole/index.mjs", "export const whole = 1");
  write("node_modules/whole/index.d.mts", "import typed = require('typed');\nexport = typed;");
  write("node_modules/in-source/package.json", '{ "name": "in-source", "main": "index.mjs" }');
  write("node_modules/in-source/index.mjs", "export const source = 1");
  write("node_modules/in-source/index.ts", "export const source = 1; export interface Shape { a: 1 }");
  write("node_modules/@types/node/os.d.ts", "declare module 'os' {}");
  write("node_modules/needs-absent/package.json", '{ "name": "needs-absent", "main": "index.mjs" }');
  write("node_modules/needs-absent/index.mjs", "import 'absent-dependency'");
  executor = await new Executor({ folder }).ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("a name that the file does not export", () => {
  test.each([
    ["of TypeScript", "1\nimport { answer,\n  absentHere } from './local.ts'", "./local.ts", "absentHere", "3:3"],
    ["of an ES module", "import { absentHere } from './plain.mjs'", "./plain.mjs", "absentHere", "1:10"],
    ["of CommonJS", "import { absentHere } from './common.cjs'", "./common.cjs", "absentHere", "1:10"],
    ["found without its ending", "import { absentHere as x } from './local'", "./local", "absentHere", "1:10"],
    ["the default one", "import x from './local.ts'", "./local.ts", "default", "1:8"],
    ["under a magic", "%%time\nimport { absentHere } from './plain.mjs'", "./plain.mjs", "absentHere", "2:10"],
    ["of a package without types", "import greet, { absentHere } from 'esm-only'", "esm-only", "absentHere", "1:17"],
    ["of a package with types", "import { absentHere } from 'typed'", "typed", "absentHere", "1:10"],
    ["of types in a package of their own", "import { absentHere } from 'old-style'", "old-style", "absentHere", "1:10"],
    ["the default one of a package", "import x from 'typed'", "typed", "default", "1:8"],
    ["of Node's own", "import { absentHere } from 'node:fs'", "node:fs", "absentHere", "1:10"],
    [
      "of Node's own by the short name",
      "import { absentHere } from 'fs/promises'",
      "fs/promises",
      "absentHere",
      "1:10",
    ],
    ["that is no word", "import { '(' as open } from 'typed'", "typed", "(", "1:10"],
    ["of Outgrow", "import { chunkd } from 'outgrow'", "outgrow", "chunkd", "1:10"],
    [
      "of Outgrow, which has the word elsewhere",
      "import { functions as F } from 'outgrow'",
      "outgrow",
      "functions",
      "1:10",
    ],
  ])("is a fault with its place: %s", async (_, code, file, name, place) => {
    const { failure } = await executor.run(code);
    expect(failure?.ename).toBe("SyntaxError");
    expect(failure?.evalue).toBe(`The requested module '${file}' does not provide an export named '${name}'`);
    expect(failure?.traceback[1]).toMatch(new RegExp(`^ {2}cell-\\d+\\.ts:${place}$`));
  });

  test.each([
    ["a type", "import { Shape, Other, Late } from './types.ts'; const shape: Shape = { a: 1 }; shape.a", "1"],
    ["a default type", "import Main from './types.ts'; 3", "3"],
    ["a type in a comment of JavaScript", "import { Commented } from './commented.js'; 6", "6"],
    ["what may be handed on", "import { Unknown } from './hands-on.ts'; 4", "4"],
    ["of a package", "import { Shape as S2 } from 'typed'; 5", "5"],
    ["of types in a package of their own", "import { Old } from 'old-style'; 5", "5"],
    ["of a package that hands on another's", "import { Unknown as U2 } from 'hands-on'; 5", "5"],
    ["of Node's own", "import { Stats as S3 } from 'node:fs'; import { FileHandle } from 'fs/promises'; 5", "5"],
    ["of a submodule of Node's own", "import { AssertPredicate } from 'assert/strict'; 5", "5"],
    ["of Node's own, where others stand beside the notebook", "import { CpuInfo } from 'os'; 5", "5"],
    ["of a package that is another as a whole", "import { Unknown as U3 } from 'whole'; 5", "5"],
    ["of a package in TypeScript", "import { Shape as S4 } from 'in-source'; 5", "5"],
    ["of Outgrow", "import { Chunks, ScanNote } from 'outgrow'; 5", "5"],
  ])("is none when it may be a type: %s", async (_, code, expected) => {
    expect((await executor.run(code)).text).toBe(expected);
  });
});

test("a fault of a front end's expression is shown in the expression", async () => {
  const { userExpressions } = await executor.run("1", {
    userExpressions: { a: "import { absentHere } from './plain.mjs'" },
  });
  expect(JSON.stringify(userExpressions.a)).toContain("import { absentHere } from './plain.mjs'");
});

describe("a cell imports", () => {
  test.each([
    ["Node's own modules", "import { basename } from 'node:path'; basename('/a/b')", "'b'"],
    [
      "a TypeScript file beside the notebook",
      "import { answer, Colour, twice } from './local.ts'; [answer, Colour.red, twice(4)]",
      "[ 42, 1, 8 ]",
    ],
    ["one without its ending", "import { answer as again } from './local'; again", "42"],
    ["one by its JavaScript name", "import { answer as third } from './local.js'; third", "42"],
    ["an ES module", "import fallback, { plain } from './plain.mjs'; [fallback, plain]", "[ 'default', 1 ]"],
    ["CommonJS by name", "import { common } from './common.cjs'; common", "1"],
    [
      "JSON in both ways",
      "import both from './data.json' with { type: 'json' }; [both.x, require('./data.json').x, require('./data.json').x]",
      "[ 1, 1, 1 ]",
    ],
    ["JSON", "import data from './data.json' with { type: 'json' }; data.x", "1"],
    [
      "JSON as TypeScript takes it, without attributes, from a file beside the notebook too",
      "import bare from './data.json'; import { x } from './has-json.ts'; [bare.x, x, (await import('./data.json')).default.x]",
      "[ 1, 1, 1 ]",
    ],
    [
      "a package that has only ES modules",
      "import greet, { only } from 'esm-only'; [greet(), only]",
      "[ 'hi', 'esm' ]",
    ],
    ["names that Node cannot see in CommonJS", "import { name as found } from 'old-style'; found", "'cjs'"],
    ["dynamically", "(await import('./plain.mjs')).plain", "1"],
    [
      "by require",
      "[require('./common.cjs').nested, require('node:path').sep, require('old-style').name]",
      "[ 'leaf 1', '/', 'cjs' ]",
    ],
    ["Outgrow's own packages", "import { tableFromArrays } from 'apache-arrow'; typeof tableFromArrays", "'function'"],
    ["them by require", "typeof require('apache-arrow').tableFromArrays", "'function'"],
    [
      "types, which are nothing",
      "import type { Stats } from 'node:fs'; import { type Dirent } from 'node:fs'; 'fine'",
      "'fine'",
    ],
    [
      "all of Danfo by its name",
      "import * as dfd from 'danfojs-node'; [typeof dfd.merge, typeof dfd.readCSV, typeof dfd.LabelEncoder, new dfd.DataFrame([[1]]).shape]",
      "[ 'function', 'function', 'function', [ 1, 1 ] ]",
    ],
    [
      "Danfo's concat, which leaves the frames that it is given as they are, lazy ones too",
      "import { concat } from 'danfojs-node'; import { DataFrame, frameFromColumns } from 'outgrow'; const given = [new DataFrame({ a: [1, 2] }), frameFromColumns([{ name: 'a', type: 'int32', values: Int32Array.of(3, 4) }])]; [0, 1].map((axis) => concat({ dfList: given, axis }).shape).concat(given.map((frame) => [frame.column('a').values.length, frame.column('a').sum()]))",
      "[ [ 4, 1 ], [ 2, 2 ], [ 2, 3 ], [ 2, 7 ] ]",
    ],
    [
      "frames and series from outgrow, as Danfo's own",
      "import { DataFrame, Series } from 'outgrow'; const made = new DataFrame({ a: [1, 2] }); [made.shape, made instanceof DataFrame, new Series([1]) instanceof Series, new Series([1]) instanceof DataFrame, made instanceof require('danfojs-node').DataFrame, new Series([1, 2]).sum()]",
      "[ [ 2, 1 ], true, true, false, true, 3 ]",
    ],
    [
      "a class that stands on such a frame",
      "class Own extends DataFrame { get rows() { return this.shape[0] } }; [new Own([[1], [2]]).rows, new Own([[1]]) instanceof DataFrame]",
      "[ 2, true ]",
    ],
    [
      "a package that looks for a global of the name it is imported by",
      "import $pack from './looks.cjs'; [$pack, eval('$pack'), globalThis.$pack]",
      "[ 'undefined', 'undefined', 'undefined' ]",
    ],
    ["all of a module", "import * as everything from './plain.mjs'; Object.keys(everything)", "[ 'default', 'plain' ]"],
  ])("%s", async (_, code, expected) => {
    const { text, failure } = await executor.run(code);
    expect(failure).toBeUndefined();
    expect(text).toBe(expected);
  });

  test("the same outgrow everywhere", async () => {
    const { text, failure } = await executor.run(`
      import { outgrow as inner, kind } from "./uses-outgrow.ts";
      const direct = await import("outgrow");
      const scanner = await import("outgrow/scan");
      [kind, direct === inner, direct.profile === profile, require("outgrow").profile === profile, scanner.scanGroups === direct.scanGroups]
    `);
    expect(failure).toBeUndefined();
    expect(text).toBe("[ 'function', true, true, true, true ]");
  });

  test("knows where it is", async () => {
    const { text } = await executor.run(
      "[import.meta.dirname === process.cwd(), import.meta.url.endsWith('/notebook.ts')]",
    );
    expect(text).toBe("[ true, true ]");
  });

  test("nothing that is not there, and the message names the notebook", async () => {
    const { failure } = await executor.run("import nothing from 'no-such-package'");
    expect(failure?.evalue).toContain("'no-such-package'");
    expect(failure?.evalue).toContain(path.join(folder, "notebook.ts"));
    expect((await executor.run("require('no-such-package')")).failure?.evalue).toContain("'no-such-package'");
    expect((await executor.run("import './no-such-file.ts'")).failure?.evalue).toContain("no-such-file.ts");
  });

  test.each([
    ["import nothing from 'no-such-package'", "%npm install no-such-package"],
    ["import nothing from '@nobody/no-such/deep/file.js'", "%npm install @nobody/no-such"],
    ["await import('no-such-package/part')", "%npm install no-such-package"],
    ["require('no-such-package/part')", "%npm install no-such-package"],
    ["import './missing.ts'", "%npm install no-such-package"],
    ["import './no-such-file.ts'", undefined],
    ["require('./no-such-file.cjs')", undefined],
  ])("says how to install what %s lacks", async (code, hint) => {
    const lines = (await executor.run(code)).failure?.traceback.join("\n") ?? "";
    expect(/%npm install \S+/.exec(lines)?.[0]).toBe(hint);
  });

  test.each([
    ["\nimport './no-such-file.ts'", 2],
    ["\nimport nothing from 'no-such-package'", 2],
    ["\n\nconst load = () => import('./no-such-file.ts');\nawait load()", 3],
    ["\nimport './no-typescript.ts'", 2],
  ])("tells the line that imports: %j", async (code, line) => {
    write("no-typescript.ts", "export const a = ;\n");
    const traceback = (await executor.run(code)).failure?.traceback.join("\n") ?? "";
    expect(traceback).toMatch(new RegExp(`at (?:load \\()?cell-\\d+\\.ts:${line}:`));
    expect(traceback).not.toContain("Importer");
  });

  test("tells the line that imports in each cell that does, also where the module fails with the error of an earlier one", async () => {
    write("ill.ts", "export const ill = (undefined as any).ill\n");
    for (const code of ["import './ill.ts'", "\n\nimport './ill.ts'"]) {
      const { failure } = await executor.run(code);
      const frames = failure?.traceback.filter((line) => line.includes(" at "));
      expect(frames?.[0]).toContain("at ill.ts:1:39");
      expect(frames?.[1]).toMatch(new RegExp(`at (?:async )?cell-\\d+\\.ts:${code.split("\n").length}:1`));
      expect(frames).toHaveLength(2);
    }
  });

  test("shows the line of a file that is not TypeScript", async () => {
    write("no-typescript.ts", "export const a = ;\n");
    const { failure } = await executor.run("import './no-typescript.ts'");
    expect(failure?.evalue).toMatch(/no-typescript\.ts:1:18: .*\n {2}export const a = ;\n {19}\^$/);
  });

  test("says which module lacks what it imports", async () => {
    expect((await executor.run("import './missing.ts'")).failure?.evalue).toContain("missing.ts");
    expect((await executor.run("import 'needs-absent'")).failure?.evalue).toContain("absent-dependency");
  });

  test("a module whose errors have its own lines, as typed, also after an edit", async () => {
    const places = async (): Promise<unknown> => {
      const { failure } = await executor.run("import { fail, later } from './throws.ts'\nfail()");
      const { failure: late } = await executor.run("await later()");
      return [failure, late].map((each) => /throws\.ts:(\d+:\d+)/.exec(each?.traceback.join("\n") ?? "")?.[1]);
    };
    write("throws.ts", THROWS);
    expect(await places()).toEqual(["6:9", "12:3"]);
    write("throws.ts", `// two lines\n// above\n${THROWS}`);
    expect(await places()).toEqual(["8:9", "14:3"]);
  });
});

describe("an edited module", () => {
  test("is loaded anew when it is imported again", async () => {
    write("edited.ts", "export const edition: string = 'first'");
    expect((await executor.run("import { edition } from './edited.ts'; edition")).text).toBe("'first'");
    write("edited.ts", "export const edition: string = 'second'");
    expect((await executor.run("import { edition } from './edited.ts'; edition")).text).toBe("'second'");
  });

  test("takes those that import it along, and leaves the others", async () => {
    write(
      "top.ts",
      "import { low } from './low.ts'; export const top = `top of ${low}`; export { started } from './still.ts'",
    );
    write("low.ts", "export const low = 'low 1'");
    write("still.ts", "export const started = {}");
    await executor.run("import { top, started } from './top.ts'; const firstStarted = started");
    write("low.ts", "export const low = 'low 2'");
    const { text } = await executor.run("import { top, started } from './top.ts'; [top, started === firstStarted]");
    expect(text).toBe("[ 'top of low 2', true ]");
  });

  test("keeps its state while nobody edits it", async () => {
    write("state.ts", "export const state = { count: 0 }");
    await executor.run("import { state } from './state.ts'; state.count++");
    expect((await executor.run("import { state } from './state.ts'; state.count")).text).toBe("1");
  });

  test("is seen by require, with what stands above it", async () => {
    expect((await executor.run("require('./common.cjs').nested")).text).toBe("'leaf 1'");
    write("leaf.cjs", "module.exports = 'leaf 2'");
    expect((await executor.run("require('./common.cjs').nested")).text).toBe("'leaf 2'");
  });
});

/** Each write has a time of its own, whatever the file system's clock can tell apart. */
function write(name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  clock += 2;
  utimesSync(file, clock, clock);
}
