import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import { type ParquetPlan, parquetPlanOf } from "../../../src/chunked/engines/parquet-plan.ts";
import { groupsOf } from "../../../src/chunked/engines/scan-plan.ts";
import { describeSource } from "../../../src/duckdb/describe.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { groupParquet } from "../../../src/scan/group-parquet.ts";
import { readFooter } from "../../../src/scan/parquet/footer.ts";
import { pageHead } from "../../../src/scan/parquet/page-head.ts";
import { ScanRefused } from "../../../src/scan/refused.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { makePlan, plain } from "../tables/both-ways.ts";
import { randomOf } from "./datasets.ts";

let folder: string;
let duckdb: DuckdbSession;
let taken = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-parquet-"));
  duckdb = await openDuckdb();
});

afterAll(async () => {
  await duckdb?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Columns of every type that the scanner reads; `n` is the row, `h` a number that looks random. */
const COLUMNS: Readonly<Record<string, string>> = {
  i8: "(h % 200 - 100)::TINYINT",
  i16: "(h % 30000 - 20000)::SMALLINT",
  i32: "(h % 11)::INTEGER",
  i64: "CASE WHEN n % 97 = 0 THEN -9223372036854775807 ELSE h % 7 END::BIGINT",
  sorted: "(n * 3)::BIGINT",
  u8: "(h % 256)::UTINYINT",
  u16: "(h % 65536)::USMALLINT",
  u32: "CASE WHEN h % 7 = 0 THEN NULL ELSE h % 70000 END::UINTEGER",
  u64: "(h % 1000)::UBIGINT",
  f32: "(h % 100 / 8)::FLOAT",
  f64: "CASE WHEN h % 500 = 1 THEN 'NaN'::DOUBLE WHEN h % 500 = 2 THEN 'inf'::DOUBLE ELSE (h % 1000) / 7 END",
  cents: "(h % 100000)::DOUBLE / 100",
  small: "((h % 2000 - 1000) / 100)::DECIMAL(4, 2)",
  money: "((h % 2000000 - 1000000) / 100)::DECIMAL(9, 2)",
  wide: "((h % 2000000000 - 1000000) / 1000)::DECIMAL(18, 4)",
  flag: "h % 3 = 0",
  word: "(['a', 'Straße', 'a text that is longer than fifteen', ''])[h % 4 + 1]",
  many: "'text ' || (h % 5000)",
  day: "DATE '1969-12-20' + (h % 40)::INTEGER",
  at: "TIMESTAMP '1969-12-31 23:59:59' + to_microseconds(h % 5000000)",
  zoned: "(TIMESTAMP '2024-01-31 23:59:59' + to_seconds(h % 50))::TIMESTAMPTZ",
  milli: "(TIMESTAMP '2024-01-31 23:59:59' + to_seconds(h % 50))::TIMESTAMP_MS",
};

const HOW = [
  "COMPRESSION uncompressed",
  "COMPRESSION snappy",
  "COMPRESSION gzip",
  "COMPRESSION snappy, PARQUET_VERSION v2",
  "COMPRESSION uncompressed, PARQUET_VERSION v2",
  "COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1",
  "COMPRESSION snappy, STRING_DICTIONARY_PAGE_SIZE_LIMIT 64",
];

async function write(file: string, rows: number, seed: number, how: string, group: number): Promise<string> {
  const nulls = seed % 3;
  const list = Object.entries(COLUMNS).map(([name, sql], i) => {
    // None is missing, some are, or all of a stretch.
    const isMissing = nulls === 0 ? "false" : nulls === 1 ? `(h + ${i}) % 5 = 0` : `(n // 3000 + ${i}) % 2 = 0`;
    return `CASE WHEN ${isMissing} THEN NULL ELSE ${sql} END AS ${name}`;
  });
  const target = path.join(folder, file);
  await duckdb.execute(
    `COPY (SELECT ${list.join(", ")} FROM (SELECT range AS n, (hash(range + ${seed}) % 1000000007)::BIGINT AS h FROM range(${rows})))
     TO '${target}' (FORMAT parquet, ROW_GROUP_SIZE ${group}, ${how})`,
  );
  return target;
}

describe("the scanner and DuckDB give the same of Parquet files, to the type", () => {
  test.each(Array.from({ length: 21 }, (_, i) => i + 1))("seed %i", async (seed) => {
    const random = randomOf(seed);
    const how = HOW[seed % HOW.length] as string;
    const rows = random.pick([0, 1, 9, 3000, 20_000, 50_000]);
    const source = await resolveSource(await write(`${seed}.parquet`, rows, seed, how, random.pick([2048, 10_240])));
    const schema = await describeSource(duckdb, source);
    for (let i = 0; i < 8; i++) {
      const words = makePlan(random, schema);
      const plan = await parquetPlanOf(source, words);
      if ("refused" in plan) {
        expect(plan.refused).toMatch(/no column is read|encoded in a way|packed in a way|may leave out row groups/);
        continue;
      }
      const ours = await scanned(plan, { threads: random.pick([1, 2, 3]) });
      if (ours === undefined) continue;
      taken++;
      // Once more by the kernel that looks after its own memory.
      const again = await scanned(plan, { threads: 1, tuning: { build: "checked", smallBytes: 1e9 } });
      expect(plain(again ?? ours, ours.columns)).toEqual(plain(ours));
      const theirs = await aggregateByDuckdb(duckdb, source, words, () => undefined);
      expect({ words, how, ...plain(ours) }).toEqual({ words, how, ...plain(theirs, ours.columns) });
    }
  });

  test("the scanner takes nearly all of them", () => {
    expect(taken).toBeGreaterThan(80);
  });
});

async function scanned(plan: ParquetPlan, options: Parameters<typeof groupParquet>[2]) {
  try {
    const { columns, matched: rows } = await groupParquet(plan.parquet, groupsOf(plan), {
      ...options,
      tuning: { pieceBytes: 1, smallBytes: 0, ...options?.tuning },
    });
    return { columns, rows };
  } catch (failure) {
    if (failure instanceof ScanRefused && /may cancel out$/.test(failure.message)) return undefined;
    throw failure;
  }
}

test("what a run says of it", async () => {
  const file = await write("told.parquet", 5000, 1, "COMPRESSION snappy", 2048);
  const found = await chunked(file, { by: "word", agg: "cents:sum" });
  expect(found.run).toMatchObject({ engine: "scanner", rows: 5000 });
  expect(found.run.reason).toContain("the data are Parquet");
  const { wholeBytes } = found.run;
  const other = await chunked(file, { by: "word", agg: "cents:median" });
  expect(other.run.engine).toBe("DuckDB");
  for (const form of ["danfo", "pandas2", "pandas3"] as const)
    expect((wholeBytes?.[form] ?? 0) / (other.run.wholeBytes?.[form] ?? 1), form).toBeCloseTo(1, 0);
});

test("of a damaged file nothing is read that is not there, and what it gives is DuckDB's", async () => {
  const random = randomOf(7);
  let refused = 0;
  for (const [i, how] of HOW.entries()) {
    const file = await write("whole.parquet", 3000, 1 + (i % 2), how, 2048);
    const bytes = readFileSync(file);
    for (let round = 0; round < 40; round++) {
      const damaged = Buffer.from(bytes);
      const end = random.pick([bytes.length, bytes.length / 2]);
      for (let k = 0; k < 3; k++) damaged[4 + Math.floor(random.next() * (end - 12))] = Math.floor(random.next() * 256);
      const target = path.join(folder, "damaged.parquet");
      writeFileSync(target, damaged);
      const source = await resolveSource(target);
      const words = { by: random.pick(Object.keys(COLUMNS)), agg: `${random.pick(["i32", "f64", "money"])}:sum` };
      const plan = await parquetPlanOf(source, words);
      if ("refused" in plan) continue;
      const options = { threads: 1, tuning: { build: "checked" as const }, memoryLimit: 256 * 2 ** 20 };
      await groupParquet(plan.parquet, groupsOf(plan), options).catch((failure: unknown) => {
        expect(failure).toBeInstanceOf(ScanRefused);
        refused++;
      });
    }
  }
  expect(refused).toBeGreaterThan(10);
});

test("what a footer tells to lie behind the end of the file is not what was read before", async () => {
  const file = await write("short.parquet", 4096, 3, "COMPRESSION uncompressed", 2048);
  const source = await resolveSource(file);
  const plan = await parquetPlanOf(source, { agg: "sorted:sum" });
  if ("refused" in plan) throw new Error(plan.refused);
  const [first, second] = plan.parquet.groups;
  if (!first || !second) throw new Error("there are two groups");
  const behind = { ...second, chunks: second.chunks.map((chunk) => ({ ...chunk, start: source.bytes + 8 })) };
  const parquet = { ...plan.parquet, groups: [first, behind] };
  await expect(groupParquet(parquet, groupsOf(plan))).rejects.toThrow(/behind the end of its file/);
});

test("a footer with one wrong bit is none, or tells of all rows", async () => {
  const file = path.join(folder, "bits.parquet");
  await duckdb.execute(`COPY (SELECT range AS a, 'x' AS b FROM range(257)) TO '${file}' (FORMAT parquet)`);
  const bytes = readFileSync(file);
  const end = bytes.length - 8;
  for (let bit = 8 * (end - bytes.readUInt32LE(end)); bit < 8 * end; bit++) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    writeFileSync(file, damaged);
    const footer = await readFooter(file);
    if (footer) expect(footer.groups.map(({ rows }) => rows)).toEqual([257]);
  }
}, 30_000);

test("the head of a page is none where a field is of no type", () => {
  const head = [0x15, 0, 0x15, 16, 0x15, 16, 0x2c, 0x15, 4, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0];
  expect(pageHead(Buffer.from(head)).values).toBe(2);
  for (const type of [0, 13, 14, 15]) {
    const damaged = Buffer.from([...head.slice(0, 13), 0x10 + type, 6, 0, 0]);
    expect(() => pageHead(damaged), String(type)).toThrow(RangeError);
  }
});
