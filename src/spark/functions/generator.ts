import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** A row for each element of an array or entry of a map; none for an empty one. */
export function explode(col: ColumnOrName): Column {
  return invoke("explode", col);
}

/** A row for each element, and one with null for an empty array or map. */
export function explode_outer(col: ColumnOrName): Column {
  return invoke("explode_outer", col);
}

/** A row for each element with its position, from 0. */
export function posexplode(col: ColumnOrName): Column {
  return invoke("posexplode", col);
}

/** A row for each element with its position, and one with nulls for an empty array or map. */
export function posexplode_outer(col: ColumnOrName): Column {
  return invoke("posexplode_outer", col);
}

/** A row for each struct of an array, its fields as columns. */
export function inline(col: ColumnOrName): Column {
  return invoke("inline", col);
}

/** A row for each struct of an array, and one with nulls for an empty array. */
export function inline_outer(col: ColumnOrName): Column {
  return invoke("inline_outer", col);
}

/** The values after the first in so many rows: `F.stack(F.lit(2), "a", "b")`. */
export function stack(...cols: readonly ColumnOrName[]): Column {
  return invoke("stack", ...cols);
}

/** Fields of a text of JSON as columns of text. */
export function json_tuple(col: ColumnOrName, field: string, ...fields: readonly string[]): Column {
  return invoke("json_tuple", col, lit(field), ...fields.map((value) => lit(value)));
}
