import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import type { SourceInput } from "../../../src/chunked/source.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteText } from "../../../src/duckdb/sql.ts";
import { arrow } from "../../../src/frame/arrow.ts";
import { columnsOf, type DataFrame, frameFromArrow } from "../../../src/frame/frame.ts";
import { makeText, randomOf } from "./plan-data.ts";
import { joined, makeFamily } from "./plans.ts";

// The same generated plans over the same rows, whatever they come in.
const FAMILIES = Number(process.env.OUTGROW_FAMILIES ?? 8);
const SEED = Number(process.env.OUTGROW_SEED ?? 1);
const PLANS = 9;

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-sources-"));
let duckdb: DuckdbSession;

beforeAll(async () => {
  duckdb = await openDuckdb();
});

afterAll(async () => {
  await duckdb?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(Array.from({ length: FAMILIES }, (_, i) => SEED * 100 + i))(
  "plans with seed %i give the same of Parquet, Arrow, a frame, frames and rows",
  async (seed) => {
    const random = randomOf(seed);
    const { csv } = makeText(random, random.below(120) + 1, { odd: ["NaN"] });
    const sources = await sourcesOf(csv, seed);
    const { words } = joined(makeFamily(random, PLANS));
    const expected = rowsOf(await chunked(path.join(folder, `${seed}.parquet`), words));
    for (const [name, open] of Object.entries(sources)) {
      // A Date has no microseconds.
      if (name === "rows" && /\b(at|z)\b/.test(JSON.stringify(words))) continue;
      const found = rowsOf(await chunked(open(), words));
      expect(found.types, `${name}, seed ${seed}`).toEqual(name === "rows" ? found.types : expected.types);
      expect(alike(found.columns, expected.columns), `${name}, seed ${seed}: ${JSON.stringify(words)}`).toBe(true);
    }
  },
  600_000,
);

/** The rows of a text in other forms. */
async function sourcesOf(csv: string, seed: number): Promise<Record<string, () => SourceInput>> {
  const file = (ending: string) => path.join(folder, `${seed}.${ending}`);
  writeFileSync(file("csv"), csv);
  await duckdb.execute(
    `COPY (FROM read_csv(${quoteText(file("csv"))}, header = true, types = {id: 'VARCHAR', n: 'BIGINT', big: 'BIGINT', amount: 'DOUBLE', x: 'DOUBLE', city: 'VARCHAR', ok: 'BOOLEAN', day: 'DATE', 'at': 'TIMESTAMP', z: 'TIMESTAMPTZ'})) TO ${quoteText(file("parquet"))}`,
  );
  await chunked(file("parquet"), { to: file("arrow") });
  const table = arrow().tableFromIPC(await readFile(file("arrow")));
  const frame = frameFromArrow(table);
  const half = Math.ceil(table.numRows / 2);
  return {
    arrow: () => file("arrow"),
    table: () => table,
    frame: () => frame,
    frames: async function* frames() {
      yield frameFromArrow(table.slice(0, half));
      yield frameFromArrow(table.slice(half));
    },
    rows: () => plainRows(frame),
  };
}

async function* plainRows(frame: DataFrame): AsyncGenerator<Record<string, unknown>> {
  const columns = columnsOf(frame).map((column) => ({ name: column.name, values: column.toArray() }));
  for (let row = 0; row < (frame.shape[0] ?? 0); row++)
    yield Object.fromEntries(columns.map(({ name, values }) => [name, values[row]]));
}

function rowsOf(frame: DataFrame) {
  const columns = columnsOf(frame);
  return {
    types: columns.map(({ name, type }) => `${name} ${type}`),
    columns: columns.map((column) => column.toArray()),
  };
}

/** Sums of doubles may differ in their last digits, and a bigint is the number that it stands for. */
function alike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, i) => alike(value, other[i]));
  const [a, b] = [plain(one), plain(other)];
  if (typeof a !== "number" || typeof b !== "number" || Object.is(a, b)) return Object.is(a, b);
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "bigint"
    ? String(value)
    : typeof value === "number" && Number.isInteger(value) && Math.abs(value) > 2 ** 53
      ? String(BigInt(value))
      : value;
}
