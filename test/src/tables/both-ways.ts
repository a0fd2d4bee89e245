import { frameFromColumns } from "../../../src/frame/frame.ts";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import type { QueryWords, SourceSchema } from "../../../src/query/plan.ts";
import type { Random } from "../chunked/datasets.ts";

const NUMERIC = ["sum", "mean", "min", "max", "var", "std", "any", "all", "nunique", "count", "first", "last"];
const OTHER = ["min", "max", "nunique", "count", "first", "last"];

/** A query over some of the columns, and no function that needs an order. */
export function makePlan(random: Random, { columns }: SourceSchema): QueryWords {
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
export function plain({ rows, columns }: { rows: number; columns: readonly EngineColumn[] }, like = columns): Plain {
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
