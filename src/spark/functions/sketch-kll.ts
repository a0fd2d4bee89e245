import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/** Of a group: a KLL sketch of the quantiles of whole numbers. */
export function kll_sketch_agg_bigint(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_sketch_agg_bigint", col, k);
}

/** Of a group: KLL sketches of whole numbers as one. */
export function kll_merge_agg_bigint(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_merge_agg_bigint", col, k);
}

/** Two KLL sketches of whole numbers as one. */
export function kll_sketch_merge_bigint(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("kll_sketch_merge_bigint", left, right);
}

/** How many whole numbers a KLL sketch has seen. */
export function kll_sketch_get_n_bigint(col: ColumnOrName): Column {
  return invoke("kll_sketch_get_n_bigint", col);
}

/** The value at a rank from 0 to 1, or an array of them, of a KLL sketch of whole numbers. */
export function kll_sketch_get_quantile_bigint(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return invoke("kll_sketch_get_quantile_bigint", sketch, rank);
}

/** The rank from 0 to 1 of a value, or an array of them, in a KLL sketch of whole numbers. */
export function kll_sketch_get_rank_bigint(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return invoke("kll_sketch_get_rank_bigint", sketch, quantile);
}

/** A KLL sketch of whole numbers described in words. */
export function kll_sketch_to_string_bigint(col: ColumnOrName): Column {
  return invoke("kll_sketch_to_string_bigint", col);
}

/** Of a group: a KLL sketch of the quantiles of floats. */
export function kll_sketch_agg_float(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_sketch_agg_float", col, k);
}

/** Of a group: KLL sketches of floats as one. */
export function kll_merge_agg_float(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_merge_agg_float", col, k);
}

/** Two KLL sketches of floats as one. */
export function kll_sketch_merge_float(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("kll_sketch_merge_float", left, right);
}

/** How many floats a KLL sketch has seen. */
export function kll_sketch_get_n_float(col: ColumnOrName): Column {
  return invoke("kll_sketch_get_n_float", col);
}

/** The value at a rank from 0 to 1, or an array of them, of a KLL sketch of floats. */
export function kll_sketch_get_quantile_float(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return invoke("kll_sketch_get_quantile_float", sketch, rank);
}

/** The rank from 0 to 1 of a value, or an array of them, in a KLL sketch of floats. */
export function kll_sketch_get_rank_float(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return invoke("kll_sketch_get_rank_float", sketch, quantile);
}

/** A KLL sketch of floats described in words. */
export function kll_sketch_to_string_float(col: ColumnOrName): Column {
  return invoke("kll_sketch_to_string_float", col);
}

/** Of a group: a KLL sketch of the quantiles of doubles. */
export function kll_sketch_agg_double(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_sketch_agg_double", col, k);
}

/** Of a group: KLL sketches of doubles as one. */
export function kll_merge_agg_double(col: ColumnOrName, k?: Column | number): Column {
  return invoke("kll_merge_agg_double", col, k);
}

/** Two KLL sketches of doubles as one. */
export function kll_sketch_merge_double(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("kll_sketch_merge_double", left, right);
}

/** How many doubles a KLL sketch has seen. */
export function kll_sketch_get_n_double(col: ColumnOrName): Column {
  return invoke("kll_sketch_get_n_double", col);
}

/** The value at a rank from 0 to 1, or an array of them, of a KLL sketch of doubles. */
export function kll_sketch_get_quantile_double(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return invoke("kll_sketch_get_quantile_double", sketch, rank);
}

/** The rank from 0 to 1 of a value, or an array of them, in a KLL sketch of doubles. */
export function kll_sketch_get_rank_double(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return invoke("kll_sketch_get_rank_double", sketch, quantile);
}

/** A KLL sketch of doubles described in words. */
export function kll_sketch_to_string_double(col: ColumnOrName): Column {
  return invoke("kll_sketch_to_string_double", col);
}
