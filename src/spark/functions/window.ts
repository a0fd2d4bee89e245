import type { Column, ColumnOrName } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** The number of the row in its window partition, from 1. */
export function row_number(): Column {
  return invoke("row_number");
}

/** The rank in the partition; after a tie, numbers are left out. */
export function rank(): Column {
  return invoke("rank");
}

/** The rank in the partition, without gaps after a tie. */
export function dense_rank(): Column {
  return invoke("dense_rank");
}

/** The rank from 0 to 1. */
export function percent_rank(): Column {
  return invoke("percent_rank");
}

/** The share of rows that do not come after this one. */
export function cume_dist(): Column {
  return invoke("cume_dist");
}

/** The number, from 1, of one of `n` groups of nearly equal size. */
export function ntile(n: number): Column {
  return invoke("ntile", n);
}

/** The value `offset` rows before, or the default where there is no such row. */
export function lag(col: ColumnOrName, offset = 1, defaultValue?: unknown): Column {
  return invoke("lag", col, offset, value(defaultValue));
}

/** The value `offset` rows after, or the default where there is no such row. */
export function lead(col: ColumnOrName, offset = 1, defaultValue?: unknown): Column {
  return invoke("lead", col, offset, value(defaultValue));
}

/** The value of the row with this number, from 1, in the window frame. */
export function nth_value(col: ColumnOrName, offset: number, ignoreNulls = false): Column {
  return invoke("nth_value", col, offset, ignoreNulls);
}

/** The growth of a counter since the row before; a fall counts as a restart from zero. */
export function counter_diff(value: ColumnOrName, startTime?: ColumnOrName): Column {
  return invoke("counter_diff", value, startTime);
}
