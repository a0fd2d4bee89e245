import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Found } from "../../../src/chunked/answer.ts";
import { chunked } from "../../../src/chunked/chunked.ts";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import { aggregate } from "../../../src/duckdb/aggregate.ts";
import { describeSource } from "../../../src/duckdb/describe.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteText } from "../../../src/duckdb/sql.ts";
import { type DataFrame, frameFromColumns } from "../../../src/frame/frame.ts";
import { planQuery, type QueryWords } from "../../../src/query/plan.ts";
import { resolveSource } from "../../../src/source/resolve.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 100_000;
const agg = "*:count,v:sum";

describe("a footer that tells wrong bounds of a key", () => {
  test.each([
    ["far too few", "i % 1000 + 1", { 1000: 500 }, 1, 1000],
    ["a few too few, for which there are places", "i % 1000 + 1", { 1000: 990 }, 1, 1000],
    ["a least one that is too large", "i % 1000 - 700", { [-700]: -300 }, -700, 299],
    ["the next to the least", "i % 1000 + 1", { 1: 2 }, 1, 1000],
    ["so few that the engine would keep eight bits of a key", "i % 1000 + 1", { 1000: 20 }, 1, 1000],
  ])("is not believed: %s", async (name, key, wrong, low, high) => {
    const file = await write(
      `${name}.parquet`,
      `SELECT ${key} AS k, 0.25::DOUBLE AS v FROM range(${ROWS}) t(i)`,
      wrong,
    );
    for (const words of [{}, { order: "k:asc" }]) {
      const frame = await byDuckdb(file, { by: "k", agg, ...words });
      const keys = Array.from(frame.column("k").values as ArrayLike<unknown>, Number);
      expect(keys).toEqual(Array.from({ length: high - low + 1 }, (_, i) => low + i));
      expect(new Set(frame.column("v_sum").values as Iterable<number>)).toEqual(new Set([25]));
      expect(frame.run.notes).toEqual([expect.stringContaining("wrong bounds of the keys")]);
      expect(frame.run.rows).toBe(ROWS);
    }
    // The scanner believes nothing of it, so that there is nothing to say.
    const scanned = await chunked(file, { by: "k", agg });
    expect([scanned.run.engine, scanned.run.notes, scanned.run.rows]).toEqual(["scanner", [], ROWS]);
    const first = await byDuckdb(file, { by: "k", agg });
    expect(scanned.values).toEqual(first.values);
  });

  test.each([{ 100: 61 }, { 1: 30 }, { 100: 7 }])("nor of one of two keys: %j", async (wrong) => {
    const sql = `SELECT i % 7 + 200 AS a, (i // 7) % 100 + 1 AS b, 0.25::DOUBLE AS v FROM range(70000) t(i)`;
    const file = await write("two.parquet", sql, wrong);
    const frame = await byDuckdb(file, { by: "a,b", agg });
    const expected = Array.from({ length: 700 }, (_, i) => [200 + Math.floor(i / 100), 1 + (i % 100), 100, 25]);
    expect((frame.values as unknown[][]).map((row) => row.map(Number))).toEqual(expected);
    expect(frame.run.notes).toHaveLength(1);
  });

  test("nor where the result is written to a file", async () => {
    const sql = `SELECT i % 1000 + 1 AS k, 0.25::DOUBLE AS v FROM range(${ROWS}) t(i)`;
    const file = await write("source.parquet", sql, { 1000: 500 });
    const to = path.join(folder, "sums.csv");
    const written = await chunked(file, { by: "k", agg: "v:sum", to });
    expect(written.run.notes).toEqual([expect.stringContaining("wrong bounds of the keys")]);
    expect(readFileSync(to, "utf8").trimEnd().split("\n").slice(1)).toEqual(
      Array.from({ length: 1000 }, (_, i) => `${i + 1},25.0`),
    );
  });

  test("and nothing is left of the result that it spoiled", async () => {
    const file = await write("left.parquet", `SELECT i % 1000 + 1 AS k FROM range(${ROWS}) t(i)`, { 1000: 990 });
    await using session = await openDuckdb();
    const source = await resolveSource(file);
    const described = await describeSource(session, source);
    const plan = planQuery(described, { by: "k", agg: "*:count", order: "k:asc" });
    const { rows, notes } = await aggregate(session, source, described, plan);
    expect([rows, notes.length]).toEqual([1000, 1]);
    expect((await session.query("SELECT table_name FROM duckdb_tables()")).rows).toBe(0);
  });

  test("and one that tells the truth is", async () => {
    const sql = `SELECT if(i % 1000 = 3, NULL, i % 1000 - 2::BIGINT ** 34)::BIGINT AS k, 0.25::DOUBLE AS v FROM range(${ROWS}) t(i)`;
    const frame = await byDuckdb(await write("true.parquet", sql, {}), { by: "k", agg });
    expect(frame.shape).toEqual([1000, 3]);
    expect((frame.values as unknown[][]).at(-1)).toEqual([null, 100, 25]);
    expect(frame.run.notes).toEqual([]);
  });
});

/** By the general engine, as what the scanner does not take. */
async function byDuckdb(file: string, words: QueryWords): Promise<DataFrame & { run: Pick<Found, "rows" | "notes"> }> {
  await using session = await openDuckdb();
  const run = await aggregateByDuckdb(session, await resolveSource(file), words, () => undefined);
  return Object.assign(frameFromColumns(run.columns), { run });
}

/** Writes Parquet, and other values in place of some that its footer tells. */
async function write(name: string, sql: string, wrong: Readonly<Record<number, number>>): Promise<string> {
  const file = path.join(folder, name);
  {
    await using session = await openDuckdb();
    await session.execute(`COPY (${sql}) TO ${quoteText(file)} (FORMAT parquet)`);
  }
  const bytes = readFileSync(file);
  const footer = bytes.subarray(bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
  for (const [from, to] of Object.entries(wrong)) {
    const [before, after] = [from, to].map((value) => Buffer.from(BigInt64Array.of(BigInt(value)).buffer));
    let changed = 0;
    for (let at = footer.indexOf(before as Buffer); at >= 0; at = footer.indexOf(before as Buffer, at + 8)) {
      footer.set(after as Buffer, at);
      changed++;
    }
    expect(changed).toBeGreaterThan(0);
  }
  writeFileSync(file, bytes);
  return file;
}
