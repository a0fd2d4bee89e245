import { describe, expect, test } from "vitest";
import { Executor, sleep } from "./harness.ts";

const MiB = 2 ** 20;

/** Ways to run out of the V8 heap. */
const GREEDY = {
  "small arrays": "const all: unknown[] = []; for (;;) all.push(new Array(100).fill(all.length))",
  "one array by push": "const one: number[] = []; for (;;) one.push(one.length * 1.5)",
  objects: "const all: unknown[] = []; for (let i = 0; ; i++) all.push({ id: i, name: `row ${i}` })",
  strings: "const all: string[] = []; for (let i = 0; ; i++) all.push(`row ${i} `.repeat(20).slice(1).toUpperCase())",
  "a Map": "const all = new Map<number, number>(); for (let i = 0; ; i++) all.set(i, i)",
  "one map() over millions": "const all = new Array(15e6).fill(0).map((_, i) => ({ id: i, half: i / 2 }));",
  "arrays after an await":
    "const all: unknown[] = []; for (;;) { for (let i = 0; i < 1000; i++) all.push(new Array(100).fill(i)); await null }",
} as const;

describe("a cell that outgrows the heap", () => {
  test.each(Object.entries(GREEDY))("is stopped with its variables kept: %s", async (_, code) => {
    await using executor = await new Executor({ execArgv: ["--max-old-space-size=384"] }).ready();
    await executor.run("const kept = 'still here'");
    const { failure } = await executor.run(`{ ${code} }`);
    expect(failure?.ename).toBe("MemoryLimitError");
    expect(failure?.evalue).toMatch(/stopped at \d.*of the JavaScript heap, the limit is \d/);
    expect(failure?.traceback.join("\n")).toContain("%chunked");
    expect((await executor.run("kept")).text).toBe("'still here'");
    expect((await executor.run("const more = new Array(1e6).fill(0); more.length")).text).toBe("1000000");
  });

  test("is told which variables hold the most, and can drop them", async () => {
    await using executor = await new Executor({ execArgv: ["--max-old-space-size=384"] }).ready();
    await executor.run("const small = [1]; const texts = ['x'.repeat(3e6)]");
    const { failure } = await executor.run(
      "const rows: object[] = []; for (let i = 0; ; i++) rows.push({ id: i, half: i / 2 })",
    );
    expect(failure?.ename).toBe("MemoryLimitError");
    expect(failure?.evalue).toMatch(
      /variables are kept; the largest are rows \(about \d.*MiB\), texts \(about 2\.9 MiB\)$/,
    );
    expect((await executor.run("rows.length = 0; texts.length")).text).toBe("1");
  });

  test("is not stopped for garbage", async () => {
    await using executor = await new Executor({ execArgv: ["--max-old-space-size=384"] }).ready();
    const { failure, text } = await executor.run(
      "let sum = 0; for (let i = 0; i < 8_000; i++) sum += new Array(20_000).fill(1).length; sum",
    );
    expect(failure).toBeUndefined();
    expect(text).toBe("160000000");
  });
});

describe("a process that outgrows the limit", () => {
  test("loses the cell that fills it with buffers, and nothing else", async () => {
    await using executor = await new Executor().ready();
    expect((await executor.run("%memory 300MiB")).stdout).toBe("a cell is stopped above 300 MiB, as set here\n");
    await executor.run("const kept = 1");
    const cell = executor.start(
      "globalThis.all = []; for (;;) { all.push(Buffer.alloc(2 ** 20, 1)); await new Promise((done) => setTimeout(done, 1)) }",
    );
    const { failure } = await executor.done(cell);
    expect(failure?.ename).toBe("MemoryLimitError");
    expect(failure?.evalue).toContain("of this process, the limit is 300 MiB");
    expect(executor.fromSentinel.some(({ type }) => type === "memory")).toBe(true);
    // What fills the memory can still be dropped by a cell.
    expect((await executor.run("all.length = 0; globalThis.all = undefined; kept")).text).toBe("1");
  });

  test("is told of its memory", async () => {
    await using executor = await new Executor().ready();
    await executor.run("const big = new Array(5e6).fill(0.5); big.length");
    await executor.when(() =>
      executor.fromSentinel.some((message) => message.type === "memory" && message.heap > 30 * MiB),
    );
    await sleep(10);
    const told = executor.fromSentinel.findLast((message) => message.type === "memory");
    expect(told).toMatchObject({ type: "memory", resident: expect.any(Number), heapLimit: expect.any(Number) });
    expect(told?.type === "memory" && told.resident > told.heap).toBe(true);
  });
});

describe("a database that a cell has opened itself", () => {
  test("says what it used of its limit, and what to do, and the session goes on", async () => {
    await using executor = await new Executor().ready();
    const opened = await executor.run(
      'import duckdb from "@duckdb/node-api"; const limits = { memory_limit: "60MB", max_temp_directory_size: "1MB", threads: "1" }; const connection = await (await duckdb.DuckDBInstance.create(":memory:", limits)).connect(); connection !== undefined',
    );
    expect(opened.text).toBe("true");
    const { failure } = await executor.run(
      'await connection.run("select list(md5(range::varchar)) from range(30000000)")',
    );
    const traceback = failure?.traceback.join("\n");
    expect(failure?.evalue).toMatch(/^Out of Memory Error: .*\(.* MiB\/57\.2 MiB used\)/);
    expect(traceback).toContain("memory_limit or a temp_directory");
    const again = await executor.run('(await (await connection.run("select 42")).getRows())[0][0]');
    expect(again.text).toBe("42");
  });
});
