import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** Of a group: a tuple sketch of keys, each with a summary of doubles. */
export function tuple_sketch_agg_double(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_sketch_agg_double", key, summary, lgNomEntries, lit(mode));
}

/** Of a group: the union of tuple sketches of doubles. */
export function tuple_union_agg_double(
  col: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_agg_double", col, lgNomEntries, lit(mode));
}

/** Of a group: the intersection of tuple sketches of doubles. */
export function tuple_intersection_agg_double(col: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_intersection_agg_double", col, value(mode));
}

/** About how many different keys a tuple sketch of doubles has seen. */
export function tuple_sketch_estimate_double(col: ColumnOrName): Column {
  return invoke("tuple_sketch_estimate_double", col);
}

/** The summaries of a tuple sketch of doubles as one. */
export function tuple_sketch_summary_double(col: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_sketch_summary_double", col, value(mode));
}

/** The sampling rate of a tuple sketch of doubles. */
export function tuple_sketch_theta_double(col: ColumnOrName): Column {
  return invoke("tuple_sketch_theta_double", col);
}

/** The union of two tuple sketches of doubles. */
export function tuple_union_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_double", col1, col2, lgNomEntries, lit(mode));
}

/** The intersection of two tuple sketches of doubles. */
export function tuple_intersection_double(col1: ColumnOrName, col2: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_intersection_double", col1, col2, value(mode));
}

/** The keys of the first tuple sketch of doubles that are not in the second. */
export function tuple_difference_double(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("tuple_difference_double", col1, col2);
}

/** The union of a tuple sketch of doubles and a theta sketch. */
export function tuple_union_theta_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_theta_double", col1, col2, lgNomEntries, lit(mode));
}

/** The intersection of a tuple sketch of doubles and a theta sketch. */
export function tuple_intersection_theta_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: Column | string,
): Column {
  return invoke("tuple_intersection_theta_double", col1, col2, value(mode));
}

/** The keys of a tuple sketch of doubles that are not in a theta sketch. */
export function tuple_difference_theta_double(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("tuple_difference_theta_double", col1, col2);
}

/** Of a group: a tuple sketch of keys, each with a summary of whole numbers. */
export function tuple_sketch_agg_integer(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_sketch_agg_integer", key, summary, lgNomEntries, lit(mode));
}

/** Of a group: the union of tuple sketches of whole numbers. */
export function tuple_union_agg_integer(
  col: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_agg_integer", col, lgNomEntries, lit(mode));
}

/** Of a group: the intersection of tuple sketches of whole numbers. */
export function tuple_intersection_agg_integer(col: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_intersection_agg_integer", col, value(mode));
}

/** About how many different keys a tuple sketch of whole numbers has seen. */
export function tuple_sketch_estimate_integer(col: ColumnOrName): Column {
  return invoke("tuple_sketch_estimate_integer", col);
}

/** The summaries of a tuple sketch of whole numbers as one. */
export function tuple_sketch_summary_integer(col: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_sketch_summary_integer", col, value(mode));
}

/** The sampling rate of a tuple sketch of whole numbers. */
export function tuple_sketch_theta_integer(col: ColumnOrName): Column {
  return invoke("tuple_sketch_theta_integer", col);
}

/** The union of two tuple sketches of whole numbers. */
export function tuple_union_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_integer", col1, col2, lgNomEntries, lit(mode));
}

/** The intersection of two tuple sketches of whole numbers. */
export function tuple_intersection_integer(col1: ColumnOrName, col2: ColumnOrName, mode?: Column | string): Column {
  return invoke("tuple_intersection_integer", col1, col2, value(mode));
}

/** The keys of the first tuple sketch of whole numbers that are not in the second. */
export function tuple_difference_integer(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("tuple_difference_integer", col1, col2);
}

/** The union of a tuple sketch of whole numbers and a theta sketch. */
export function tuple_union_theta_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return invoke("tuple_union_theta_integer", col1, col2, lgNomEntries, lit(mode));
}

/** The intersection of a tuple sketch of whole numbers and a theta sketch. */
export function tuple_intersection_theta_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: Column | string,
): Column {
  return invoke("tuple_intersection_theta_integer", col1, col2, value(mode));
}

/** The keys of a tuple sketch of whole numbers that are not in a theta sketch. */
export function tuple_difference_theta_integer(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("tuple_difference_theta_integer", col1, col2);
}
