import type { ColumnAggregate } from "./aggregate.ts";
import type { Column, NumberArray } from "./column.ts";
import type { Partial, PartialKey, PartialState } from "./partial.ts";
import { isNullAt, type View } from "./view.ts";

/** Fewer rows are grouped in no time. */
const LEAST_ROWS = 4096;
/** Rows that are looked at from the start, and as many all over the column. */
const SAMPLE = 512;
/** Of those, how many must have a key of their own. */
const SCATTERED = 0.95;

/** An aggregate of a column. */
export interface Wanted {
  readonly column: Column;
  readonly fn: ColumnAggregate;
}

/**
 * The rows as a partial in which each is a group by itself, which merges to the same as their groups. Where nearly every row has a key of its own
 * that spares the grouping; elsewhere, and where an aggregate is not one of plain numbers, undefined. It refers to the columns, which are then hardly
 * more than the groups would be.
 */
export function ungrouped(keys: readonly Column[], wanted: readonly Wanted[], length: number): Partial | undefined {
  if (length < LEAST_ROWS || !keys.some(({ exactView }) => isScattered(exactView, length))) return undefined;
  const states = wanted.map(({ column, fn }) => rowStates(fn, column, length));
  if (!states.every((state) => state !== undefined)) return undefined;
  return {
    keys: keys.map((column) => rowKeys(column)),
    groups: length,
    aggregates: wanted.map(({ column, fn }, i) => ({
      name: `${column.name}_${fn}`,
      column: column.name,
      type: column.type,
      state: states[i] as PartialState,
    })),
  };
}

function isScattered(view: View, length: number): boolean {
  if (view.kind !== "number" && view.kind !== "codes") return false;
  const seen = new Set<number>();
  for (let i = 0; i < SAMPLE; i++) {
    seen.add(view.values[i] as number);
    seen.add(view.values[SAMPLE + Math.floor((i / SAMPLE) * (length - SAMPLE))] as number);
  }
  return seen.size >= SCATTERED * 2 * SAMPLE;
}

/** The aggregate of each row alone. */
function rowStates(fn: ColumnAggregate, { view }: Column, length: number): PartialState | undefined {
  if (view.kind !== "number" || view.date) return undefined;
  const n = view.bits ? Float64Array.from({ length }, (_, i) => (isNullAt(view, i) ? 0 : 1)) : ones(length);
  const values = view.bits ? withoutNulls(view.values, n) : view.values;
  switch (fn) {
    case "sum":
    case "mean":
      return { fn, n, high: values };
    case "count":
      return { fn, n };
    case "var":
    case "std":
      return { fn, n, mean: values, m2: new Float64Array(length) };
    default:
      return undefined;
  }
}

let known = new Float64Array(0);

function ones(length: number): Float64Array {
  if (known.length < length) known = new Float64Array(length).fill(1);
  return known.subarray(0, length);
}

/** What stands in the place of a null means nothing. */
function withoutNulls(values: NumberArray, n: Float64Array): Float64Array {
  return Float64Array.from(n, (count, i) => (count === 0 ? 0 : (values[i] as number)));
}

function rowKeys(column: Column): PartialKey {
  const { name, type, exactView: view } = column;
  if (view.kind === "codes") {
    // Codes of bytes have no room for -1.
    const codes = view.bits ? Int32Array.from(view.values, (code, i) => (isNullAt(view, i) ? -1 : code)) : view.values;
    return { name, type, values: [], coded: { codes, dictionary: view.dictionary } };
  }
  if (view.kind === "bigint")
    return { name, type, values: Array.from(view.values, (value, i) => (isNullAt(view, i) ? null : value)) };
  if (view.kind !== "number") return { name, type, values: column.toArray() };
  const { values } = view;
  return {
    name,
    type,
    values: view.bits ? Array.from(values, (v, i) => (isNullAt(view, i) ? null : v)) : doubles(values),
  };
}

function doubles(values: NumberArray): Float64Array {
  return values instanceof Float64Array ? values : new Float64Array(values);
}
