import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** A number that grows with the rows, not without gaps. */
export function monotonically_increasing_id(): Column {
  return invoke("monotonically_increasing_id");
}

/** The number of the partition that the row is in. */
export function spark_partition_id(): Column {
  return invoke("spark_partition_id");
}

/** The file that the row was read from, or empty text. */
export function input_file_name(): Column {
  return invoke("input_file_name");
}

/** Where the block of the file begins that the row was read from, or -1. */
export function input_file_block_start(): Column {
  return invoke("input_file_block_start");
}

/** How long the block of the file is that the row was read from, or -1. */
export function input_file_block_length(): Column {
  return invoke("input_file_block_length");
}

/** The catalog in use. */
export function current_catalog(): Column {
  return invoke("current_catalog");
}

/** The database in use. */
export function current_database(): Column {
  return invoke("current_database");
}

/** The database in use. */
export function current_schema(): Column {
  return invoke("current_schema");
}

/** The path on which names of functions and tables are looked up. */
export function current_path(): Column {
  return invoke("current_path");
}

/** The user that runs the query. */
export function current_user(): Column {
  return invoke("current_user");
}

/** The user that runs the query. */
export function session_user(): Column {
  return invoke("session_user");
}

/** The user that runs the query. */
export function user(): Column {
  return invoke("user");
}

/** The server's version with its commit. */
export function version(): Column {
  return invoke("version");
}

/** The type in Spark's words. */
function typeOf(col: ColumnOrName): Column {
  return invoke("typeof", col);
}

export { typeOf as typeof };

/** Null where it is true; otherwise the query fails. */
export function assert_true(col: ColumnOrName, errMsg?: Column | string): Column {
  return invoke("assert_true", col, value(errMsg));
}

/** The query fails with this message. */
export function raise_error(errMsg: Column | string): Column {
  return invoke("raise_error", lit(errMsg));
}

/** The result of a static Java method: class, method, arguments. */
export function reflect(...cols: readonly ColumnOrName[]): Column {
  return invoke("reflect", ...cols);
}

/** The result of a static Java method: class, method, arguments. */
export function java_method(...cols: readonly ColumnOrName[]): Column {
  return invoke("java_method", ...cols);
}

/** The result of a static Java method, null where it throws. */
export function try_reflect(...cols: readonly ColumnOrName[]): Column {
  return invoke("try_reflect", ...cols);
}
