import { type Column, type ColumnOrName, lit } from "../column.ts";
import type { Columns } from "../expressions.ts";
import { invoke, value } from "./invoke.ts";

/** An array of the values of columns. */
export function array(...cols: readonly Columns[]): Column {
  return invoke("array", ...cols.flat());
}

/** The array with a value at its end. */
export function array_append(col: ColumnOrName, value: unknown): Column {
  return invoke("array_append", col, lit(value));
}

/** The array with a value at its start. */
export function array_prepend(col: ColumnOrName, value: unknown): Column {
  return invoke("array_prepend", col, lit(value));
}

/** The array with a value at a position, which counts from 1, or from the end when negative. */
export function array_insert(arr: ColumnOrName, pos: ColumnOrName | number, value: unknown): Column {
  return invoke("array_insert", arr, pos, lit(value));
}

/** The array without its nulls. */
export function array_compact(col: ColumnOrName): Column {
  return invoke("array_compact", col);
}

/** Whether the value is in the array. */
export function array_contains(col: ColumnOrName, value: unknown): Column {
  return invoke("array_contains", col, lit(value));
}

/** The array with each value once. */
export function array_distinct(col: ColumnOrName): Column {
  return invoke("array_distinct", col);
}

/** The values of the first that are not in the second, each once. */
export function array_except(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("array_except", col1, col2);
}

/** The values that are in both, each once. */
export function array_intersect(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("array_intersect", col1, col2);
}

/** The values that are in one of them, each once. */
export function array_union(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("array_union", col1, col2);
}

/** The elements as one text, nulls left out or replaced. */
export function array_join(col: ColumnOrName, delimiter: string, null_replacement?: string): Column {
  return invoke("array_join", col, lit(delimiter), value(null_replacement));
}

/** The greatest element. */
export function array_max(col: ColumnOrName): Column {
  return invoke("array_max", col);
}

/** The least element. */
export function array_min(col: ColumnOrName): Column {
  return invoke("array_min", col);
}

/** The place of the value, from 1, or 0. */
export function array_position(col: ColumnOrName, value: unknown): Column {
  return invoke("array_position", col, lit(value));
}

/** The array without the elements that are equal to the value. */
export function array_remove(col: ColumnOrName, element: unknown): Column {
  return invoke("array_remove", col, lit(element));
}

/** An array of the value `count` times. */
export function array_repeat(col: ColumnOrName, count: ColumnOrName | number): Column {
  return invoke("array_repeat", col, count);
}

/** The number of elements, null for null. */
export function array_size(col: ColumnOrName): Column {
  return invoke("array_size", col);
}

/** Whether the two have an element in common. */
export function arrays_overlap(a1: ColumnOrName, a2: ColumnOrName): Column {
  return invoke("arrays_overlap", a1, a2);
}

/** Several arrays as one array of structs. */
export function arrays_zip(...cols: readonly ColumnOrName[]): Column {
  return invoke("arrays_zip", ...cols);
}

/** The number of elements of an array or map. */
export function cardinality(col: ColumnOrName): Column {
  return invoke("cardinality", col);
}

/** The number of elements of an array or map. */
export function size(col: ColumnOrName): Column {
  return invoke("size", col);
}

/** Texts, bytes or arrays one after the other; null where one of them is. */
export function concat(...cols: readonly ColumnOrName[]): Column {
  return invoke("concat", ...cols);
}

/** The element at a position, from 1, or the value of a key; an error beyond the array. */
export function element_at(col: ColumnOrName, extraction: unknown): Column {
  return invoke("element_at", col, lit(extraction));
}

/** The element at a position, from 1, or the value of a key, or null; the position is a column. */
export function try_element_at(col: ColumnOrName, extraction: ColumnOrName): Column {
  return invoke("try_element_at", col, extraction);
}

/** The element at a position, from 0, or null. */
export function get(col: ColumnOrName, index: ColumnOrName | number): Column {
  return invoke("get", col, index);
}

/** An array of arrays as one array. */
export function flatten(col: ColumnOrName): Column {
  return invoke("flatten", col);
}

/** The text or array from its end to its start. */
export function reverse(col: ColumnOrName): Column {
  return invoke("reverse", col);
}

/** The numbers, dates or timestamps from start to stop, as an array. */
export function sequence(start: ColumnOrName, stop: ColumnOrName, step?: ColumnOrName): Column {
  return invoke("sequence", start, stop, step);
}

/** `length` elements from `start`, which counts from 1, or from the end when negative. */
export function slice(x: ColumnOrName, start: ColumnOrName | number, length: ColumnOrName | number): Column {
  return invoke("slice", x, start, length);
}

/** The array in order: nulls first ascending, last descending. */
export function sort_array(col: ColumnOrName, asc = true): Column {
  return invoke("sort_array", col, asc);
}
