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

/** The rows of a column that take part, and how many of each group; all aggregates of a column can share it. */
export interface Participants {
  /** Undefined when all rows do. */
  readonly rows: Uint32Array | undefined;
  readonly n: Float64Array;
}

/** The state of one aggregate for each group, from which its value and any merge of it follow. */
export function aggregate(
  fn: ColumnAggregate,
  input: AggregateInput,
  participants: Participants = participantsOf(input),
): PartialState {
  const { n } = participants;
  switch (fn) {
    case "sum":
    case "mean":
      return { fn, n, ...sums(input, participants) };
    case "count":
      return { fn, n };
    case "min":
    case "max":
      return { fn, values: extremes(fn, input, participants) };
    case "var":
    case "std":
      return { fn, n, ...moments(input, participants) };
    case "nunique":
      return { fn, sets: distinct(input, participants) };
  }
}

export function participantsOf(input: AggregateInput): Participants {
  const { ids, groups, length } = input;
  const rows = rowsOf(input);
  const n = new Float64Array(groups);
  const count = rows ? rows.length : length;
  if (!ids) n.fill(count, 0, 1);
  else
    for (let k = 0; k < count; k++) {
      const group = ids[rows ? (rows[k] as number) : k] as number;
      n[group] = (n[group] as number) + 1;
    }
  return { rows, n };
}

function rowsOf({ view, length, skipNan }: AggregateInput): Uint32Array | undefined {
  const mayBeNull = view.bits !== undefined || view.kind === "object" || view.kind === "codes";
  const mayBeNan = skipNan && view.kind === "number" && !isIntegers(view.values);
  if (!mayBeNull && !(mayBeNan && hasNan(view.values))) return undefined;
  const rows = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (mayBeNull && isNullAt(view, i)) continue;
    if (mayBeNan && Number.isNaN(view.values[i])) continue;
    rows[count++] = i;
  }
  return count === length ? undefined : rows.subarray(0, count);
}

function hasNan(values: NumberArray): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

function isIntegers(values: NumberArray): boolean {
  return !(values instanceof Float64Array || values instanceof Float32Array);
}

function sums({ view, ids, groups, length }: AggregateInput, { rows }: Participants) {
  const sums = new Sums(groups);
  const count = rows ? rows.length : length;
  if (!ids && view.kind === "number") return sums.ofOne(view.values, rows, count);
  for (let k = 0; k < count; k++) {
    const i = rows ? (rows[k] as number) : k;
    const group = ids ? (ids[i] as number) : 0;
    if (view.kind === "bigint") {
      const value = view.values[i] as bigint;
      const near = Number(value);
      sums.add(group, near);
      sums.add(group, Number(value - BigInt(near)));
    } else sums.add(group, Number(view.values[i]));
  }
  return sums.finish();
}

/** Double-double sums: what one addition loses is kept beside it, so that the order of rows and chunks does not show. */
class Sums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  #rest = false;

  constructor(groups: number) {
    this.#high = new Float64Array(groups);
    this.#low = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    const before = this.#high[group] as number;
    const after = before + value;
    this.#high[group] = after;
    const back = after - before;
    const lost = before - (after - back) + (value - back);
    // Of an infinity it is no number.
    if (lost === 0 || Number.isNaN(lost)) return;
    this.#low[group] = (this.#low[group] as number) + lost;
    this.#rest = true;
  }

  /** The only group's sum of numbers, without a look at memory for each of them. */
  ofOne(values: NumberArray, rows: Uint32Array | undefined, count: number) {
    let high = 0;
    let low = 0;
    for (let k = 0; k < count; k++) {
      const value = values[rows ? (rows[k] as number) : k] as number;
      const after = high + value;
      const back = after - high;
      const lost = high - (after - back) + (value - back);
      high = after;
      // Of an infinity it is no number.
      if (!Number.isNaN(lost)) low += lost;
    }
    this.#high[0] = high;
    this.#low[0] = low;
    this.#rest = low !== 0;
    return this.finish();
  }

  finish(): { readonly high: Float64Array; readonly low: Float64Array | undefined } {
    const [high, low] = [this.#high, this.#low];
    if (!this.#rest) return { high, low: undefined };
    for (let group = 0; group < high.length; group++) {
      const sum = (high[group] as number) + (low[group] as number);
      if (!Number.isFinite(sum)) continue;
      low[group] = (low[group] as number) - (sum - (high[group] as number));
      high[group] = sum;
    }
    return { high, low };
  }
}

/** NaN stands above every number. */
function extremes(fn: "min" | "max", { view, ids, groups, length }: AggregateInput, { rows }: Participants): unknown[] {
  const best = new Int32Array(groups).fill(-1);
  const comparable: ArrayLike<unknown> =
    view.kind === "codes" ? Array.from(view.values, (code) => view.dictionary[code]) : view.values;
  const isBetter = fn === "min" ? isBelow : (a: unknown, b: unknown) => isBelow(b, a);
  const count = rows ? rows.length : length;
  for (let k = 0; k < count; k++) {
    const i = rows ? (rows[k] as number) : k;
    const group = ids ? (ids[i] as number) : 0;
    const known = best[group] as number;
    if (known < 0 || isBetter(comparable[i], comparable[known])) best[group] = i;
  }
  const read = readerOf(view);
  return Array.from(best, (row) => (row < 0 ? null : read(row)));
}

function isBelow(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b) < 0;
  if (Number.isNaN(b)) return !Number.isNaN(a);
  return (a as number) < (b as number);
}

/** Welford's running mean and squared deviation. */
function moments({ view, ids, groups, length }: AggregateInput, { rows }: Participants) {
  const n = new Float64Array(groups);
  const mean = new Float64Array(groups);
  const m2 = new Float64Array(groups);
  const rowCount = rows ? rows.length : length;
  for (let k = 0; k < rowCount; k++) {
    const i = rows ? (rows[k] as number) : k;
    const group = ids ? (ids[i] as number) : 0;
    const value = Number(view.values[i]);
    const count = (n[group] as number) + 1;
    const delta = value - (mean[group] as number);
    const next = (mean[group] as number) + delta / count;
    n[group] = count;
    mean[group] = next;
    m2[group] = (m2[group] as number) + delta * (value - next);
  }
  return { mean, m2 };
}

function distinct({ view, ids, groups, length }: AggregateInput, { rows }: Participants): Set<unknown>[] {
  const sets = Array.from({ length: groups }, () => new Set<unknown>());
  const read = view.kind === "number" ? (i: number) => view.values[i] : readerOf(view);
  const count = rows ? rows.length : length;
  for (let k = 0; k < count; k++) {
    const i = rows ? (rows[k] as number) : k;
    sets[ids ? (ids[i] as number) : 0]?.add(read(i));
  }
  return sets;
}
