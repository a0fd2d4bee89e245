import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { arrow, type Table } from "../../../src/frame/arrow.ts";
import { columnsOf, type DataFrame, frameFromArrow, frameFromColumns } from "../../../src/frame/frame.ts";
import { profile } from "../../../src/profile/profile.ts";
import { groupTables } from "../../../src/scan/group-tables.ts";
import type { TableRows } from "../../../src/scan/tables/table-block.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { tablesOfArrow } from "../../../src/tables/arrow-files.ts";
import { countingTurns } from "../../support/turns.ts";

const files = fileURLToPath(new URL("files/", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-groups-"));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(["types.arrow", "types.arrows", "lz4.feather"])(
  "each column of %s, read alone, has the groups of the Parquet file",
  async (name) => {
    const { fields = [] } = await tablesOfArrow(await resolveSource(path.join(files, name)));
    const taken: string[] = [];
    for (const { name: column } of fields) {
      // Lists and spans of time are not worked on, and days in milliseconds are moments here.
      if (["lst", "dur", "d64"].includes(column)) continue;
      const query = queryOf(column);
      const found = await chunked(path.join(files, name), query);
      expect(rowsOf(found), column).toEqual(await ofParquet(column));
      if (found.run.engine === "scanner") taken.push(column);
    }
    expect(taken.length).toBeGreaterThan(15);
  },
);

// Written by Polars 2.1: twelve rows, a column of texts, one of numbers and one of categories.
test("texts of a file of Polars, which are views, also in dictionaries", async () => {
  const file = path.join(files, "polars.arrow");
  for (const [by, keys] of [
    ["k", ["a", "a text that is longer than twelve", "b", null]],
    ["c", ["x", "y", null]],
  ] as const) {
    const found = await chunked(file, { by, agg: "n:sum" });
    expect(found.run.engine).toBe("scanner");
    expect(rowsOf(found).map(([key]) => key)).toEqual(keys);
    expect(rowsOf(found).reduce((sum, [, n]) => sum + Number(n), 0)).toBe(30);
  }
});

test("of an Arrow file the bytes of the columns that are wanted are read, and no others", async () => {
  const rows = 100_000;
  const file = path.join(folder, "wide.arrow");
  const other = Array.from({ length: rows }, (_, i) => `text ${i}`);
  writeFileSync(file, fileOf({ before: other, n: Int32Array.from({ length: rows }, (_, i) => i), behind: other }));
  const bytes = readFileSync(file);
  // What is damaged where nobody looks is no matter.
  for (const start of [bytes.indexOf("text 5000"), bytes.lastIndexOf("text 5000")]) bytes.fill(0xff, start, start + 50);
  writeFileSync(file, bytes);
  const sum = await chunked(file, { agg: "n:sum" });
  expect(rowsOf(sum)).toEqual([[(rows * (rows - 1)) / 2]]);
  await expect(chunked(file, { by: "behind", agg: "n:sum" })).rejects.toMatchObject({ code: "E_ENCODING" });
});

// Written by pyarrow 26: a hundred rows each, of decimals of 128 and of 256 bits, and a column whose dictionary is of structures.
test("decimals that are wider in a later file, and dictionaries of what is no text", async () => {
  const folders = path.join(files, "decimals-*.arrow");
  const found = await chunked(folders, { by: "amount", agg: "n:sum" });
  expect([found.run.engine, rowsOf(found).map((row) => row.map(Number))]).toEqual([
    "DuckDB",
    [
      [-3.5, 300],
      [1.25, 100],
    ],
  ]);
  const others = await chunked(path.join(files, "dictionary-of-structs.arrow"), { by: "n", agg: "*:count" });
  expect(rowsOf(others).map((row) => row.map(Number))).toEqual([
    [1, 50],
    [2, 50],
  ]);
});

describe("what the whole would take of tables that the scanner reads", () => {
  const rows = 30_000;
  const made = {
    word: Array.from({ length: rows }, (_, i) => `word ${i % 50}`),
    note: Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : `a note of row ${i} that is long`)),
    n: Float64Array.from({ length: rows }, (_, i) => i),
    x: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? null : i / 7)),
    at: Array.from({ length: rows }, (_, i) => new Date(1.7e12 + 1000 * i)),
  };
  const names = Object.keys(made) as (keyof typeof made)[];
  const file = path.join(folder, "whole.arrow");

  test.each(["file", "table", "frame", "rows"])("from a %s, whose other columns nobody asks for", async (kind) => {
    const { tableFromArrays, tableToIPC, Utf8, vectorFromArray } = arrow();
    // Texts of rows have no dictionary.
    const [word, note] = [made.word, made.note].map((texts) => vectorFromArray(texts, new Utf8()));
    const columns = kind === "rows" ? { ...made, word, note } : made;
    const table = tableFromArrays(columns as unknown as Record<string, Float64Array>);
    const frame = frameFromArrow(table);
    writeFileSync(file, tableToIPC(table, "file"));
    const objects = Array.from({ length: rows }, (_, i) =>
      Object.fromEntries(names.map((name) => [name, made[name][i]])),
    );
    const { run } = await chunked({ file, table, frame, rows: objects }[kind] as DataFrame, {
      by: "n",
      agg: "*:count",
    });
    expect(run.engine).toBe("scanner");
    const { sizes } = await profile(frame);
    for (const form of ["danfo", "pandas2", "pandas3"] as const)
      expect((run.wholeBytes?.[form] ?? 0) / sizes[form], form).toBeCloseTo(1, 1);
  });

  test("also where the batches are packed", async () => {
    const [plain, packed] = await Promise.all(
      ["sizes.arrow", "sizes-lz4.arrow"].map((name) => chunked(path.join(files, name), { agg: "n:sum" })),
    );
    expect(packed?.run.wholeBytes).toEqual(plain?.run.wholeBytes);
    expect(plain?.run.wholeBytes?.pandas3).toBeGreaterThan(20_000);
  });
});

test("groups that have no room are DuckDB's, with the same answer", async () => {
  const rows = 400_000;
  const key = BigInt64Array.from({ length: rows }, (_, i) => BigInt((i * 7919) % rows) * 1_000_003n);
  const table = tableOf({ key, x: Float64Array.from({ length: rows }, (_, i) => (i % 1000) / 100) });
  const query = { by: "key", agg: "x:sum,x:var,x:first,*:count" };
  const roomy = await chunked(table, query);
  const narrow = await chunked(table, { ...query, memoryLimit: "64MiB" });
  expect([roomy.run.engine, narrow.run.engine]).toEqual(["scanner", "DuckDB"]);
  expect(narrow.run.reason).toMatch(/memory limit; the data are a frame in memory, and are laid into temporary files/);
  expect(columnsOf(narrow).map((column) => column.toArray())).toEqual(columnsOf(roomy).map((one) => one.toArray()));
});

describe("many groups, which a thread of its own brings to their result", () => {
  const rows = 150_000;
  const keyOf = (row: number) => (row > 40_000 && row % 7 === 6 ? null : `user ${(row * 7919) % 60_000}`);
  const tableOfKeys = () => {
    const { Table, Utf8, vectorFromArray } = arrow();
    const k = vectorFromArray(
      Array.from({ length: rows }, (_, i) => keyOf(i)),
      new Utf8(),
    );
    return tableOf({ n: Int32Array.from({ length: rows }, (_, i) => i) }).assign(new Table({ k }));
  };
  const threads = () => readdirSync("/proc/self/task").length;

  // Different values are counted of all groups together; without them groups are copied some at a time.
  test.each([
    ["", "n:sum,n:first,n:max,*:count,k:nunique"],
    ["n >= 10", "n:sum,n:first,n:max,*:count,k:nunique"],
    ["", "n:sum,n:first,n:max,*:count"],
  ])("are those that they are, in the order of their keys, where %j: %s", async (where, agg) => {
    const query = { by: "k", agg };
    const found = await chunked(tableOfKeys(), { ...query, ...(where && { where }) });
    expect(found.run.engine).toBe("scanner");
    const wanted = new Map<string | null, [number, number, number, number, number]>();
    for (let n = where ? 10 : 0; n < rows; n++) {
      const key = keyOf(n);
      const [sum, first, , count] = wanted.get(key) ?? [0, n, 0, 0];
      wanted.set(key, [sum + n, first, n, count + 1, key === null ? 0 : 1]);
    }
    const order = [...wanted.keys()].sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
    expect(order.length).toBeGreaterThan(50_000);
    expect(rowsOf(found)).toEqual(order.map((k) => [k, ...(wanted.get(k) ?? [])].slice(0, found.shape[1])));
  });

  test("of several keys and of numbers stand in order, too", async () => {
    const { Table, Utf8, vectorFromArray } = arrow();
    const text = vectorFromArray(
      Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : `t${(i * 31) % 40}`)),
      new Utf8(),
    );
    const x = Float64Array.from({ length: rows }, (_, i) => ((i * 7919) % rows) / 2 - 1000);
    const found = await chunked(tableOf({ x }).assign(new Table({ text })), { by: ["text", "x"], agg: "*:count" });
    expect([found.run.engine, found.shape[0]]).toEqual(["scanner", rows]);
    const [texts = [], values = []] = columnsOf(found).map((column) => column.toArray());
    const isBefore = (i: number) => {
      const [a, b] = [texts[i - 1], texts[i]];
      if (a === b) return Number(values[i - 1]) < Number(values[i]);
      return a !== null && (b === null || String(a) < String(b));
    };
    for (let i = 1; i < rows; i++) if (!isBefore(i)) expect.fail(`row ${i}: ${texts[i - 1]}, ${texts[i]}`);
  });

  test("are stopped there, and leave no thread behind; those that it has no memory for are DuckDB's", async () => {
    const table = tableOfKeys();
    const query = { by: "k", agg: "n:sum" };
    await chunked(table, query);
    const before = threads();
    const wholes: number[] = [];
    for (const after of [0, 5, 20, 60]) {
      const stop = new AbortController();
      const onProgress = ({ fraction }: { readonly fraction?: number | undefined }) => {
        if (fraction === 1) setTimeout(() => stop.abort(), after);
      };
      const found = chunked(table, { ...query, signal: stop.signal, onProgress });
      const failure = await found.then(
        () => undefined,
        (error) => error,
      );
      if (failure === undefined) wholes.push(after);
      else expect(failure).toMatchObject({ name: "Interrupted" });
      await expect.poll(threads, { timeout: 5000 }).toBeLessThanOrEqual(before);
    }
    expect(wholes).not.toContain(0);
  });

  test("end with Stop where who asked for them will never go on", async () => {
    const table = tableOfKeys();
    const columns = table.schema.names.map((name) => ({ name: String(name), data: table.getChild(name)?.data[0] }));
    async function* hanging() {
      yield { columns, rows } as unknown as TableRows;
      isWaiting = true;
      await new Promise(() => undefined);
    }
    const kinds = [
      { name: "k", type: { kind: "text" }, isDeclared: false },
      { name: "n", type: { kind: "int" }, isDeclared: false },
    ] as const;
    let isWaiting = false;
    const before = threads();
    const stop = new AbortController();
    const aggregates = [{ fn: "sum", column: "n", name: "sum" }] as const;
    void groupTables(hanging(), kinds, { keys: ["k"], aggregates }, { signal: stop.signal });
    await expect.poll(() => isWaiting, { timeout: 5000 }).toBe(true);
    expect(threads()).toBe(before + 1);
    stop.abort();
    await expect.poll(threads, { timeout: 5000 }).toBe(before);
  });
});

test("the event loop turns between the steps in which a table grows", async () => {
  const rows = 300_000;
  const kinds = [{ name: "k", type: { kind: "int" }, isDeclared: false }] as const;
  const keys = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i) * 1_000_003n);
  const data = tableOf({ k: keys }).getChild("k")?.data[0];
  async function* one() {
    yield { columns: [{ name: "k", data }], rows } as unknown as TableRows;
  }
  const request = { keys: ["k"], aggregates: [{ fn: "count", column: "k", name: "n" }] } as const;
  const { given, turns } = await countingTurns(() => groupTables(one(), kinds, request));
  expect(given.groups).toBe(rows);
  // A turn for each of 37 blocks and of 74 copies at the end, and for each step of two doublings.
  expect(turns).toBeGreaterThan(37 + 74 + 12);
});

test("Stop is heard in the middle, also of one large batch", async () => {
  const x = new Float64Array(3_000_000).fill(0.25);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 5);
  await expect(chunked(tableOf({ x }), { by: "x", agg: "x:std", signal: stop.signal })).rejects.toMatchObject({
    name: "Interrupted",
    run: { complete: false },
  });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`outgrow-duckdb-${process.pid}-`))).toEqual([]);
});

test("damage in the middle of a file is told", async () => {
  const bytes = readFileSync(path.join(files, "types.arrow"));
  const file = path.join(folder, "damaged.arrow");
  const messages = [...bytes.keys()].filter(
    (i) => i > 1000 && bytes.readUInt32LE(Math.min(i, bytes.length - 4)) === 2 ** 32 - 1,
  );
  bytes.fill(0x7f, messages[1] as number, (messages[1] as number) + 64);
  writeFileSync(file, bytes);
  await expect(chunked(file, { by: "i8", agg: "i64:sum" })).rejects.toMatchObject({ code: "E_DAMAGED_FILE" });
});

test("files with a narrower type, or without a column, are one table", async () => {
  const parts = path.join(folder, "parts");
  mkdirSync(parts);
  writeFileSync(path.join(parts, "a.arrow"), fileOf({ k: Int32Array.of(1, 2), x: Float32Array.of(0.5, 1.5) }));
  writeFileSync(path.join(parts, "b.arrow"), fileOf({ x: Float64Array.of(0.1), k: BigInt64Array.of(2n ** 40n) }));
  writeFileSync(path.join(parts, "c.arrow"), fileOf({ k: Int32Array.of(1) }));
  const found = await chunked(parts, { by: "k", agg: "x:sum,x:count" });
  expect(found.run.engine).toBe("scanner");
  expect(rowsOf(found)).toEqual([
    [1, 0.5, 1],
    [2, 1.5, 1],
    [2 ** 40, 0.1, 1],
  ]);
});

test("what the scanner leaves says why", async () => {
  const file = path.join(files, "types.arrow");
  for (const [query, reason] of [
    [{ agg: "i64:median" }, /^median needs all values/],
    [{ agg: "i64:sum", where: "i8 > 1 OR i8 < 0" }, /^the condition needs SQL/],
    [{ by: "i8 % 2 AS odd", agg: "*:count" }, /is computed$/],
    [{ agg: "i64:sum", dtype: "i64:float64" }, /^"i64" is to be made float64/],
  ] as const) {
    const told = await explainChunked(file, query);
    expect(told).toMatchObject({
      engine: "DuckDB",
      refused: [{ engine: "scanner", reason: expect.stringMatching(reason) }, {}],
    });
  }
});

test("a memory table of tables has what the scanner held", async () => {
  copyFileSync(path.join(files, "types.arrow"), path.join(folder, "types.arrow"));
  const { run } = await chunked(path.join(folder, "types.arrow"), { by: "i8", agg: "*:count" });
  expect(run).toMatchObject({ engine: "scanner", rows: 360, spillPeakBytes: 0 });
  expect(run.scannerPeakBytes).toBeGreaterThan(0);
});

describe("an iterable", () => {
  const query = { by: "k", agg: "x:sum,*:count" };

  test("of rows and of frames is grouped as it comes", async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ k: i % 3, x: (i % 100) / 100, other: null }));
    const found = await chunked(rows, query);
    expect(found.run.engine).toBe("scanner");
    expect(rowsOf(found)).toEqual(rowsOf(await chunked(frameFromColumns(columnsOfRows(rows)), query)));
  });

  test.each([
    ["another type", (i: number) => ({ k: i % 2, x: i < 30_000 ? 1 : 1.5 }), [30_000, 25_000]],
    ["a new column", (i: number) => (i < 30_000 ? { k: i % 2 } : { k: i % 2, x: 1 }), [10_000, 25_000]],
  ])("with %s in later rows is left to DuckDB, which has all of it", async (_, row, [sum, count]) => {
    const found = await chunked(generated(50_000, row), query);
    expect(found.run.engine).toBe("DuckDB");
    expect(rowsOf(found)).toEqual([
      [0, sum, count],
      [1, sum, count],
    ]);
  });

  test("of more than is kept is left to DuckDB, which has all of it", async () => {
    async function* frames() {
      for (let i = 0; i < 6; i++)
        yield tableOf({ k: new Int32Array(1_000_000).fill(i), x: new Float64Array(1_000_000).fill(0.1) });
    }
    const found = await chunked(frames(), { ...query, memoryLimit: "96MiB" });
    expect(found.run.reason).toMatch(
      /^an iterable is read only once, and this one has more than 24[.]0 MiB; the data are an iterable/,
    );
    expect(rowsOf(found)).toEqual(Array.from({ length: 6 }, (_, k) => [k, 100_000, 1_000_000]));
  });

  test("that throws in the middle says so itself, and is closed; so is one that is stopped while nothing comes", async () => {
    const closed: string[] = [];
    async function* failing() {
      try {
        for (let i = 0; i < 45_000; i++) yield { k: 1, x: i };
        throw new RangeError("no more rows");
      } finally {
        closed.push("failing");
      }
    }
    await expect(chunked(failing(), query)).rejects.toThrow(new RangeError("no more rows"));
    async function* waiting() {
      try {
        for (let i = 0; i < 45_000; i++) yield { k: 1, x: i };
        await new Promise((resolve) => setTimeout(resolve, 100));
        yield { k: 2, x: 1 };
      } finally {
        closed.push("waiting");
      }
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    await expect(chunked(waiting(), { ...query, signal: stop.signal })).rejects.toMatchObject({ name: "Interrupted" });
    await expect.poll(() => closed).toEqual(["failing", "waiting"]);
    await expect(chunked([], query)).rejects.toMatchObject({ code: "E_EMPTY_SOURCE" });
    await expect(chunked([{ k: 1 }], query)).rejects.toMatchObject({ code: "E_NO_COLUMN" });
  });
});

async function* generated<T>(count: number, row: (i: number) => T): AsyncGenerator<T> {
  for (let i = 0; i < count; i++) yield row(i);
}

function columnsOfRows(rows: readonly { k: number; x: number }[]) {
  return [
    { name: "k", type: "int64", values: BigInt64Array.from(rows, ({ k }) => BigInt(k)) },
    { name: "x", type: "float64", values: Float64Array.from(rows, ({ x }) => x) },
  ];
}

function tableOf(columns: Record<string, unknown>): Table {
  return arrow().tableFromArrays(columns as Record<string, Float64Array>);
}

function fileOf(columns: Record<string, unknown>): Uint8Array {
  return arrow().tableToIPC(tableOf(columns), "file");
}

const known = new Map<string, Promise<unknown[][]>>();

/** The same of the Parquet file, asked for once. */
function ofParquet(column: string): Promise<unknown[][]> {
  const found = known.get(column) ?? chunked(path.join(files, "types.parquet"), queryOf(column)).then(rowsOf);
  known.set(column, found);
  return found;
}

function queryOf(column: string) {
  return { by: column, agg: `*:count,each=${column}:nunique,i64:sum` };
}

/** Rows as arrays; a bigint is the number that it stands for. */
function rowsOf(frame: DataFrame): unknown[][] {
  const columns = columnsOf(frame).map((column) => column.toArray());
  const plain = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);
  return Array.from({ length: frame.shape[0] ?? 0 }, (_, row) => columns.map((values) => plain(values[row])));
}
