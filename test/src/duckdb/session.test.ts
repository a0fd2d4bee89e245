import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { holdTempFolder } from "../../../src/duckdb/temp.ts";
import { Interrupted, MemoryLimitError } from "../../../src/errors.ts";
import type { ProgressEvent } from "../../../src/progress.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what has no room in memory lies on disk, is measured, and is gone with the session", async () => {
  const session = await openDuckdb({ memoryLimit: 64 * 2 ** 20, threads: 1, tempRoot: folder });
  await session.query("SELECT 1");
  expect(session.figures.spillPeak).toBe(0);
  await session.execute("CREATE TEMP TABLE t AS SELECT range AS i, md5(range::VARCHAR) AS h FROM range(2000000)");
  await vi.waitFor(() => expect(session.figures.spillPeak).toBeGreaterThan(2 ** 20), { timeout: 60_000 });
  await session.close();
  expect(readdirSync(folder)).toEqual([]);
});

describe("streams", () => {
  test("come in tables of the wanted size", async () => {
    await using session = await openDuckdb();
    const tables = [];
    for await (const { rows, firstRow, columns } of session.stream("SELECT range AS n FROM range(10000)", 3000))
      tables.push([rows, firstRow, Number(columns[0]?.values[0])]);
    expect(tables).toEqual([
      [3000, 0, 0],
      [3000, 3000, 3000],
      [3000, 6000, 6000],
      [1000, 9000, 9000],
    ]);
  });

  test("a size that divides the rows gives no empty table at the end, an empty result one", async () => {
    await using session = await openDuckdb();
    const sizes = async (sql: string) => {
      const rows = [];
      for await (const table of session.stream(sql, 2048)) rows.push(table.rows);
      return rows;
    };
    expect(await sizes("SELECT range AS n FROM range(4096)")).toEqual([2048, 2048]);
    expect(await sizes("SELECT range AS n FROM range(0)")).toEqual([0]);
  });

  test("that fail in the middle throw instead of ending", async () => {
    await using session = await openDuckdb();
    let rows = 0;
    const reading = (async () => {
      const sql = "SELECT CASE WHEN range < 500000 THEN range ELSE error('late')::BIGINT END AS n FROM range(1000000)";
      for await (const table of session.stream(sql, 10_000)) rows += table.rows;
    })();
    await expect(reading).rejects.toMatchObject({ name: "EngineError", message: expect.stringContaining("late") });
    expect(rows).toBeGreaterThan(0);
  });

  test("that are stopped in the middle throw instead of ending", async () => {
    const stop = new AbortController();
    const session = await openDuckdb({ signal: stop.signal });
    const reading = (async () => {
      for await (const { firstRow } of session.stream("SELECT range AS n FROM range(100000000)", 10_000))
        if (firstRow === 20_000) stop.abort();
    })();
    await expect(reading).rejects.toBeInstanceOf(Interrupted);
  });
});

test("every type arrives in its layout", async () => {
  await using session = await openDuckdb();
  const { columns } =
    await session.query(`SELECT unnest([true, NULL]) AS b, 7::UTINYINT AS u, -3::SMALLINT AS s, 1.5::FLOAT AS f,
    DATE '1970-01-03' AS d, TIMESTAMP '1970-01-01 00:00:01' AS t, TIMESTAMPTZ '1970-01-01 02:00:00+01' AS z, TIMESTAMP_S '1970-01-01 00:00:02' AS ts,
    12.34::DECIMAL(9, 2) AS dec, 2::HUGEINT AS h, 'longer than twelve' AS long, 'short' AS x, [1, 2] AS l, {'a': 1} AS st`);
  const seen = Object.fromEntries(
    columns.map(({ name, type, values, dictionary }) => [name, [type, dictionary?.[values[0] as number] ?? values[0]]]),
  );
  expect(seen).toEqual({
    b: ["bool", 1],
    u: ["uint8", 7],
    s: ["int16", -3],
    f: ["float32", 1.5],
    d: ["date", 2],
    t: ["datetime64[us]", 1_000_000n],
    z: ["datetime64[us, UTC]", 3_600_000_000n],
    ts: ["datetime64[us]", 2_000_000n],
    dec: ["decimal(9, 2)", 1234n],
    h: ["int64", 2n],
    long: ["str", "longer than twelve"],
    x: ["str", "short"],
    l: ["list", [1, 2]],
    st: ["struct", { a: 1 }],
  });
  expect(columns[0]?.validity?.[0]).toBe(0b1111_1101);
});

test("texts come back as they are, short and long, many and few", async () => {
  await using session = await openDuckdb();
  const sql = `SELECT CASE WHEN i % 11 = 0 THEN NULL WHEN i % 3 = 0 THEN 'k' || i ELSE repeat('é', (i % 9)::INT) || chr((128512 + i % 5)::INT) END AS x FROM range(200000) t(i)`;
  const { columns } = await session.query(sql);
  const [column] = columns;
  const emoji = (i: number) => String.fromCodePoint(128512 + (i % 5));
  const wanted = (i: number) => (i % 11 === 0 ? null : i % 3 === 0 ? `k${i}` : "é".repeat(i % 9) + emoji(i));
  const wrong = [];
  for (let i = 0; i < 200_000; i++) {
    const isMissing = column?.validity && (((column.validity[i >> 3] as number) >> (i & 7)) & 1) === 0;
    const value = column?.dictionary ? column.dictionary[column.values[i] as number] : column?.values[i];
    if ((isMissing ? null : value) !== wanted(i)) wrong.push(i);
  }
  expect(wrong).toEqual([]);
});

test("of texts of which nearly every row has its own, the missing ones are missing everywhere", async () => {
  await using session = await openDuckdb();
  const rows = 200_000;
  const sql = `SELECT CASE WHEN i % 17 <> 5 THEN concat('text ', i) END AS t FROM range(${rows}) r(i) ORDER BY i`;
  const [column] = (await session.query(sql)).columns;
  const wrong = Array.from({ length: rows }, (_, i) => i).filter(
    (i) => column?.values[i] !== (i % 17 === 5 ? null : `text ${i}`),
  );
  expect(wrong).toEqual([]);
});

test("decimals of every width are their whole numbers, in words where they fit", async () => {
  await using session = await openDuckdb();
  const columns = [4, 9, 18, 38].map(
    (digits) => `(CASE WHEN i % 5 = 4 THEN NULL ELSE (i - 3) * 1.25 END)::DECIMAL(${digits},2) AS d${digits}`,
  );
  const sql = `SELECT ${columns.join(", ")},
    (CASE WHEN i % 2 = 0 THEN -12345678901234567890123456 END)::DECIMAL(38,4) AS wide FROM (SELECT range % 50 AS i FROM range(5000))`;
  const { columns: found } = await session.query(sql);
  const isValid = (bits: Uint8Array | undefined, row: number) =>
    !bits || (((bits[row >> 3] as number) >> (row & 7)) & 1) === 1;
  for (const digits of [4, 9, 18, 38]) {
    const column = found.find(({ name }) => name === `d${digits}`);
    expect(column?.type).toBe(`decimal(${digits}, 2)`);
    expect(column?.values).toBeInstanceOf(BigInt64Array);
    const wrong = Array.from({ length: 5000 }, (_, row) => row).filter((row) => {
      const i = row % 50;
      return isValid(column?.validity, row) ? column?.values[row] !== BigInt((i - 3) * 125) : i % 5 !== 4;
    });
    expect(wrong).toEqual([]);
  }
  const wide = found.find(({ name }) => name === "wide");
  expect([wide?.type, wide?.validity]).toEqual(["decimal(38, 4)", undefined]);
  expect(wide?.values.slice(0, 3)).toEqual([-123456789012345678901234560000n, null, -123456789012345678901234560000n]);
});

describe("limits", () => {
  test("a large result is read into columns of its length, and the limit is the old one afterwards", async () => {
    await using session = await openDuckdb({ memoryLimit: 128 * 2 ** 20, threads: 2, tempRoot: folder });
    const rows = 1_100_000;
    await session.execute(
      `CREATE TEMP TABLE r AS SELECT i AS k, CASE WHEN i % 3 = 0 THEN i::HUGEINT END AS s, 'k' || (i % 5) AS t FROM range(${rows}) x(i) ORDER BY i`,
    );
    const { columns } = await session.read("SELECT * FROM r", rows);
    const [k, s, t] = columns;
    expect(k?.values).toBeInstanceOf(BigInt64Array);
    expect((k as { values: BigInt64Array }).values.buffer.byteLength).toBe(rows * 8);
    expect([k, s, t].map((column) => column?.values.length)).toEqual([rows, rows, rows]);
    const bits = s?.validity as Uint8Array;
    const wrong = Array.from({ length: rows }, (_, i) => i).filter((i) => {
      const isThere = (((bits[i >> 3] as number) >> (i & 7)) & 1) === 1;
      const isRight = k?.values[i] === BigInt(i) && t?.dictionary?.[t.values[i] as number] === `k${i % 5}`;
      return !isRight || isThere !== (i % 3 === 0) || (isThere && s?.values[i] !== BigInt(i));
    });
    expect(wrong).toEqual([]);
    const limit = await session.query("SELECT current_setting('memory_limit') AS m");
    expect(limit.columns[0]?.dictionary).toEqual(["128.0 MiB"]);
  });

  test("what cannot be done in the limit says so, and the session goes on", async () => {
    await using session = await openDuckdb({ memoryLimit: 64 * 2 ** 20, threads: 2, tempRoot: folder });
    const sql = "SELECT len(list(repeat('x', 500) || range)) FROM range(2000000)";
    const failure = await session.query(sql).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(MemoryLimitError);
    expect(failure).toMatchObject({ code: "E_MEMORY_LIMIT", hint: expect.stringContaining("--memory-limit") });
    expect((await session.query("SELECT 1 AS one")).rows).toBe(1);
  });

  test("a session that is closed, or whose process ends, leaves no folder", async () => {
    const session = await openDuckdb({ tempRoot: folder });
    mkdirSync(session.tempFolder);
    await session.close();
    await session.close();
    expect(existsSync(session.tempFolder)).toBe(false);
    await expect(session.query("SELECT 1")).rejects.toBeInstanceOf(Interrupted);
  });

  test("what a killed process left is swept by the next", async () => {
    const pid = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
    const root = mkdtempSync(path.join(folder, "sweep-"));
    mkdirSync(path.join(root, `outgrow-duckdb-${pid}-00`));
    mkdirSync(path.join(root, `outgrow-duckdb-${process.pid}-00`));
    await using _session = await openDuckdb({ tempRoot: root });
    expect(readdirSync(root)).toEqual([`outgrow-duckdb-${process.pid}-00`]);
  });
});

test.each([0, 1, 3])(
  "closing ends queries that began %s ms before, on both connections",
  async (before) => {
    const session = await openDuckdb({ threads: 2, tempRoot: folder });
    const beside = await session.beside();
    const endless = "SELECT sum(hash(a.range * b.range)) FROM range(1000000) a, range(1000000) b";
    const running = [session.query(endless), beside.query(endless)].map((query) =>
      query.catch((failure: unknown) => failure),
    );
    if (before > 0) await new Promise((resolve) => setTimeout(resolve, before));
    await session.close();
    for (const failure of await Promise.all(running)) expect(failure).toBeInstanceOf(Interrupted);
  },
  10_000,
);

test("a stop closes the session although nobody waits for it", async () => {
  const stop = new AbortController();
  const session = await openDuckdb({ signal: stop.signal, tempRoot: folder });
  mkdirSync(session.tempFolder);
  const stream = session.stream("SELECT range AS n FROM range(100000000)", 1000);
  await stream.next();
  // As after a terminated cell: the stream is never read on and never returned.
  stop.abort();
  for (let i = 0; i < 100 && existsSync(session.tempFolder); i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(existsSync(session.tempFolder)).toBe(false);
});

test("progress grows to the end", async () => {
  await using session = await openDuckdb({ threads: 1 });
  const events: ProgressEvent[] = [];
  const sql = "SELECT count(DISTINCT hash(range) % 3000000) FROM range(12000000)";
  await session.query(sql, { operation: "count", onProgress: (event) => events.push(event) });
  const fractions = events.map(({ fraction }) => fraction ?? 0);
  expect(events[0]?.operation).toBe("count");
  expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
});

test("work is told of when it begins, however short it is", async () => {
  await using session = await openDuckdb();
  const events: ProgressEvent[] = [];
  await session.query("SELECT 1", { operation: "look", onProgress: (event) => events.push(event) });
  expect(events).toEqual([{ operation: "look", fraction: 0, engineBytes: expect.any(Number) }]);
});

test("a folder for temporary files that is not there is told by name", async () => {
  const absent = path.join(tmpdir(), "outgrow-not-there");
  await expect(holdTempFolder(absent)).rejects.toMatchObject({
    name: "UsageError",
    code: "E_TEMP_FOLDER",
    message: expect.stringContaining(absent),
    hint: expect.stringContaining("TMPDIR"),
  });
});
