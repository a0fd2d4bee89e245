import type { Column, ColumnOrName } from "../column.ts";
import type { Columns } from "../expressions.ts";
import { invoke } from "./invoke.ts";

/** Columns as one struct. */
export function struct(...cols: readonly Columns[]): Column {
  return invoke("struct", ...cols.flat());
}

/** A struct of names and values in turn: `F.named_struct(F.lit("x"), "amount")`. */
export function named_struct(...cols: readonly ColumnOrName[]): Column {
  return invoke("named_struct", ...cols);
}
