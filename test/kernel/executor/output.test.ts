import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor, sleep } from "./harness.ts";

let executor: Executor;
beforeAll(async () => {
  executor = await new Executor().ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
});

describe("what a cell prints", () => {
  test("is formatted as Node does, without colours", async () => {
    const { stdout, stderr } = await executor.run(`
      console.log("a %s %d", "b", 3, { deep: { er: [1, null] } }, new Map([["k", 1n]]));
      console.table([{ x: 1 }]);
      console.dir({ d: 1 });
      console.error("to stderr");
      console.warn(new RangeError("shown").message);
    `);
    expect(stdout).toContain("a b 3 { deep: { er: [ 1, null ] } } Map(1) { 'k' => 1n }\n");
    expect(stdout).toContain("│ (index) │ x │");
    expect(stdout).toContain("{ d: 1 }\n");
    expect(stderr).toBe("to stderr\nshown\n");
    expect(stdout + stderr).not.toContain("\u001b");
  });

  test("is told with its place by console.trace, and by what takes a stack without an error", async () => {
    const { stderr, text } = await executor.run(
      "console.trace('here', 1); const made: { stack?: string } = {}; Error.captureStackTrace(made); made.stack",
    );
    expect(stderr).toMatch(/^Trace: here 1\n {4}at cell-\d+\.ts:1:9\n$/);
    expect(text).toMatch(/^'Error\\n {4}at cell-\d+\.ts:1:\d+'$/);
  });

  test("has the errors that nobody caught before the cell is over", async () => {
    for (let at = 0; at < 20; at++) {
      const { messages } = await executor.run("Promise.reject(new RangeError('lost')); 1");
      expect(messages.map(({ type }) => type)).toEqual(["stray-error", "done"]);
    }
    expect((await executor.run("const kept = Promise.reject(1); kept.catch(() => 2); 3")).messages).toHaveLength(1);
  });

  test("has them also where what waits for the loop never ends", async () => {
    await using own = await new Executor().ready();
    const cell = own.start("Promise.reject(new RangeError('lost')); setImmediate(() => { for (;;); }); 1");
    expect((await own.done(cell)).messages.map(({ type }) => type)).toEqual(["stray-error", "done"]);
  });

  test("is answered beside one that somebody takes in the same turn, whatever waits for the loop", async () => {
    const taken = "const taken = Promise.reject(1); process.nextTick(() => taken.catch(() => 2));";
    for (const hops of [
      "",
      "let turn: Promise<unknown> = Promise.resolve(); for (let i = 0; i < 50; i++) turn = turn.then(() => 0);",
    ]) {
      await using own = await new Executor().ready();
      const cell = own.start(`${taken} ${hops} setImmediate(() => { for (;;); }); 1`);
      expect((await own.done(cell)).messages.map(({ type }) => type)).toEqual(["done"]);
    }
  });

  test("a rejection that is caught late is told once, as the error that it is", async () => {
    const { stderr, messages } = await executor.run(
      "const late = Promise.reject(new Error('late')); setTimeout(() => late.catch(() => {}), 20); await new Promise((done) => setTimeout(done, 80))",
    );
    const strays = messages.flatMap((message) => (message.type === "stray-error" ? [message.failure.evalue] : []));
    expect([stderr, strays]).toEqual(["", ["late"]]);
  });

  test("a cell that listens to rejections sees none of ours", async () => {
    await executor.run(
      "const seen: unknown[] = []; const hear = (reason: unknown) => void seen.push(reason); process.on('unhandledRejection', hear);",
    );
    await executor.run("Promise.reject(7); 1");
    const { text } = await executor.run("process.off('unhandledRejection', hear); seen");
    expect(text).toBe("[ 7 ]");
  });

  test("shows timers without the marks of the kernel", async () => {
    for (const set of ["setTimeout(() => {}, 1)", "setInterval(() => {}, 1000).unref()", "setImmediate(() => {})"]) {
      const { text } = await executor.run(set);
      expect(text).toMatch(/^(?:Timeout|Immediate) \{\n/);
      expect(text).toContain("_destroyed: false");
      expect(text).not.toMatch(/Symbol|CellRun|_idle/);
    }
    const { text } = await executor.run("import { AsyncResource } from 'node:async_hooks'; new AsyncResource('own')");
    expect(text).toMatch(/(?:\(kResourceStore\)\]:|AsyncLocalStorage \{\} =>) cell \d+/);
  });

  test("keeps the order of streams, displays and the result", async () => {
    const { messages } = await executor.run(
      `console.log(1); console.error(2); display("three"); process.stdout.write("4"); 5`,
    );
    const kinds = messages.map((message) =>
      message.type === "output" ? `${message.stream} ${message.text.trim()}` : message.type,
    );
    expect(kinds).toEqual(["stdout 1", "stderr 2", "display", "stdout 4", "done"]);
  });

  test("belongs to the cell that started it, also long after", async () => {
    const first = executor.start(`
      setTimeout(() => console.log("timer"), 150);
      const every = setInterval(() => { console.log("interval"); clearInterval(every) }, 120);
      import("node:fs").then(({ readFile }) => readFile("/", () => console.log("callback")));
      Promise.resolve().then(() => console.log("promise"));
      queueMicrotask(() => console.log("microtask"));
      process.nextTick(() => console.log("tick"));
      for await (const word of (async function* () { yield "generated" })()) console.log(word);
    `);
    const second = executor.start(`await new Promise((done) => setTimeout(done, 300)); console.log("second")`);
    await executor.done(second);
    const lines = executor.resultOf(first).stdout.trim().split("\n");
    expect(lines.sort()).toEqual(["callback", "generated", "interval", "microtask", "promise", "tick", "timer"]);
    expect(executor.resultOf(second).stdout).toBe("second\n");
  });

  test("is batched, and nothing is lost", async () => {
    const { stdout, messages } = await executor.run("for (let i = 0; i < 20_000; i++) console.log('line', i)");
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(20_000);
    expect(lines.every((line, index) => line === `line ${index}`)).toBe(true);
    expect(messages.filter(({ type }) => type === "output").length).toBeLessThan(200);
  });

  test("appears while a loop still spins", async () => {
    const cell = executor.start(
      "const until = Date.now() + 600; while (Date.now() < until) { console.log('x'); const pause = Date.now() + 20; while (Date.now() < pause); }",
    );
    await executor.until((message) => message.type === "output" && message.cell === cell);
    expect(executor.messages.some((message) => message.type === "done" && message.cell === cell)).toBe(false);
    await executor.done(cell);
  });

  test("may be bytes, split inside of a character", async () => {
    const { stdout } = await executor.run(
      "const bytes = Buffer.from('é😀'); for (const byte of bytes) process.stdout.write(Buffer.of(byte)); await new Promise<void>((done) => process.stdout.write('c3bc', 'hex', () => done()))",
    );
    expect(stdout).toBe("é😀ü");
  });

  test("reaches the supervisor's pipes from child processes and raw descriptors", async () => {
    await executor.run(
      "(await import('node:child_process')).execFileSync('sh', ['-c', 'echo from the child'], { stdio: 'inherit' }); (await import('node:fs')).writeSync(1, 'raw')",
    );
    await executor.when(() => /from the child[\s\S]*raw/.test(executor.raw));
    expect(executor.raw).toContain("raw");
  });
});

describe("errors outside of the life of a cell", () => {
  test.each([
    ["a timer", "setTimeout(() => { throw new RangeError('stray') }, 30)"],
    ["an immediate", "setImmediate(() => { throw new RangeError('stray') })"],
    ["a callback", "(await import('node:fs')).readFile('/', () => { throw new RangeError('stray') }); undefined"],
    ["a tick", "process.nextTick(() => { throw new RangeError('stray') })"],
    ["a microtask", "setTimeout(() => queueMicrotask(() => { throw new RangeError('stray') }), 10)"],
    ["a promise that nobody awaits", "setTimeout(() => { Promise.reject(new RangeError('stray')) }, 10); undefined"],
    [
      "an async function that nobody awaits",
      "(async () => { await null; throw new RangeError('stray') })(); undefined",
    ],
  ])("from %s are shown in its cell, and the process lives", async (_, code) => {
    const cell = executor.start(code);
    await executor.run("'another cell'");
    await executor.until((message) => message.type === "stray-error" && message.cell === cell);
    const stray = executor.resultOf(cell).messages.filter((message) => message.type === "stray-error");
    expect(stray).toHaveLength(1);
    expect(stray[0]).toMatchObject({ failure: { ename: "RangeError", evalue: "stray" } });
    expect(JSON.stringify(stray)).toContain(`cell-${cell}.ts:1:`);
    expect((await executor.run("6 * 7")).text).toBe("42");
  });
});

test("process.exit ends the executor with what was printed before", async () => {
  await using leaving = await new Executor().ready();
  const cell = leaving.start("console.log('last words'); process.exit(3)");
  expect(await leaving.exit).toBe(3);
  await sleep(50);
  expect(leaving.resultOf(cell).stdout).toBe("last words\n");
  expect(leaving.raw).toBe("");
});

test("what is printed before a long computation is seen while it runs", async () => {
  await using busy = await new Executor().ready();
  for (const stream of ["log", "error", "log"]) {
    const cell = busy.start(`console.${stream}('begins'); for (;;) {}`);
    await busy.until((message) => message.type === "output" && message.cell === cell);
    busy.interrupt(cell);
    expect((await busy.done(cell)).failure?.ename).toBe("Interrupted");
    await sleep(50);
  }
});

test("the executor ends with its supervisor, even from a loop", async () => {
  await using orphan = await new Executor().ready();
  orphan.start("console.log('on'); for (;;) {}");
  await orphan.until(({ type }) => type === "output");
  orphan.child.disconnect();
  for (const pipe of orphan.child.stdio) (pipe as { destroy?(): void } | null)?.destroy?.();
  expect(await orphan.exit).toBe("SIGKILL");
});
