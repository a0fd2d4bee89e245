import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor } from "./harness.ts";

let executor: Executor;
beforeAll(async () => {
  executor = await new Executor().ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
});

describe("display", () => {
  test("shows a value at once and gives a handle that is not shown itself", async () => {
    const { displays, text } = await executor.run("display({ a: 1 })");
    expect(displays).toMatchObject([{ data: { "text/plain": "{ a: 1 }" }, update: false }]);
    expect(text).toBeUndefined();
  });

  test("updates what was shown, also from a later cell", async () => {
    await executor.run("const shown = display('first')");
    const { displays } = await executor.run("shown.update('second')");
    const first = executor.resultOf(executor.nextCell - 2).displays[0];
    expect(first?.displayId).toBeTypeOf("string");
    expect(displays).toMatchObject([
      { update: true, displayId: first?.displayId, data: { "text/plain": expect.stringContaining("second") } },
    ]);
  });

  test("takes ids and raw bundles", async () => {
    const { displays } = await executor.run("display({ 'text/html': '<b>x</b>' }, { raw: true, display_id: 'mine' })");
    expect(displays).toMatchObject([{ data: { "text/html": "<b>x</b>" }, displayId: "mine" }]);
  });

  test("asks objects what they are", async () => {
    const bundle =
      "{ [Symbol.for('Jupyter.display')]() { return { 'text/html': '<i>own</i>', 'text/plain': 'own' } } }";
    expect((await executor.run(`display(${bundle})`)).displays).toMatchObject([
      { data: { "text/html": "<i>own</i>", "text/plain": "own" } },
    ]);
    expect((await executor.run(`(${bundle})`)).text).toBe("own");
  });

  test.each([
    ["display(1, { update: true })", "E_NO_DISPLAY_ID"],
    ["display('x', { raw: true })", "E_RAW_DISPLAY"],
    ["display({ 'application/x': 1n }, { raw: true })", "E_NOT_JSON"],
    ["display({ toJSON() {} }, { raw: true })", "E_NOT_JSON"],
    ["display({ 'text/plain': 'x'.repeat(100_000_001) }, { raw: true })", "E_OUTPUT_TOO_LARGE"],
    [
      "{ const half = 'x'.repeat(300_000_000); display({ 'application/x': [half, half] }, { raw: true }) }",
      "E_OUTPUT_TOO_LARGE",
    ],
  ])("refuses what cannot be: %s", async (code, expected) => {
    const { failure } = await executor.run(code);
    expect(failure?.ename).toBe("UsageError");
    expect(failure?.traceback[0]).toContain(expected);
  });
});

describe("the result", () => {
  test.each([
    ["1 + 1", "2"],
    ["'text'", "'text'"],
    ["null", "null"],
    ["undefined", undefined],
    ["void 5", undefined],
    ["const quiet = 1", undefined],
    ["5;", "5"],
    ["await Promise.resolve(7)", "7"],
    ["{ a: 1 }", "{ a: 1 }"],
  ])("of %s is %s", async (code, expected) => {
    expect((await executor.run(code)).text).toBe(expected);
  });

  test("is found by its cell's number, and as one of the last three", async () => {
    await executor.run("'first'");
    const first = executor.nextCell - 1;
    await executor.run("({ second: 2 })");
    await executor.run("33");
    expect((await executor.run(`[_${first}, ___, __.second, _]`)).text).toBe("[ 'first', 'first', 2, 33 ]");
  });

  test("goes when nothing holds it any more", async () => {
    await executor.run("new Float64Array(1_000_000)");
    const cell = executor.nextCell - 1;
    for (let i = 0; i < 4; i++) await executor.run(`${i}`);
    // Only a turn of the loop after the collection lets a weak reference go.
    await executor.run(
      "globalThis.gc ?? require('node:v8').setFlagsFromString('--expose-gc'); require('node:vm').runInNewContext('gc')(); await new Promise(setImmediate)",
    );
    const { failure } = await executor.run(`_${cell}`);
    expect(failure).toMatchObject({ ename: "UsageError", evalue: `the result of cell ${cell} is no longer in memory` });
  });

  test("is _ in the next cell, and can be shadowed", async () => {
    await executor.run("21");
    expect((await executor.run("_ * 2")).text).toBe("42");
    await executor.run("undefined");
    expect((await executor.run("_")).text).toBe("42");
    await executor.run("const _ = 'mine'");
    await executor.run("5");
    expect((await executor.run("_")).text).toBe("'mine'");
  });

  test("of a silent cell is not shown", async () => {
    const { messages } = await executor.run("globalThis.side = 1; 5", { silent: true });
    expect(messages.map(({ type }) => type)).toEqual(["done"]);
  });

  test("comes with user expressions, each good or bad by itself", async () => {
    const { userExpressions } = await executor.run("const base = 20", {
      userExpressions: { good: "base + 1", bad: "nope", broken: "1 +" },
    });
    expect(userExpressions.good).toMatchObject({ status: "ok", data: { "text/plain": "21" } });
    expect(userExpressions.bad).toMatchObject({ status: "error", ename: "ReferenceError" });
    expect(userExpressions.broken).toMatchObject({ status: "error", ename: "SyntaxError" });
  });

  test("survives objects that fail when they are shown", async () => {
    const { text, failure } = await executor.run(
      "({ get a() { throw new Error('no') }, [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })",
    );
    expect(failure).toBeUndefined();
    expect(text).toBeTypeOf("string");
    expect((await executor.run("1")).text).toBe("1");
  });
});

describe("input", () => {
  test("asks the front end and gives its answer", async () => {
    const cell = executor.start("const name = await input('Name: '); `hello ${name}`", { allowStdin: true });
    const asked = await executor.until((message) => message.type === "input-request" && message.cell === cell);
    expect(asked).toMatchObject({ prompt: "Name: ", password: false });
    executor.send({ type: "input-reply", cell, value: "Ada" });
    expect((await executor.done(cell)).text).toBe("'hello Ada'");
  });

  test("can be stopped", async () => {
    const cell = executor.start("await input('?', { password: true })", { allowStdin: true });
    expect(await executor.until((message) => message.type === "input-request" && message.cell === cell)).toMatchObject({
      password: true,
    });
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
  });

  test("says so where nobody can answer", async () => {
    expect((await executor.run("await input('?')")).failure?.traceback.join()).toContain("E_NO_STDIN");
  });
});

test("clearOutput tells the front end", async () => {
  const { messages } = await executor.run("console.log('old'); clearOutput(true); console.log('new')");
  expect(messages.map(({ type }) => type)).toEqual(["output", "clear", "output", "done"]);
  expect(messages[1]).toMatchObject({ wait: true });
});

test("the supervisor is told the names of the session", async () => {
  const { messages } = await executor.run("let alpha = 1; function beta() {}; class Gamma {}");
  expect(messages.at(-1)).toMatchObject({ type: "done", names: expect.arrayContaining(["alpha", "beta", "Gamma"]) });
});
