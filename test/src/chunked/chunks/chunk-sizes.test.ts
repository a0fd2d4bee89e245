import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunksByDuckdb } from "../../../../src/chunked/chunks/by-duckdb.ts";
import { chunksByScanner } from "../../../../src/chunked/chunks/by-scanner.ts";
import { chunksByTables } from "../../../../src/chunked/chunks/by-tables.ts";
import type { EngineChunk } from "../../../../src/chunked/chunks/chunk-stream.ts";
import { scanPlanOf } from "../../../../src/chunked/engines/scan-plan.ts";
import { openDuckdb } from "../../../../src/duckdb/session.ts";
import { frameFromColumns } from "../../../../src/frame/frame.ts";
import { ChunkRows } from "../../../../src/scan/chunk-rows.ts";
import { scanColumns } from "../../../../src/scan/scan-columns.ts";
import { sniffTable } from "../../../../src/scan/sniff.ts";
import { resolveSource } from "../../../../src/source/resolve.ts";
import { tablesOfFrame } from "../../../../src/tables/frame-tables.ts";

const ROWS = 400_000;
const SIZE = { rows: 20_000 };
/** Chunks that may be on their way when fewer rows are wanted. */
const AHEAD = 6;
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-sizes-"));
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},${i / 8},word ${i % 50}`);
  writeFileSync(path.join(cwd, "rows.csv"), `id,half,word\n${lines.join("\n")}\n`);
  // The last row's second value is none of its column's.
  writeFileSync(path.join(cwd, "spoiled.csv"), `id,half,word\n${lines.join("\n")}\n${ROWS},2020-01-01,x\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Reads to the end, wants fewer rows from the third chunk on, and gives the sizes; every row must come once, in its place. */
async function sizesOf(chunks: AsyncIterable<EngineChunk>, limit: { mostRows: number }): Promise<number[]> {
  const sizes: number[] = [];
  let next = 0;
  for await (const { columns, rows, firstRow } of chunks) {
    expect(firstRow).toBe(next);
    const ids = columns[0]?.values as ArrayLike<number | bigint>;
    expect([ids.length, Number(ids[0]), Number(ids[rows - 1])]).toEqual([rows, next, next + rows - 1]);
    next += rows;
    sizes.push(rows);
    if (sizes.length === 3) limit.mostRows = 1500;
    if (sizes.length === 60) limit.mostRows = 700;
  }
  expect(next).toBe(ROWS);
  return sizes;
}

function expectSmaller(sizes: readonly number[]): void {
  expect(sizes.slice(0, 3)).toEqual([SIZE.rows, SIZE.rows, SIZE.rows]);
  expect(new Set(sizes.slice(3 + AHEAD, 60))).toEqual(new Set([1500]));
  expect(new Set(sizes.slice(60 + AHEAD, -1))).toEqual(new Set([700]));
}

test.each([1, 2])(
  "the scanner cuts smaller chunks while it runs, also where %i threads take turns",
  async (threads) => {
    const table = await sniffTable(await resolveSource("rows.csv", { cwd }), {});
    const sizes = new ChunkRows();
    const limit = {
      set mostRows(rows: number) {
        sizes.limitTo(rows);
      },
    };
    const scan = scanColumns(table, { ...SIZE, shared: sizes.buffer }, { threads, tuning: { pieceBytes: 1 } });
    expectSmaller(await sizesOf(scan, limit));
  },
);

test("rows that were handed out before a fault do not come again when their chunks are smaller by then", async () => {
  const table = await sniffTable(await resolveSource("spoiled.csv", { cwd }), {});
  const sizes = new ChunkRows();
  let [next, chunks] = [0, 0];
  const walk = async () => {
    for await (const { rows, columns } of scanColumns(
      table,
      { ...SIZE, shared: sizes.buffer },
      { threads: 2, tuning: { pieceBytes: 1 } },
    )) {
      const ids = columns[0]?.values as ArrayLike<number | bigint>;
      expect(Number(ids[0])).toBe(next);
      next += rows;
      if (++chunks === 2) sizes.limitTo(1100);
    }
  };
  await expect(walk()).rejects.toMatchObject({ code: "E_BAD_VALUE" });
  expect(next).toBeGreaterThan(ROWS - 1100);
});

test("chunksByScanner looks at its limit", async () => {
  const limit = { mostRows: Number.POSITIVE_INFINITY };
  const source = await resolveSource("rows.csv", { cwd });
  const scan = await scanPlanOf(source, {});
  if ("refused" in scan) throw new Error(scan.refused);
  const found = await chunksByScanner(source, scan, {}, { size: SIZE, limit }, () => undefined);
  if ("refused" in found) throw new Error(found.refused);
  expectSmaller(await sizesOf(found.chunks, limit));
});

test("DuckDB and tables look at theirs before each chunk", async () => {
  await using session = await openDuckdb();
  const source = await resolveSource("rows.csv", { cwd });
  const limit = { mostRows: Number.POSITIVE_INFINITY };
  expectSmaller(
    await sizesOf(
      chunksByDuckdb(session, source, {}, { size: SIZE, limit }, () => undefined),
      limit,
    ),
  );
  const frame = frameFromColumns([
    { name: "id", type: "int32", values: Int32Array.from({ length: ROWS }, (_, i) => i) },
  ]);
  const other = { mostRows: Number.POSITIVE_INFINITY };
  const tables = chunksByTables(tablesOfFrame(frame), {}, { size: SIZE, limit: other }, () => undefined);
  expectSmaller(await sizesOf(tables, other));
});

test("DuckDB and tables pass over what was taken before", async () => {
  await using session = await openDuckdb();
  const source = await resolveSource("rows.csv", { cwd });
  const frame = frameFromColumns([
    { name: "id", type: "int32", values: Int32Array.from({ length: ROWS }, (_, i) => i) },
  ]);
  for (const taken of [0, 1, 60_000, ROWS - 1, ROWS]) {
    const resume = { engine: "DuckDB", how: undefined, rows: taken };
    for (const chunks of [
      chunksByDuckdb(session, source, {}, { size: SIZE, resume }, () => undefined),
      chunksByTables(tablesOfFrame(frame), {}, { size: SIZE, resume }, () => undefined),
    ]) {
      let next = taken;
      for await (const { columns, rows, firstRow } of chunks) {
        const ids = columns[0]?.values as ArrayLike<number | bigint>;
        expect([firstRow, Number(ids[0]), Number(ids[rows - 1])]).toEqual([next, next, next + rows - 1]);
        next += rows;
      }
      expect(next).toBe(ROWS);
    }
  }
});

test("tables of wide rows are cut to what a memory limit allows", async () => {
  const wide = frameFromColumns([
    { name: "text", type: "str", values: Array.from({ length: 3000 }, (_, i) => `${i}`.padEnd(20_000, "x")) },
  ]);
  const counts: number[] = [];
  for await (const { rows } of chunksByTables(tablesOfFrame(wide), { memoryLimit: 64 * 2 ** 20 }, {}, () => undefined))
    counts.push(rows);
  expect(Math.max(...counts)).toBeLessThan(400);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(3000);
});
