import type { NumberArray } from "./column.ts";
import { compareText } from "./compare-text.ts";
import type { PartialState } from "./partial.ts";
import { isNullAt, readerOf, type View } from "./view.ts";

/** The aggregates that run on columns. */
export const COLUMN_AGGREGATES = ["sum", "mean", "count", "min", "max", "var", "std", "nunique"] as const;
export type ColumnAggregate = (typeof COLUMN_AGGREGATES)[number];

/** Rows of `view` that take part, by group. Nulls never do. */
export interface AggregateInput {
  readonly view: View;
  /** The group of each row; undefined when all rows are one group. */
  readonly ids?: Uint32Array | undefined;
  readonly groups: number;
  readonly length: number;
  /** Leaves NaN out as well, as Danfo's and pandas' own reductions do; in a group-by NaN is a value. */
  readonly skipNan?: boolean | undefined;
}

/** The state of one aggregate for each group, from which its value and any merge of it follow. */
export function aggregate(fn: ColumnAggregate, input: AggregateInput): PartialState {
  switch (fn) {
    case "sum":
    case "mean":
      return { fn, ...sums(input) };
    case "count":
      return { fn, n: counts(input) };
    case "min":
    case "max":
      return { fn, values: extremes(fn, input) };
    case "var":
    case "std":
      return { fn, ...moments(input) };
    case "nunique":
      return { fn, sets: distinct(input) };
  }
}

/** Double-double sums: what one addition loses is kept beside it, so that the order of rows and chunks does not show. */
function sums(input: AggregateInput) {
  const { ids, groups } = input;
  const n = new Float64Array(groups);
  const high = new Float64Array(groups);
  const low = new Float64Array(groups);
  let rest = false;
  const add = (group: number, value: number) => {
    const before = high[group] as number;
    const after = before + value;
    high[group] = after;
    if (!Number.isFinite(after)) return;
    const back = after - before;
    const lost = before - (after - back) + (value - back);
    if (lost !== 0) {
      low[group] = (low[group] as number) + lost;
      rest = true;
    }
  };
  const { view } = input;
  eachValue(input, (i) => {
    const group = ids ? (ids[i] as number) : 0;
    n[group] = (n[group] as number) + 1;
    if (view.kind === "bigint") {
      const value = view.values[i] as bigint;
      const near = Number(value);
      add(group, near);
      add(group, Number(value - BigInt(near)));
    } else add(group, Number(view.values[i]));
  });
  if (rest) normalise(high, low);
  return { n, high, low: rest ? low : undefined };
}

function normalise(high: Float64Array, low: Float64Array): void {
  for (let group = 0; group < high.length; group++) {
    const sum = (high[group] as number) + (low[group] as number);
    if (!Number.isFinite(sum)) continue;
    low[group] = (low[group] as number) - (sum - (high[group] as number));
    high[group] = sum;
  }
}

function counts(input: AggregateInput): Float64Array {
  const n = new Float64Array(input.groups);
  const { ids } = input;
  eachValue(input, (i) => {
    const group = ids ? (ids[i] as number) : 0;
    n[group] = (n[group] as number) + 1;
  });
  return n;
}

/** NaN stands above every number. */
function extremes(fn: "min" | "max", input: AggregateInput): unknown[] {
  const { view, ids, groups } = input;
  const rows = new Int32Array(groups).fill(-1);
  const comparable: ArrayLike<unknown> =
    view.kind === "codes" ? Array.from(view.values, (code) => view.dictionary[code]) : view.values;
  const isBetter = fn === "min" ? isBelow : (a: unknown, b: unknown) => isBelow(b, a);
  eachValue(input, (i) => {
    const group = ids ? (ids[i] as number) : 0;
    const best = rows[group] as number;
    if (best < 0 || isBetter(comparable[i], comparable[best])) rows[group] = i;
  });
  const read = readerOf(view);
  return Array.from(rows, (row) => (row < 0 ? null : read(row)));
}

function isBelow(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b) < 0;
  if (Number.isNaN(b)) return !Number.isNaN(a);
  return (a as number) < (b as number);
}

/** Welford's running mean and squared deviation. */
function moments(input: AggregateInput) {
  const { view, ids, groups } = input;
  const n = new Float64Array(groups);
  const mean = new Float64Array(groups);
  const m2 = new Float64Array(groups);
  eachValue(input, (i) => {
    const group = ids ? (ids[i] as number) : 0;
    const value = Number(view.values[i]);
    const count = (n[group] as number) + 1;
    const delta = value - (mean[group] as number);
    const next = (mean[group] as number) + delta / count;
    n[group] = count;
    mean[group] = next;
    m2[group] = (m2[group] as number) + delta * (value - next);
  });
  return { n, mean, m2 };
}

function distinct(input: AggregateInput): Set<unknown>[] {
  const { view, ids, groups } = input;
  const sets = Array.from({ length: groups }, () => new Set<unknown>());
  const read = view.kind === "number" ? (i: number) => view.values[i] : readerOf(view);
  eachValue(input, (i) => sets[ids ? (ids[i] as number) : 0]?.add(read(i)));
  return sets;
}

/** Calls back with the number of each row that takes part. */
function eachValue({ view, length, skipNan }: AggregateInput, visit: (i: number) => void): void {
  const mayBeNull = view.bits !== undefined || view.kind === "object" || view.kind === "codes";
  const mayBeNan = skipNan && view.kind === "number" && !isIntegers(view.values);
  for (let i = 0; i < length; i++) {
    if (mayBeNull && isNullAt(view, i)) continue;
    if (mayBeNan && Number.isNaN(view.values[i])) continue;
    visit(i);
  }
}

function isIntegers(values: NumberArray): boolean {
  return !(values instanceof Float64Array || values instanceof Float32Array);
}
