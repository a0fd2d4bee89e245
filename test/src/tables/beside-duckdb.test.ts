import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import { aggregateTables } from "../../../src/chunked/engines/by-scanner.ts";
import { groupsOf } from "../../../src/chunked/engines/scan-plan.ts";
import { tablesPlanOf } from "../../../src/chunked/engines/tables-plan.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import type { QueryWords } from "../../../src/query/plan.ts";
import { groupTables } from "../../../src/scan/group-tables.ts";
import { holdTables } from "../../../src/tables/hold.ts";
import { schemaOfFields, type TableSource } from "../../../src/tables/table-source.ts";
import { type Random, randomOf } from "../chunked/datasets.ts";
import { makeTables } from "./make-tables.ts";

// The same query over the same tables by the scanner, into whose memory they are laid, and by DuckDB over temporary Parquet files.
const PLANS = 12;

let duckdb: DuckdbSession;
let taken = 0;

beforeAll(async () => {
  duckdb = await openDuckdb();
});

afterAll(async () => {
  await duckdb?.close();
});

describe("both ways give the same, to the type", () => {
  test.each(Array.from({ length: 12 }, (_, i) => i + 1))("seed %i", async (seed) => {
    const random = randomOf(seed);
    const source = makeTables(random);
    await using held = await holdTables(source);
    for (let i = 0; i < PLANS; i++) {
      const words = makePlan(random, source);
      const plan = tablesPlanOf(source, words);
      const ours = "refused" in plan ? plan : await aggregateTables(source, plan, words, () => undefined);
      if ("refused" in ours) {
        expect(ours.refused).toMatch(/^"nano" is datetime64\[ns\] \(Timestamp|may cancel out$/);
        continue;
      }
      taken++;
      // Once more by the kernel that looks after its own memory.
      const looking = { build: "checked" } as const;
      const again =
        "refused" in plan ? ours : await groupTables(source.batches(), plan.columns, groupsOf(plan), looking);
      expect({ ...plain(again), rows: ours.rows }).toEqual(plain(ours));
      const theirs = await aggregateByDuckdb(duckdb, held.source, words, () => undefined);
      expect({ words, ...plain(ours) }).toEqual({ words, ...plain(theirs, ours.columns) });
    }
  });

  test("the scanner takes nearly all of them", () => {
    expect(taken).toBeGreaterThan(100);
  });
});

const NUMERIC = ["sum", "mean", "min", "max", "var", "std", "any", "all", "nunique", "count", "first", "last"];
const OTHER = ["min", "max", "nunique", "count", "first", "last"];

function makePlan(random: Random, { fields = [] }: TableSource): QueryWords {
  const columns = schemaOfFields(fields).columns;
  const by = random.shuffled(columns).slice(0, random.pick([0, 1, 1, 2, 3]));
  const agg = random.shuffled(columns).flatMap(({ name, type }) => {
    const fns = /^(u?int|float|decimal|bool)/.test(type) ? NUMERIC : OTHER;
    return random
      .shuffled(fns)
      .slice(0, 2)
      .map((fn) => `${name}_${fn}=${name}:${fn}`);
  });
  const where = random.shuffled(columns).flatMap(({ name, type }) => testsOf(name, type))[0];
  return {
    by: by.map(({ name }) => name),
    agg: ["rows=*:count", ...agg],
    ...(random.pick([true, false]) && where !== undefined && { where }),
  };
}

function testsOf(name: string, type: string): string[] {
  if (/int/.test(type)) return [`${name} > 3`];
  if (/^float/.test(type)) return [`${name} <= 0.5`];
  if (/^decimal/.test(type)) return [`${name} <> 1.25`];
  if (type === "str") return [`${name} IN ('a', 'Straße')`];
  if (type === "bool") return [`${name} = true`];
  return [`${name} IS NOT NULL`];
}

interface Plain {
  readonly rows: number;
  readonly types: readonly string[];
  readonly values: readonly unknown[][];
}

/** Sums of doubles may differ in what rounding leaves: those of `like` stand for what is so near. */
function plain({ rows, columns }: { rows: number; columns: readonly EngineColumn[] }, like = columns): Plain {
  const [found, other] = [valuesOf(columns), valuesOf(like)];
  return {
    rows,
    types: columns.map(({ type }) => type),
    values: found.map((row, r) => row.map((value, c) => nearest(value, other[r]?.[c]))),
  };
}

function valuesOf(columns: readonly EngineColumn[]): unknown[][] {
  const frame = frameFromColumns(columns.map((column, i) => ({ ...column, name: `c${i}` })));
  return (frame.values as unknown[][]).map((row) => row.map((value) => (Object.is(value, -0) ? 0 : value)));
}

function nearest(value: unknown, other: unknown): unknown {
  if (typeof value !== "number" || typeof other !== "number") return value;
  return Math.abs(value - other) <= 1e-12 * Math.abs(other) ? other : value;
}
