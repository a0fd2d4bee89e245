import { type Column, type ColumnOrName, lit, namedColumn } from "../column.ts";
import { invoke, invokeDistinct, type Percentage, value } from "./invoke.ts";

/** The number of rows whose value is not null; of all rows for `"*"`. */
export function count(col: ColumnOrName): Column {
  const column = namedColumn(col);
  return invoke("count", column.expression.exprType?.case === "unresolvedStar" ? lit(1) : column);
}

/** The number of different values, or of different combinations of several. */
export function count_distinct(col: ColumnOrName, ...cols: readonly ColumnOrName[]): Column {
  return invokeDistinct("count", col, ...cols);
}

export { count_distinct as countDistinct };

/** The number of rows for which the condition is true. */
export function count_if(col: ColumnOrName): Column {
  return invoke("count_if", col);
}

/** About how many different values there are, within a relative standard deviation of `rsd` (0.05). */
export function approx_count_distinct(col: ColumnOrName, rsd?: number): Column {
  return invoke("approx_count_distinct", col, rsd);
}

/** The sum. */
export function sum(col: ColumnOrName): Column {
  return invoke("sum", col);
}

/** The sum of the different values. */
export function sum_distinct(col: ColumnOrName): Column {
  return invokeDistinct("sum", col);
}

/** The sum, null where it would overflow. */
export function try_sum(col: ColumnOrName): Column {
  return invoke("try_sum", col);
}

/** The mean. */
export function avg(col: ColumnOrName): Column {
  return invoke("avg", col);
}

export { avg as mean };

/** The mean, null where it would overflow. */
export function try_avg(col: ColumnOrName): Column {
  return invoke("try_avg", col);
}

/** The product as a double. */
export function product(col: ColumnOrName): Column {
  return invoke("product", col);
}

/** The least value. */
export function min(col: ColumnOrName): Column {
  return invoke("min", col);
}

/** The greatest value. */
export function max(col: ColumnOrName): Column {
  return invoke("max", col);
}

/** The value where `ord` is least; with `k`, an array of the values of the `k` least. */
export function min_by(col: ColumnOrName, ord: ColumnOrName, k?: number): Column {
  return invoke("min_by", col, ord, k);
}

/** The value where `ord` is greatest; with `k`, an array of the values of the `k` greatest. */
export function max_by(col: ColumnOrName, ord: ColumnOrName, k?: number): Column {
  return invoke("max_by", col, ord, k);
}

/** The median. */
export function median(col: ColumnOrName): Column {
  return invoke("median", col);
}

/** The most frequent value; of several the least when it is to be deterministic. */
export function mode(col: ColumnOrName, deterministic = false): Column {
  return invoke("mode", col, deterministic);
}

/** The exact percentile, or an array of them for an array of percentages from 0 to 1. */
export function percentile(col: ColumnOrName, percentage: Percentage, frequency: Column | number = 1): Column {
  return invoke("percentile", col, lit(percentage), frequency);
}

/** A value near the percentile, within a relative error of one to `accuracy`. */
export function percentile_approx(
  col: ColumnOrName,
  percentage: Percentage,
  accuracy: Column | number = 10000,
): Column {
  return invoke("percentile_approx", col, lit(percentage), accuracy);
}

/** A value near the percentile, within a relative error of one to `accuracy`. */
export function approx_percentile(
  col: ColumnOrName,
  percentage: Percentage,
  accuracy: Column | number = 10000,
): Column {
  return invoke("approx_percentile", col, lit(percentage), accuracy);
}

/** The first value that the group meets, or the first that is not null. */
export function first(col: ColumnOrName, ignorenulls = false): Column {
  return invoke("first", col, ignorenulls);
}

/** The first value that the group meets, or the first that is not null. */
export function first_value(col: ColumnOrName, ignoreNulls?: Column | boolean): Column {
  return invoke("first_value", col, ignoreNulls);
}

/** The last value that the group meets, or the last that is not null. */
export function last(col: ColumnOrName, ignorenulls = false): Column {
  return invoke("last", col, ignorenulls);
}

/** The last value that the group meets, or the last that is not null. */
export function last_value(col: ColumnOrName, ignoreNulls?: Column | boolean): Column {
  return invoke("last_value", col, ignoreNulls);
}

/** Some value of the group, or some that is not null. */
export function any_value(col: ColumnOrName, ignoreNulls?: Column | boolean): Column {
  return invoke("any_value", col, ignoreNulls);
}

/** Whether all values are true. */
export function bool_and(col: ColumnOrName): Column {
  return invoke("bool_and", col);
}

/** Whether all values are true. */
export function every(col: ColumnOrName): Column {
  return invoke("every", col);
}

/** Whether a value is true. */
export function bool_or(col: ColumnOrName): Column {
  return invoke("bool_or", col);
}

/** Whether a value is true. */
export function some(col: ColumnOrName): Column {
  return invoke("some", col);
}

/** The values that are not null, as an array. */
export function collect_list(col: ColumnOrName): Column {
  return invoke("collect_list", col);
}

/** The values that are not null, as an array. */
export function array_agg(col: ColumnOrName): Column {
  return invoke("array_agg", col);
}

/** The different values that are not null, as an array in no order. */
export function collect_set(col: ColumnOrName): Column {
  return invoke("collect_set", col);
}

/** The different elements of arrays, as one array. */
export function collect_union(col: ColumnOrName): Column {
  return invoke("collect_union", col);
}

/** The texts as one, with a delimiter between them. */
export function listagg(col: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return invoke("listagg", col, value(delimiter));
}

/** The different texts as one, with a delimiter between them. */
export function listagg_distinct(col: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return invokeDistinct("listagg", col, value(delimiter));
}

/** The texts as one, with a delimiter between them. */
export function string_agg(col: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return invoke("string_agg", col, value(delimiter));
}

/** The different texts as one, with a delimiter between them. */
export function string_agg_distinct(col: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return invokeDistinct("string_agg", col, value(delimiter));
}

/** Whether a row of a cube or rollup sums over the column: 1, else 0. */
export function grouping(col: ColumnOrName): Column {
  return invoke("grouping", col);
}

/** The bits of `grouping` of several columns as one number. */
export function grouping_id(...cols: readonly ColumnOrName[]): Column {
  return invoke("grouping_id", ...cols);
}
