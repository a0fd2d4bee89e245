import { type Column, type ColumnOrName, lit } from "../column.ts";
import type { Columns } from "../expressions.ts";
import { invoke } from "./invoke.ts";

/** A map of keys and values in turn. */
export function create_map(...cols: readonly Columns[]): Column {
  return invoke("map", ...cols.flat());
}

/** Several maps as one. */
export function map_concat(...cols: readonly Columns[]): Column {
  return invoke("map_concat", ...cols.flat());
}

/** Whether the map has the key. */
export function map_contains_key(col: ColumnOrName, value: unknown): Column {
  return invoke("map_contains_key", col, lit(value));
}

/** The map as an array of structs of key and value. */
export function map_entries(col: ColumnOrName): Column {
  return invoke("map_entries", col);
}

/** A map of an array of keys and one of values. */
export function map_from_arrays(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("map_from_arrays", col1, col2);
}

/** A map of an array of structs of key and value. */
export function map_from_entries(col: ColumnOrName): Column {
  return invoke("map_from_entries", col);
}

/** The keys as an array. */
export function map_keys(col: ColumnOrName): Column {
  return invoke("map_keys", col);
}

/** The values as an array. */
export function map_values(col: ColumnOrName): Column {
  return invoke("map_values", col);
}

/** A map of a text as `a:1,b:2`. */
export function str_to_map(
  text: ColumnOrName,
  pairDelim: ColumnOrName = lit(","),
  keyValueDelim: ColumnOrName = lit(":"),
): Column {
  return invoke("str_to_map", text, pairDelim, keyValueDelim);
}
