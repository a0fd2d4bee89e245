import { type Column, type ColumnOrName, namedColumn } from "../column.ts";

/** In ascending order, nulls first. */
export function asc(col: ColumnOrName): Column {
  return namedColumn(col).asc();
}

/** In ascending order, nulls first. */
export function asc_nulls_first(col: ColumnOrName): Column {
  return namedColumn(col).asc_nulls_first();
}

/** In ascending order, nulls last. */
export function asc_nulls_last(col: ColumnOrName): Column {
  return namedColumn(col).asc_nulls_last();
}

/** In descending order, nulls last. */
export function desc(col: ColumnOrName): Column {
  return namedColumn(col).desc();
}

/** In descending order, nulls first. */
export function desc_nulls_first(col: ColumnOrName): Column {
  return namedColumn(col).desc_nulls_first();
}

/** In descending order, nulls last. */
export function desc_nulls_last(col: ColumnOrName): Column {
  return namedColumn(col).desc_nulls_last();
}
