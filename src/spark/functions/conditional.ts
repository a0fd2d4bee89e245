import { columnOnly } from "../check.ts";
import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The value where the condition is true; go on with `.when(…)` and `.otherwise(…)`, without which the rest is null. */
export function when(condition: Column, value: unknown): Column {
  return invoke("when", columnOnly(condition, "the condition of when()"), lit(value));
}

/** The first of the values that is not null. */
export function coalesce(...cols: readonly ColumnOrName[]): Column {
  return invoke("coalesce", ...cols);
}

/** The second value where the first is null. */
export function ifnull(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("ifnull", col1, col2);
}

/** The second value where the first is null. */
export function nvl(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("nvl", col1, col2);
}

/** The second value where the first is not null, else the third. */
export function nvl2(col1: ColumnOrName, col2: ColumnOrName, col3: ColumnOrName): Column {
  return invoke("nvl2", col1, col2, col3);
}

/** The second value where the first is not a number (NaN). */
export function nanvl(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("nanvl", col1, col2);
}

/** Null where the two are equal, else the first. */
export function nullif(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("nullif", col1, col2);
}

/** Null where the value is zero. */
export function nullifzero(col: ColumnOrName): Column {
  return invoke("nullifzero", col);
}

/** Zero where the value is null. */
export function zeroifnull(col: ColumnOrName): Column {
  return invoke("zeroifnull", col);
}

/** The greatest of at least two values, nulls left out. */
export function greatest(...cols: readonly ColumnOrName[]): Column {
  return invoke("greatest", ...cols);
}

/** The least of at least two values, nulls left out. */
export function least(...cols: readonly ColumnOrName[]): Column {
  return invoke("least", ...cols);
}

/** Whether the two are equal, where two nulls are equal too. */
export function equal_null(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("equal_null", col1, col2);
}

/** Whether the value is not a number (NaN). */
export function isnan(col: ColumnOrName): Column {
  return invoke("isnan", col);
}

/** Whether the value is null. */
export function isnull(col: ColumnOrName): Column {
  return invoke("isnull", col);
}

/** Whether the value is not null. */
export function isnotnull(col: ColumnOrName): Column {
  return invoke("isnotnull", col);
}
