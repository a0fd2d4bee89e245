import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteList, quoteName, quoteText } from "../../../src/duckdb/sql.ts";
import { OutgrowError } from "../../../src/errors.ts";
import { arrow } from "../../../src/frame/arrow.ts";
import { columnsOf, type DataFrame, frameFromArrow } from "../../../src/frame/frame.ts";
import { unpackLz4, unpackLz4InTurns } from "../../../src/frame/lz4.ts";
import { profile } from "../../../src/profile/profile.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { tablesOfArrow } from "../../../src/tables/arrow-files.ts";
import { holdTables } from "../../../src/tables/hold.ts";

// Written by pyarrow 26, three batches of 120 rows with a column of each type, and the same rows as Parquet.
const files = fileURLToPath(new URL("files/", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-arrow-"));
/** What lists and spans of time are is not worked on. */
const ODD = new Set(["lst", "dur"]);
let duckdb: DuckdbSession;

beforeAll(async () => {
  duckdb = await openDuckdb();
});

afterEach(() => {
  // Only what runs now may lie there.
  const own = readdirSync(tmpdir()).filter((name) => name.startsWith(`outgrow-duckdb-${process.pid}-`));
  expect(own).toEqual([]);
});

afterAll(async () => {
  await duckdb?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("values of every type are those of the Parquet file", () => {
  test.each(["types.arrow", "types.arrows", "lz4.feather"])("%s", async (name) => {
    const tables = await tablesOfArrow(await resolveSource(path.join(files, name)));
    const plain = new Set((tables.fields ?? []).map((field) => field.name).filter((field) => !ODD.has(field)));
    await using held = await holdTables(tables, { isWanted: (column) => plain.has(column) });
    const paths = quoteList(held.source.files.map((file) => file.path));
    const ours = `(SELECT *, row_number() OVER () AS n FROM read_parquet(${paths}, union_by_name = true))`;
    const theirs = `(SELECT *, row_number() OVER () AS n FROM ${quoteText(path.join(files, "types.parquet"))})`;
    const tests = [...plain].map((column) => {
      const value = quoteName(column);
      // Days in milliseconds are moments here.
      const [a, b] = [`o.${value}`, `t.${value}`].map((one) => (column === "d64" ? `${one}::TIMESTAMP` : one));
      return `count(*) FILTER (${a}::VARCHAR IS DISTINCT FROM ${b}::VARCHAR) AS ${value}`;
    });
    const { columns } = await duckdb.query(
      `SELECT count(*) AS "all rows", ${tests.join(", ")} FROM ${ours} o JOIN ${theirs} t USING (n)`,
    );
    const different = columns.slice(1).filter(({ values }) => values[0] !== 0n);
    expect(different.map((column) => column.name)).toEqual([]);
    expect(columns[0]?.values[0]).toBe(360n);
    expect(plain.size).toBeGreaterThan(25);
  });
});

test.each([
  ["delta.arrow", ["a", "b", "a", "c", "b", "a"]],
  ["delta.arrows", ["a", "b", "a", "c", "b", "a"]],
  ["replaced.arrows", ["a", "b", "a", "x", "x", "a"]],
])("the dictionary of %s changes with its batches", async (name, expected) => {
  const file = path.join(files, name);
  const whole = (await chunked(file, (chunk) => chunk.k.values)) as string[][];
  expect(whole.flat()).toEqual(expected);
  const counts = new Map<string, number>();
  for (const key of expected) counts.set(key, (counts.get(key) ?? 0) + 1);
  expect(valuesOf(await chunked(file, { by: "k", agg: "*:count" }))).toEqual(
    [...counts].sort().map(([key, count]) => [key, count]),
  );
});

test("chunks have their rows whatever the batches are, and only the columns that are asked for", async () => {
  const options = { chunksize: 100, usecols: "i64,dict" };
  const shapes = await chunked(
    path.join(files, "types.arrow"),
    (chunk, { firstRow }) => [...chunk.shape, firstRow],
    options,
  );
  expect(shapes).toEqual([
    [100, 2, 0],
    [100, 2, 100],
    [100, 2, 200],
    [60, 2, 300],
  ]);
  const kept = (await chunked(path.join(files, "types.arrow"), (chunk) => chunk.i64.values[0], {
    ...options,
    where: "i8 > 50",
  })) as bigint[];
  expect(kept[0]).toBe(9007199254740993n + 51n);
});

test("a query's faults are told before the rows are read", async () => {
  const file = path.join(files, "types.arrow");
  for (const ask of [chunked, explainChunked]) {
    await expect(ask(file, { agg: "nope:sum" })).rejects.toMatchObject({ code: "E_NO_COLUMN" });
    await expect(ask(file, { agg: "i64:sum", where: "nope > 1" })).rejects.toMatchObject({ code: "E_NO_COLUMN" });
    await expect(ask(file, { by: "year(nope) AS y", agg: "*:count" })).rejects.toMatchObject({ code: "E_NO_COLUMN" });
    for (const fn of ["count", "sum"])
      await expect(ask(file, { agg: `lst:${fn}` })).rejects.toMatchObject({ code: "E_NO_TYPE" });
    await expect(ask(file, { agg: "*:count", engine: "spark" })).rejects.toMatchObject({ code: "E_ENGINE_CHOICE" });
  }
  expect(await explainChunked(file, {})).toMatchObject({ engine: "Arrow" });
  expect(await explainChunked(file, { agg: "*:count" })).toMatchObject({ engine: "scanner" });
  expect(await explainChunked(file, { agg: "i64:median" })).toMatchObject({
    engine: "DuckDB",
    refused: [{ engine: "scanner", reason: "median needs all values of a group at once" }, { engine: "Spark" }],
  });
  const { run } = await chunked(file, { agg: "i64:median" });
  expect(run.reason).toMatch(/^median needs all values of a group at once; the data are Arrow, and are laid into/);
});

test("Zstandard is read where Node unpacks it, and else named", async () => {
  const counted = chunked(path.join(files, "zstd.feather"), { agg: "*:count" });
  if ("zstdDecompressSync" in zlib) expect(valuesOf(await counted)).toEqual([[360]]);
  else
    await expect(counted).rejects.toMatchObject({ code: "E_ZSTD", message: expect.stringContaining("zstd.feather") });
});

test("a type that is not read is named, and is no damage", async () => {
  // Of pyarrow 26: a column "r" of runs.
  const bytes =
    "/////+gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAEAAAA1P///wAAARYYAAAAHAAAAAQAAAACAAAAYAAAACAAAAABAAAAcgAAAMj///8QABQACAAGAAcADAAAABAAEAAAAAAAAQUQAAAAHAAAAAQAAAAAAAAABgAAAHZhbHVlcwAABAAEAAQAAAAQABQACAAAAAcADAAAABAAEAAAAAAAAAIQAAAAJAAAAAQAAAAAAAAACAAAAHJ1bl9lbmRzAAAAAAgADAAIAAcACAAAAAAAAAEgAAAA/////wAAAAA=";
  const file = path.join(folder, "runs.arrows");
  writeFileSync(file, Buffer.from(bytes, "base64"));
  await expect(chunked(file, { agg: "*:count" })).rejects.toMatchObject({
    code: "E_NO_TYPE",
    message: "runs.arrows has a column of type RunEndEncoded, which is not read here",
  });
});

test("a column of a type that is not worked on is told alike, whatever is asked of it", async () => {
  const { Decimal, Int32, makeData, Table, tableToIPC, Vector } = arrow();
  const hundreds = new Vector([makeData({ type: new Decimal(-2, 5), data: new Uint32Array([7, 0, 0, 0]) })]);
  const lone = path.join(folder, "lone.arrow");
  writeFileSync(lone, tableToIPC(new Table({ d: hundreds }), "file"));
  const failure = {
    name: "UsageError",
    code: "E_NO_TYPE",
    message: '"d" is decimal(5, -2), which is not worked on here',
  };
  await expect(profile(lone)).rejects.toMatchObject(failure);
  await expect(chunked(lone, { agg: "d:sum" })).rejects.toMatchObject(failure);
  await expect(chunked(lone, (chunk) => chunk.d.values)).rejects.toMatchObject(failure);
  expect(() => frameFromArrow(new Table({ d: hundreds }))).toThrow(expect.objectContaining(failure));

  const both = path.join(folder, "both.arrow");
  const n = new Vector([makeData({ type: new Int32(), data: Int32Array.of(1) })]);
  writeFileSync(both, tableToIPC(new Table({ d: hundreds, n }), "file"));
  expect((await profile(both)).notes).toContain('"d" is left out: it is decimal(5, -2).');
  expect(await chunked(both, (chunk) => chunk.n.values[0], { usecols: "n" })).toEqual([1]);
});

test.each(["types.arrow", "types.arrows", "lz4.feather"])("%s, cut off, is damaged", async (name) => {
  const bytes = readFileSync(path.join(files, name));
  const file = path.join(folder, `cut-${name}`);
  writeFileSync(file, bytes.subarray(0, bytes.length - 5000));
  const asked = [() => chunked(file, { agg: "i64:sum" }), () => chunked(file, (chunk) => chunk.shape[0])];
  for (const ask of asked) await expect(ask()).rejects.toMatchObject({ name: "DataError", code: "E_DAMAGED_FILE" });
});

test("several files are one table", async () => {
  for (const name of ["a.arrow", "b.arrow"]) copyFileSync(path.join(files, "delta.arrow"), path.join(folder, name));
  expect(valuesOf(await chunked(path.join(folder, "?.arrow"), { by: "k", agg: "*:count" }))).toEqual([
    ["a", 6],
    ["b", 4],
    ["c", 2],
  ]);
});

test("a profile leaves out what is not worked on, and is of the file", async () => {
  const found = await profile(path.join(files, "types.arrows"));
  expect(found).toMatchObject({ rows: 360, exact: true, format: "arrow" });
  expect(found.columns.map(({ name }) => name)).not.toContain("lst");
  expect(found.notes.join()).toMatch(/"lst" is left out/);
  expect(found.sizes.file).toBe(readFileSync(path.join(files, "types.arrows")).length);
});

test("frames of LZ4 unpack, also where a match overlaps itself, and damaged ones do not", () => {
  const block = [0x1f, 0x61, 1, 0, 0, 0x50, 0x62, 0x62, 0x62, 0x62, 0x63];
  const frame = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0];
  expect(Buffer.from(unpackLz4(Uint8Array.from(frame))).toString()).toBe(`${"a".repeat(20)}bbbbc`);
  const stored = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 2, 0, 0, 0x80, 0x68, 0x69, 0, 0, 0, 0];
  expect(Buffer.from(unpackLz4(Uint8Array.from([...stored, ...stored]))).toString()).toBe("hihi");
  for (const bytes of [frame.slice(0, -9), [1, 2, 3, 4, 5], frame.map((byte, i) => (i === 13 ? 9 : byte))])
    expect(() => unpackLz4(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: "E_DAMAGED_FILE" }));
});

test("between two blocks of LZ4 there is a pause", async () => {
  const stored = [
    0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 2, 0, 0, 0x80, 0x68, 0x69, 2, 0, 0, 0x80, 0x21, 0x21, 0, 0, 0, 0,
  ];
  let pauses = 0;
  const unpacked = await unpackLz4InTurns(Uint8Array.from([...stored, ...stored]), async () => void pauses++);
  expect([Buffer.from(unpacked).toString(), pauses]).toEqual(["hi!!hi!!", 4]);
});

/** Rows as arrays. */
function valuesOf(frame: DataFrame): unknown[][] {
  const columns = columnsOf(frame).map((column) => column.toArray());
  return Array.from({ length: frame.shape[0] ?? 0 }, (_, row) => columns.map((values) => values[row]));
}

test("a damaged bit of the metadata is an error or no matter, and fills no memory", async () => {
  const { tableFromArrays, tableToIPC } = arrow();
  const k = Int32Array.from({ length: 200 }, (_, i) => i % 5);
  const whole = tableToIPC(
    tableFromArrays({ k, v: Float64Array.from(k, (i) => i / 4), s: Array.from(k, String) }),
    "file",
  );
  const file = path.join(folder, "damaged-bit.arrow");
  const places = Array.from({ length: 100 }, (_, i) => [7 * i, whole.length - 1 - 7 * i]).flat();
  for (const [i, at] of places.entries()) {
    const bytes = Uint8Array.from(whole);
    bytes[at] = (bytes[at] as number) ^ (1 << (i % 8));
    writeFileSync(file, bytes);
    const answer = await chunked(file, { by: "s", agg: "v:sum" }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (answer !== undefined) expect(answer, `byte ${at}`).toBeInstanceOf(OutgrowError);
  }
  expect(process.memoryUsage().rss).toBeLessThan(2e9);
});
