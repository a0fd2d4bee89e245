import { seedOf } from "../check.ts";
import type { Column, ColumnOrName } from "../column.ts";
import { invoke, type Seed } from "./invoke.ts";

/** Of a group: a count-min sketch of frequencies, as bytes. */
export function count_min_sketch(
  col: ColumnOrName,
  eps: Column | number,
  confidence: Column | number,
  seed: Seed = seedOf(undefined),
): Column {
  return invoke("count_min_sketch", col, eps, confidence, seed);
}

/** Of a group: a HyperLogLog sketch of the different values. */
export function hll_sketch_agg(col: ColumnOrName, lgConfigK?: Column | number): Column {
  return invoke("hll_sketch_agg", col, lgConfigK);
}

/** Of a group: the union of HyperLogLog sketches. */
export function hll_union_agg(col: ColumnOrName, allowDifferentLgConfigK?: Column | boolean): Column {
  return invoke("hll_union_agg", col, allowDifferentLgConfigK);
}

/** About how many different values a HyperLogLog sketch has seen. */
export function hll_sketch_estimate(col: ColumnOrName): Column {
  return invoke("hll_sketch_estimate", col);
}

/** The union of two HyperLogLog sketches. */
export function hll_union(col1: ColumnOrName, col2: ColumnOrName, allowDifferentLgConfigK?: boolean): Column {
  return invoke("hll_union", col1, col2, allowDifferentLgConfigK);
}

/** Of a group: a theta sketch of the different values. */
export function theta_sketch_agg(col: ColumnOrName, lgNomEntries?: Column | number): Column {
  return invoke("theta_sketch_agg", col, lgNomEntries);
}

/** Of a group: the union of theta sketches. */
export function theta_union_agg(col: ColumnOrName, lgNomEntries?: Column | number): Column {
  return invoke("theta_union_agg", col, lgNomEntries);
}

/** Of a group: the intersection of theta sketches. */
export function theta_intersection_agg(col: ColumnOrName): Column {
  return invoke("theta_intersection_agg", col);
}

/** About how many different values a theta sketch has seen. */
export function theta_sketch_estimate(col: ColumnOrName): Column {
  return invoke("theta_sketch_estimate", col);
}

/** The union of two theta sketches. */
export function theta_union(col1: ColumnOrName, col2: ColumnOrName, lgNomEntries?: Column | number): Column {
  return invoke("theta_union", col1, col2, lgNomEntries);
}

/** The intersection of two theta sketches. */
export function theta_intersection(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("theta_intersection", col1, col2);
}

/** What the first theta sketch has seen and the second has not. */
export function theta_difference(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("theta_difference", col1, col2);
}
