import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";
import { lambda } from "./lambda.ts";

/** The array with each element replaced: `F.transform("xs", (x) => x.plus(1))`; a second parameter is the position, from 0. */
export function transform(col: ColumnOrName, f: (x: Column, i: Column) => Column): Column {
  return invoke("transform", col, lambda(f, f.length > 1 ? 2 : 1));
}

/** The elements for which it is true: `F.filter("xs", (x) => x.gt(1))`; a second parameter is the position, from 0. */
export function filter(col: ColumnOrName, f: (x: Column, i: Column) => Column): Column {
  return invoke("filter", col, lambda(f, f.length > 1 ? 2 : 1));
}

/** Whether it is true for an element. */
export function exists(col: ColumnOrName, f: (x: Column) => Column): Column {
  return invoke("exists", col, lambda(f, 1));
}

/** Whether it is true for all elements. */
export function forall(col: ColumnOrName, f: (x: Column) => Column): Column {
  return invoke("forall", col, lambda(f, 1));
}

/** One value of all elements, from the first value on: `F.aggregate("xs", F.lit(0), (sum, x) => sum.plus(x))`. */
export function aggregate(
  col: ColumnOrName,
  initialValue: ColumnOrName,
  merge: (accumulator: Column, x: Column) => Column,
  finish?: (accumulator: Column) => Column,
): Column {
  return invoke("aggregate", col, initialValue, lambda(merge, 2), finish && lambda(finish, 1));
}

/** One value of all elements, as `aggregate`. */
export function reduce(
  col: ColumnOrName,
  initialValue: ColumnOrName,
  merge: (accumulator: Column, x: Column) => Column,
  finish?: (accumulator: Column) => Column,
): Column {
  return invoke("reduce", col, initialValue, lambda(merge, 2), finish && lambda(finish, 1));
}

/** The array in ascending order, nulls last, or in that of a comparator that gives a negative number, 0 or a positive one. */
export function array_sort(col: ColumnOrName, comparator?: (x: Column, y: Column) => Column): Column {
  return invoke("array_sort", col, comparator && lambda(comparator, 2));
}

/** Two arrays as one, element by element; null fills the shorter. */
export function zip_with(left: ColumnOrName, right: ColumnOrName, f: (x: Column, y: Column) => Column): Column {
  return invoke("zip_with", left, right, lambda(f, 2));
}

/** The entries of a map for which it is true. */
export function map_filter(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("map_filter", col, lambda(f, 2));
}

/** Two maps as one, key by key; null where a map has no such key. */
export function map_zip_with(
  col1: ColumnOrName,
  col2: ColumnOrName,
  f: (key: Column, value1: Column, value2: Column) => Column,
): Column {
  return invoke("map_zip_with", col1, col2, lambda(f, 3));
}

/** The map with each key replaced. */
export function transform_keys(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("transform_keys", col, lambda(f, 2));
}

/** The map with each value replaced. */
export function transform_values(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("transform_values", col, lambda(f, 2));
}
