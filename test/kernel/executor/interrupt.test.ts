import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor, sleep } from "./harness.ts";

/** Every way in which a cell can refuse to end. */
const ENDLESS = {
  "a synchronous loop": "while (true) {}",
  "a loop after an await": "await null; await new Promise((done) => setTimeout(done, 5)); for (;;) {}",
  "a loop in a timer": "setTimeout(() => { for (;;) {} }, 5); await new Promise(() => {})",
  "a loop in an interval": "setInterval(() => { for (;;) {} }, 5); await new Promise(() => {})",
  "a promise that never settles": "await new Promise(() => {})",
  "a loop that catches everything": "for (;;) { try { for (;;) {} } catch {} }",
  "a regular expression that backtracks": "/^(a+)+$/.test('a'.repeat(60) + 'b')",
  "a thread that waits": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "microtasks without end": "const spin = () => Promise.resolve().then(spin); await spin()",
  "ticks without end": "const tick = () => process.nextTick(tick); tick(); await new Promise(() => {})",
  "a loop in an immediate": "setImmediate(() => { for (;;) {} }); await new Promise(() => {})",
  "a loop in an immediate with others after it":
    "setImmediate(() => { for (;;) {} }); setImmediate(() => {}); setImmediate(() => {}); await new Promise(() => {})",
  "a loop in an immediate between others":
    "setImmediate(() => {}); setImmediate(() => { for (;;) {} }); setImmediate(() => {}); await new Promise(() => {})",
  "allocation without end":
    "{ let all: unknown[] = []; for (;;) { all.push(new Array(99).fill(1)); if (all.length > 1e5) all = []; } }",
  "printing without end": "for (;;) console.log('x')",
  "a loop in a callback of the file system":
    "(await import('node:fs')).readFile('/', () => { for (;;) {} }); await new Promise(() => {})",
  "a loop under an AsyncLocalStorage of the user":
    "await new (await import('node:async_hooks')).AsyncLocalStorage().run(1, async () => { await null; for (;;) {} })",
  "a loop in a timer under an async hook of the user":
    "(await import('node:async_hooks')).createHook({ init() {}, before() {} }).enable(); setTimeout(() => { for (;;) {} }, 5); await new Promise(() => {})",
} as const;

describe("Stop", () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await new Executor().ready();
    await executor.run("let kept = 41; function next() { return kept + 1 }");
  });
  afterAll(async () => {
    await executor[Symbol.asyncDispose]();
  });

  test.each(Object.entries(ENDLESS))("ends %s and keeps the variables", async (_, code) => {
    const cell = executor.start(code);
    await sleep(60);
    executor.interrupt(cell);
    const { failure } = await executor.done(cell);
    expect(failure).toMatchObject({ ename: "Interrupted", evalue: "stopped by the user" });
    expect((await executor.run("next()")).text).toBe("42");
  });

  test("says at which line the cell was", async () => {
    const cell = executor.start(
      "function slow(n: number) {\n  // that never ends\n  while (true) n++;\n}\nawait null;\nslow(1)",
    );
    await sleep(150);
    executor.interrupt(cell);
    const { failure } = await executor.done(cell);
    const [title, ...lines] = plain(failure?.traceback ?? []);
    expect(title).toBe("Interrupted: stopped by the user");
    expect(lines.slice(0, 4)).toEqual([
      "    while (true) n++;",
      "    ^",
      `    at slow (cell-${cell}.ts:3:3)`,
      `    at cell-${cell}.ts:6:1`,
    ]);
    const waits = executor.start("await new Promise(() => {})");
    await sleep(60);
    executor.interrupt(waits);
    expect(plain((await executor.done(waits)).failure?.traceback ?? [])).toEqual(["Interrupted: stopped by the user"]);
  });

  test.each(Object.entries(ENDLESS))("ends %s however early it comes", async (_, code) => {
    for (const wait of [0, 1, 2, 4]) {
      const cell = executor.start(code);
      if (wait > 0) await sleep(wait);
      executor.interrupt(cell);
      expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    }
    expect((await executor.run("next()")).text).toBe("42");
  });

  test.each([0, 1, 2])("loses no immediate behind one that it ends (of three, number %i)", async (place) => {
    const cell = executor.start(`
      globalThis.ran = [];
      for (const at of [0, 1, 2]) setImmediate(() => { if (at !== ${place}) ran.push(at); else { console.log("spins"); for (;;) {} } });
      await new Promise(() => {});
    `);
    await executor.when(() => executor.resultOf(cell).stdout.includes("spins"));
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    const later =
      "await new Promise((done) => setImmediate(done)); await new Promise((done) => setImmediate(done)); ran.join()";
    expect((await executor.run(later)).text).toBe(`'${[0, 1, 2].filter((at) => at !== place).join()}'`);
  });

  test("before a cell has come keeps it from ever starting", async () => {
    const cell = executor.nextCell;
    executor.sentinel({ type: "interrupt", cell });
    await sleep(100);
    executor.start("console.log('started'); kept = 0");
    const { failure, stdout } = await executor.done(cell);
    expect(failure?.ename).toBe("Interrupted");
    expect(stdout).toBe("");
    expect((await executor.run("next()")).text).toBe("42");
  });

  test("of a cell that waits behind another leaves the other alone", async () => {
    const first = executor.start("await new Promise((done) => setTimeout(done, 200)); 'first'");
    const second = executor.start("'second'");
    executor.interrupt(second);
    expect((await executor.done(first)).text).toBe("'first'");
    expect((await executor.done(second)).failure?.ename).toBe("Interrupted");
  });

  test("for a cell that has ended does nothing to the next", async () => {
    const { text } = await executor.run("1 + 1");
    executor.interrupt(executor.nextCell - 1);
    expect(text).toBe("2");
    expect((await executor.run("await new Promise((done) => setTimeout(done, 150)); 'calm'")).text).toBe("'calm'");
  });

  test("ends what a stopped cell starts again later, before the next cell", async () => {
    const cell = executor.start("setTimeout(() => { for (;;) {} }, 300); await new Promise(() => {})");
    await sleep(60);
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    await sleep(400);
    const started = performance.now();
    expect((await executor.run("next()")).text).toBe("42");
    expect(performance.now() - started).toBeLessThan(5000);
    await executor.when(() =>
      executor.fromSentinel.some((message) => message.type === "terminated" && message.cell === cell),
    );
  });

  test.each(["setTimeout(() => { for (;;) {} }, 80)", "setTimeout(() => setImmediate(() => { for (;;) {} }), 80)"])(
    "after its answer ends what it is only about to spin in: %s",
    async (spin) => {
      await using own = await new Executor().ready();
      const cell = own.start(`${spin}; 1`);
      await own.done(cell);
      own.sentinel({ type: "interrupt", cell });
      await sleep(160);
      expect((await own.done(own.start("2"), 3000)).text).toBe("2");
    },
  );

  test("after its answer ends what it spins in before the next cell, which has come", async () => {
    await using own = await new Executor().ready();
    const code = "setTimeout(() => { while (true) {} }, 80); 1";
    const cell = own.start(code);
    await own.done(cell);
    const next = own.start("await new Promise((done) => setTimeout(done, 150)); 2");
    await sleep(10);
    own.sentinel({ type: "interrupt", cell });
    expect((await own.done(next, 3000)).text).toBe("2");
  });

  test("after its answer leaves what it does later to itself", async () => {
    const { text } = await executor.run(
      "globalThis.rounds = 0; const busy = () => { for (const end = Date.now() + 300; Date.now() < end;); rounds++ }; setTimeout(busy, 1300); 1",
    );
    expect(text).toBe("1");
    executor.sentinel({ type: "interrupt", cell: executor.nextCell - 1 });
    await sleep(1700);
    expect((await executor.run("rounds")).text).toBe("1");
  });

  test("a stopped cell prints no more, and ends at its next print", async () => {
    const cell = executor.start(
      "globalThis.rounds = 0; for (;;) { await new Promise((done) => setTimeout(done, 20)); rounds++; console.log('round') }",
    );
    await executor.until((message) => message.type === "output" && message.cell === cell);
    executor.interrupt(cell);
    const { stdout } = await executor.done(cell);
    await sleep(200);
    const { text } = await executor.run("rounds");
    await sleep(200);
    expect(executor.resultOf(cell).stdout).toBe(stdout);
    expect((await executor.run("rounds")).text).toBe(text);
    expect(executor.resultOf(cell).messages.filter(({ type }) => type === "stray-error")).toEqual([]);
  });

  test.each([
    ["a loop that awaits", "for (;;) { rounds++; await turn() }"],
    ["one that awaits in a function", "const go = async () => { for (;;) { rounds++; await turn() } }; await go()"],
    [
      "one over an endless source",
      "for await (const _ of (async function* () { for (;;) { await turn(); yield 1 } })()) rounds++",
    ],
    ["one that catches everything", "for (;;) { try { rounds++; await turn() } catch {} }"],
    ["one without a block", "for await (const _ of require('node:timers/promises').setInterval(1)) rounds++"],
  ])("leaves nothing behind of %s", async (_, code) => {
    await executor.run("let rounds = 0; const turn = () => new Promise((done) => setImmediate(done))");
    const cell = executor.start(code);
    await sleep(150);
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    // The one that catches everything goes on until the sentinel ends it.
    const settle = "await new Promise((done) => setTimeout(done, 400)); rounds";
    const { text } = await executor.run(settle);
    expect(Number(text)).toBeGreaterThan(0);
    expect((await executor.run(settle)).text).toBe(text);
    expect(executor.resultOf(cell).messages.filter(({ type }) => type === "stray-error")).toEqual([]);
  });

  test("lets a stopped cell run its finally block where it awaits", async () => {
    const cell = executor.start(
      "globalThis.ended = 0; try { for (;;) await new Promise((done) => setTimeout(done, 5)) } finally { ended++ }",
    );
    await sleep(60);
    executor.interrupt(cell);
    await executor.done(cell);
    expect((await executor.run("await new Promise((done) => setTimeout(done, 50)); ended")).text).toBe("1");
  });

  test("what listens to the cell's signal has a moment to end in order", async () => {
    const cell = executor.start(`
      await new Promise((done, fail) => signal.addEventListener("abort", () => setTimeout(() => { console.log("closed"); fail(signal.reason) }, 100)))
    `);
    await sleep(60);
    executor.interrupt(cell);
    const { failure, stdout } = await executor.done(cell);
    expect(failure?.ename).toBe("Interrupted");
    expect(stdout).toBe("closed\n");
  });

  test("does not wait for what listens to the signal where the loop that would hear its end was unwound", async () => {
    const late = "signal.addEventListener('abort', () => setTimeout(() => console.log('late'), 1000));";
    const cell = executor.start(`${late} await null; for (;;) {}`);
    await sleep(150);
    executor.interrupt(cell);
    const { failure, stdout } = await executor.done(cell);
    expect(failure?.ename).toBe("Interrupted");
    expect(stdout).not.toContain("late");
  });

  test("does not wait for ever for what listens", async () => {
    const cell = executor.start("signal.addEventListener('abort', () => { for (;;) {} }); await new Promise(() => {})");
    await sleep(60);
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    expect((await executor.run("next()")).text).toBe("42");
  });

  test("lets go of what the cell holds, though no finally block runs", async () => {
    const cell = executor.start(
      "globalThis.freed = 0; globalThis[Symbol.for('outgrow.hold')](() => { freed++ }); try { for (;;) {} } finally { freed += 100 }",
    );
    await sleep(60);
    executor.interrupt(cell);
    await executor.done(cell);
    expect((await executor.run("freed")).text).toBe("1");
  });

  test("ends a shell command with what it started", async () => {
    const cell = executor.start("!sleep 987 | cat");
    await sleep(150);
    executor.interrupt(cell);
    expect((await executor.done(cell)).failure?.ename).toBe("Interrupted");
    await sleep(200);
    expect(
      (
        await executor.run(
          "(await import('node:child_process')).execSync('ps -A -o args= | grep -c \"[s]leep 987\" || true').toString()",
        )
      ).text,
    ).toBe("'0\\n'");
  });
});

test("output carries the next cell's number after every kind of stop", async () => {
  await using executor = await new Executor().ready();
  for (const code of Object.values(ENDLESS)) {
    const cell = executor.start(code);
    await sleep(30);
    executor.interrupt(cell);
    await executor.done(cell);
    const { stdout, failure } = await executor.run(`
      const say = (from: string) => console.log(from);
      say("sync"); await null; say("await");
      await new Promise<void>((done) => setTimeout(() => { say("timer"); done() }, 1));
      await new Promise<void>((done) => setImmediate(() => { say("immediate"); done() }));
      await new Promise<void>((done) => process.nextTick(() => { say("tick"); done() }));
      await new Promise<void>((done) => queueMicrotask(() => { say("microtask"); done() }));
      await new Promise<void>((done) => require("node:fs").stat(".", () => { say("file"); done() }));
    `);
    expect(failure).toBeUndefined();
    expect(stdout, code).toBe("sync\nawait\ntimer\nimmediate\ntick\nmicrotask\nfile\n");
  }
});

/** Without colours. */
function plain(lines: readonly string[]): string[] {
  return lines.map((line) => stripVTControlCharacters(line));
}
