import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellResult, Executor } from "./harness.ts";

let executor: Executor;
beforeAll(async () => {
  executor = await new Executor().ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
});

describe("a traceback", () => {
  test("points at line and column of the cell as typed", async () => {
    const result = await executor.run(
      "interface Row {\n  id: number\n}\nconst row: Row = { id: 1 };\n  throw new TypeError(`bad ${row.id}`)",
    );
    expect(result.failure).toMatchObject({ ename: "TypeError", evalue: "bad 1" });
    expect(lines(result)).toEqual([
      "TypeError: bad 1",
      "    throw new TypeError(`bad ${row.id}`)",
      "          ^",
      `    at ${cell(0)}:5:9`,
    ]);
  });

  test.each([
    ["rows1.head()", 1],
    ["  [1, rows1.length + rows1.size]", 7],
    ["const n = rows1\n  .head(5)", 11],
    ["early1.length; const early1 = []", 1],
    ["'rows2'; rows2.rows2", 10],
    ["rows1 = 5", 1],
    ["rows1?.length", 1],
    ["const one = 1; rows1?.[one]?.(two)", 16],
  ])("points at the name that is not there: %s", async (code, column) => {
    expect(lines(await executor.run(code)).at(3)).toBe(`    at ${cell(0)}:1:${column}`);
  });

  test("shows a cell that runs again, which is the same script, under its new number", async () => {
    const code = "const fails = () => {\n  throw new Error('again')\n};\n  fails()";
    await executor.run(code);
    const shown = ["Error: again", "    throw new Error('again')", "          ^"];
    expect(lines(await executor.run(code)).slice(0, 4)).toEqual([...shown, `    at fails (${cell(0)}:2:9)`]);
    expect(lines(await executor.run(code)).slice(0, 4)).toEqual([...shown, `    at fails (${cell(0)}:2:9)`]);
  });

  test("shows the places of a function whose cell had its number from one that was not stored, and runs again", async () => {
    const executionCount = executor.nextCell + 1000;
    const unstored = "let once = 1;\n\n  once.twice.thrice";
    await executor.run(unstored, { executionCount });
    await executor.run("const later = () => {\n    never.ever\n}", { executionCount });
    expect(lines(await executor.run(unstored)).at(3)).toBe(`    at ${cell(0)}:3:14`);
    expect(lines(await executor.run("later()")).join("\n")).toContain(`at later (cell-${executionCount}.ts:2:5)`);
  });

  test("has no frame of a package that the kernel called, and those of one that the cell called", async () => {
    await executor.run(
      "import { tableFromArrays } from 'apache-arrow'; const lists = tableFromArrays({ a: [[1], [2]] });" +
        "Object.defineProperty(lists.batches[0].data.children[0], 'valueOffsets', { get() { throw new Error('inside') } })",
    );
    expect(lines(await executor.run("display(lists)")).join("\n")).not.toContain("apache-arrow");
    expect(lines(await executor.run("[...lists.getChild('a')]")).join("\n")).toContain("apache-arrow");
  });

  test("says the next step after what stock Danfo refuses", async () => {
    const frame = "import { DataFrame } from 'danfojs-node'; const rows = new DataFrame({ x: [1, null, 3] });";
    await executor.run(frame);
    expect(lines(await executor.run("rows.plot('x').line()")).join()).toContain("application/vnd.vegalite.v5+json");
    expect(lines(await executor.run("rows.describe()")).join()).toContain("dropNa()");
    expect(lines(await executor.run("throw new Error('Not supported in NodeJS, by me')")).join()).not.toContain(
      "Danfo",
    );
  });

  test("tells a magic's fault once", async () => {
    const count = lines(await executor.run("%history -n x")).join("\n");
    expect(count.match(/is not a whole number/g)).toHaveLength(1);
    const value = lines(await executor.run("!ls ${[1]}"));
    expect(value[0]).toContain("is an object");
  });

  test("has no frame of what the kernel calls, and names no function of its own", async () => {
    const asked = executor.start("\nprompt('who?')", { allowStdin: true });
    await executor.until((message) => message.type === "input-request");
    executor.interrupt(asked);
    await executor.until((message) => message.type === "done" && message.cell === asked);
    expect(executor.resultOf(asked).failure?.traceback.join("\n")).not.toContain("Atomics");
    expect(lines(await executor.run("new Promise(() => { throw new Error('in it') })"))).toEqual([
      "Error: in it",
      "  new Promise(() => { throw new Error('in it') })",
      "                            ^",
      `    at ${cell(0)}:1:27`,
      "    at new Promise (<anonymous>)",
      `    at ${cell(0)}:1:1`,
    ]);
    const timed = lines(await executor.run("%time null!.there")).filter((line) => line.includes(" at "));
    expect(timed).toEqual([`    at ${cell(0)}:1:1`]);
  });

  test("has of a message that holds the data its beginning", async () => {
    const { failure } = await executor.run("throw new Error('x'.repeat(3_000_000) + 'end')");
    expect(failure?.evalue).toMatch(/^x{100000}… \(2,900,003 more characters\)$/);
    expect(failure?.traceback.join("").length).toBeLessThan(110_000);
  });

  test("goes through the closures of earlier cells", async () => {
    await executor.run("\n\nconst boom = (depth: number) => {\n  throw new Error(`at ${depth}`)\n}");
    await executor.run("function outer() {\n  boom(1)\n}");
    const result = await executor.run("\nouter()");
    expect(places(result)).toEqual([`boom ${cell(-2)}:4`, `outer ${cell(-1)}:2`, `${cell(0)}:2`]);
  });

  test.each([
    ["after an await", "await null;\nawait new Promise((done) => setTimeout(done, 1));\nthrow new Error('late')", 3],
    ["from a timer", "\nawait new Promise((_, fail) => setTimeout(() => {\n  fail(new Error('late'))\n}, 1))", 3],
    ["from a microtask", "\n\nawait Promise.resolve().then(() => { throw new Error('late') })", 3],
    ["from a name that is not there", "1;\nnothingLikeThis", 2],
    ["from JSON", "const text = '{';\nJSON.parse(text)", 2],
    ["before initialisation", "\nuse;\nlet use = 1", 2],
    ["from an assignment to a constant", "const fixed = 1;\n\nfixed = 2", 3],
    ["from a static block", "class A {\n  static {\n    throw new Error('late')\n  }\n}", 3],
  ])("%s has the line", async (_, code, line) => {
    const result = await executor.run(code);
    expect(result.failure).toBeDefined();
    expect(places(result).find((place) => place.includes("cell-"))).toMatch(new RegExp(`${cell(0)}:${line}$`));
  });

  test("has no frames of the kernel or of Node's inside", async () => {
    for (const code of [
      "JSON.parse('{')",
      "await Promise.reject(new Error('x'))",
      "require('fs').readFileSync('/no/such')",
      "%nothing",
    ]) {
      const { failure } = await executor.run(code);
      expect(failure?.traceback.join("\n")).not.toMatch(/node:internal|\/dist\/|\$host|\$slots/);
    }
  });

  test("tells causes, and the parts of an AggregateError", async () => {
    const result = await executor.run(
      "throw new Error('outer', { cause: new RangeError('inner', { cause: 'root' }) })",
    );
    const text = lines(result).join("\n");
    expect(text).toMatch(/Error: outer[\s\S]*Caused by RangeError: inner[\s\S]*Caused by Thrown: 'root'/);
    const parts = lines(await executor.run("throw new AggregateError([new Error('one'), 2], 'both')")).join("\n");
    expect(parts).toMatch(/AggregateError: both[\s\S]*\[1\] Error: one[\s\S]*\[2\] Thrown: 2/);
  });

  test("of an engine's words shows the first line, and of a cause in the user's own lines all", async () => {
    const fail = "const { DataError } = require('outgrow'); const words = 'short\\nSettings: 1\\nSettings: 2';";
    const bare = "const cause = new Error(words); cause.stack = '';";
    const tail = "throw new DataError('E_BAD', 'outer', { hint: 'mend it', cause });";
    const engine = lines(await executor.run(`${fail} ${bare} ${tail}`)).join("\n");
    expect(engine).toMatch(/mend it\n\nCaused by Error: short\n +the other 2 lines stand in error\.cause$/);
    const own = lines(await executor.run(`${fail} const cause = new Error(words); ${tail}`)).join("\n");
    expect(own).toContain("Settings: 2");
    expect(own).not.toContain("stand in");
  });

  test("tells an engine's words once where the error has them, and its word that it was stopped never", async () => {
    const make = "const { DataError, Interrupted } = require('outgrow'); const words = 'no such x\\nmore\\nand more';";
    const bare = "const cause = new Error(`Catalog Error: ${words}`); cause.stack = '';";
    const text = lines(
      await executor.run(
        `${make} ${bare} throw new DataError('E_BAD', 'DuckDB: no such x', { hint: 'mend it', cause })`,
      ),
    ).join("\n");
    expect(text).toMatch(/mend it\n +the other 2 lines stand in error\.cause$/);
    const stopped = lines(await executor.run(`${make} ${bare} throw new Interrupted(undefined, { cause })`)).join("\n");
    expect(stopped).not.toContain("Caused by");
  });

  test("tells an error once that was given its place in the cell, and what lies below it", async () => {
    const make =
      "const { UsageError } = require('outgrow'); const inner = { hint: 'mend it', cause: new Error('root') };";
    const twice =
      "throw new UsageError('E_BAD', 'outer', { hint: 'mend it', cause: new UsageError('E_BAD', 'outer', inner) });";
    const text = lines(await executor.run(`${make} ${twice}`)).join("\n");
    expect(text.match(/UsageError E_BAD/g)).toHaveLength(1);
    expect(text).toContain("Caused by Error: root");
  });

  test("tells the engine's error once where a better word for it stands above", async () => {
    const make =
      "const { EngineError, UsageError } = require('outgrow'); const cause = new EngineError('E_ENGINE', 'engine', { hint: 'b' });";
    const text = lines(await executor.run(`${make} throw new UsageError('E_BAD', 'outer', { hint: 'a', cause })`)).join(
      "\n",
    );
    expect(text).not.toContain("Caused by");
  });

  test("of a cause that leads back to itself ends", async () => {
    const result = await executor.run("const round = new Error('round'); round.cause = round; throw round");
    expect(lines(result)[0]).toBe("Error: round");
  });

  test.each([
    ["throw 'text'", "Thrown", "'text'"],
    ["throw undefined", "Thrown", "undefined"],
    ["throw { code: 7 }", "Thrown", "{ code: 7 }"],
    ["class QueryFailed extends Error {}; throw new QueryFailed('no')", "QueryFailed", "no"],
    ["throw Object.assign(new Error('named'), { name: 'Custom' })", "Custom", "named"],
    ["throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })", "Error", ""],
    ["throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })", "Thrown", "{}"],
    ["throw new Proxy(() => {}, new Proxy({}, { get() { throw 1 } }))", "Thrown", "[Function (anonymous)]"],
    ["const gone = Proxy.revocable({}, {}); gone.revoke(); throw gone.proxy", "Thrown", "<Revoked Proxy>"],
    ["throw new Proxy(new RangeError('behind'), {})", "RangeError", "behind"],
    ["throw Object.assign(new AggregateError([], 'both'), { errors: 5 })", "AggregateError", "both"],
    ["throw Object.create(null)", "Thrown", "[Object: null prototype] {}"],
    ["throw Object.assign(new Error('named'), { name: Symbol('x') })", "Symbol(x)", "named"],
    ["throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw 1 } }", "Thrown", "a value that cannot be shown"],
  ])("takes what is thrown as it is: %s", async (code, ename, evalue) => {
    const { failure } = await executor.run(code);
    expect(failure).toMatchObject({ ename });
    expect(withoutProxy(failure?.evalue)).toBe(evalue);
  });

  test("of what cannot be read leaves the process alive, from a timer too", async () => {
    const hostile = "new Proxy({}, new Proxy({}, { get() { throw 1 } }))";
    const cell = executor.start(
      `setTimeout(() => { throw ${hostile} }); Promise.reject({ get stack() { throw 1 } }); await new Promise((done) => setTimeout(done, 20))`,
    );
    await executor.done(cell);
    const stray = executor.resultOf(cell).messages.filter(({ type }) => type === "stray-error");
    expect(stray).toMatchObject([
      { failure: { ename: "Thrown" } },
      { failure: { ename: "Thrown", evalue: expect.stringMatching(/^(?:Proxy\()?\{\}\)?$/) } },
    ]);
  });

  test("of Outgrow's own errors has code, caret and hint", async () => {
    expect(lines(await executor.run("1 + 1\n")).length).toBe(0);
    const result = await executor.run("// a note\n%chunkd data.csv");
    expect(result.failure).toMatchObject({ ename: "UsageError", evalue: "no magic %chunkd" });
    expect(lines(result).slice(0, 3)).toEqual([
      "UsageError E_NO_MAGIC: no magic %chunkd",
      "  %chunkd data.csv",
      "  ^^^^^^^",
    ]);
    expect(lines(result).at(-1)).toBe("  did you mean %chunked?");
  });

  test.each([
    ["thing()", "thing is not a function"],
    ["thing.go()", "thing.go is not a function"],
    ["new thing()", "thing is not a constructor"],
    ["for (const x of thing) {}", "thing is not iterable"],
    ["thing`x`", "thing is not a function"],
    ["import { PathLike } from 'node:fs'; PathLike()", "PathLike is not a function"],
  ])("names things as typed: %s", async (code, evalue) => {
    await executor.run("let thing: any = 5");
    const result = await executor.run(code);
    expect(result.failure).toMatchObject({ ename: "TypeError", evalue });
    expect(lines(result).join("\n")).not.toContain("$");
    const { text } = await executor.run(
      "let said = ''; try { thing() } catch (e) { said = e.stack.split('\\n')[0] }; said",
    );
    expect(text).toBe("'TypeError: thing is not a function'");
  });

  test("from text that a cell made has the place where it was made", async () => {
    const result = await executor.run("type T = 1\nfunction make() { new Function('throw new Error(1)')() }\n  make()");
    expect(lines(result).join("\n")).toContain(`eval at make (${cell(0)}:2:`);
    expect(places(result).at(-1)).toBe(`${cell(0)}:3`);
  });

  test.each([
    ["an astral letter", "const 𝒳 = 1; nope", "const 𝒳 = 1; ".length - 1],
    ["an emoji, which is wide", "'😀'; nope", 6],
    ["a wide letter", "'名'; nope", 6],
    ["an accent", "'e\u0301'; nope", 5],
  ])("has its caret right after %s", async (_, code, column) => {
    const caret = lines(await executor.run(code)).find((line) => /^ *\^$/.test(line));
    expect(caret).toBe(`  ${" ".repeat(column)}^`);
  });

  test("of a syntax error has the line and a caret", async () => {
    const result = await executor.run("const fine = 1;\nlet broken = ;");
    expect(result.failure?.ename).toBe("SyntaxError");
    expect(lines(result).slice(1)).toEqual([`  ${cell(0)}:2:14`, "  let broken = ;", "               ^"]);
  });

  test.each(["module", "commonjs"])(
    "of a package that cannot be compiled (%s) names its file and line",
    async (type) => {
      const folder = path.join(executor.folder, "node_modules", `broken-${type}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type, main: "index.js" }));
      writeFileSync(path.join(folder, "index.js"), "const fine = 1;\nconst broken = ;\n");
      const result = await executor.run(`import "broken-${type}"`);
      expect(result.failure?.ename).toBe("SyntaxError");
      expect(lines(result).slice(1, 4)).toEqual([
        `  node_modules/broken-${type}/index.js:2`,
        "  const broken = ;",
        "                 ^",
      ]);
    },
  );

  test("does not come from a script's first line", async () => {
    expect((await executor.run("#!/usr/bin/env node\n{ a: 1 }")).text).toBe("{ a: 1 }");
    expect(lines(await executor.run("#!/usr/bin/env node\nlet broken = ;"))[1]).toBe(`  ${cell(0)}:2:14`);
  });

  test("does not come from globals that a cell has frozen", async () => {
    await using other = await new Executor().ready();
    await other.run("Object.freeze(globalThis); 1");
    expect(await other.run("const kept = 6; kept * 7")).toMatchObject({ text: "42", failure: undefined });
  });

  test("keeps long lines short", async () => {
    const result = await executor.run(`const x = 1;${" ".repeat(3000)}throw new Error("far")`);
    expect(Math.max(...lines(result).map((line) => line.length))).toBeLessThan(200);
    expect(lines(result)[1]).toContain("throw new Error");
  });

  test("is also what error.stack says in the cell", async () => {
    const { stdout } = await executor.run("type T = number\n\nconsole.log(new Error('seen').stack)");
    expect(stdout).toBe(`Error: seen\n    at ${cell(0)}:3:13\n`);
  });

  test("of endless recursion is short", async () => {
    const result = await executor.run("const down = (n: number): number => down(n + 1) + 1;\ndown(0)");
    expect(result.failure?.ename).toBe("RangeError");
    expect(lines(result).length).toBeLessThan(30);
  });
});

describe("what a cell replaces of the language", () => {
  test.each([
    ["Array.prototype.map = () => { throw 1 }", "Array.prototype.map"],
    ["Object.prototype.get = () => 1", "Object.prototype.get"],
    ["Object.defineProperty(Array.prototype, 'push', { get() { throw 1 } })", "Array.prototype.push"],
    ["Promise.prototype.then = function () { return this }", "Promise.prototype.then"],
    ["await null; Promise.prototype.then = function () { return this }", "Promise.prototype.then"],
    [
      "Map.prototype.get = Function.prototype.call = () => 7; throw new Error('mine')",
      "Function.prototype.call, Map.prototype.get",
    ],
    ["Array.prototype[Symbol.iterator] = function* () {}; 1", "Array.prototype[Symbol.iterator]"],
    ["delete RegExp.prototype.exec; Buffer.from = () => { throw 1 }", "RegExp.prototype.exec, Buffer.from"],
    ["process.nextTick = () => undefined", "process.nextTick"],
  ])("is put back, and said: %s", async (code, names) => {
    await executor.run("const stands = [41]");
    const { stderr } = await executor.run(code);
    expect(stderr).toContain(`${names}: put back as it was`);
    const { text, stderr: silence } = await executor.run(
      "const next: number = stands.map((n) => n + 1)[0]!; ({ next })",
    );
    expect([text, silence]).toEqual(["{ next: 42 }", ""]);
  });

  test("from a timer hurts no later cell", async () => {
    await executor.run(
      "setTimeout(() => { Array.prototype.map = () => { throw 1 } }); await new Promise(setImmediate)",
    );
    expect((await executor.run("const later = [1]; [later].map((each) => each)")).text).toBe("[ [ 1 ] ]");
  });

  test("stays where it only adds, or is no part of what everything runs on", async () => {
    const { stderr } = await executor.run(
      "Array.prototype.last = function () { return this.at(-1) }; String.prototype.bold = () => 'mine'; Math.random = () => 0.5; 1",
    );
    const { text } = await executor.run("[[1, 2].last(), 'a'.bold(), Math.random()]");
    expect([stderr, text]).toEqual(["", "[ 2, 'mine', 0.5 ]"]);
    await executor.run("delete Array.prototype.last");
  });
});

test("values are kept after a throw, and the cells before are whole", async () => {
  await executor.run("const before = 1; throw new Error('stop'); const never = 2");
  expect((await executor.run("before")).text).toBe("1");
});

/** From Node 24 on a proxy is shown as one. */
function withoutProxy(shown: string | undefined): string | undefined {
  return shown?.replace(/^Proxy\((.*)\)$/, "$1");
}

function cell(offset: number): string {
  return `cell-${executor.nextCell - 1 + offset}.ts`;
}

function lines({ failure }: CellResult): string[] {
  return (failure?.traceback ?? []).flatMap((part) => stripVTControlCharacters(part).split("\n"));
}

/** `name file:line` of each frame. */
function places(result: CellResult): string[] {
  return lines(result)
    .filter((line) => line.startsWith("    at "))
    .map((line) =>
      line.replace(/^ +at (?:async )?(?:(\S+) \()?([^()]+):\d+\)?$/, (_, name, place) =>
        name ? `${name} ${place}` : place,
      ),
    );
}
