import { type Column, type ColumnOrName, lit } from "../column.ts";
import type { Options } from "../options.ts";
import { invoke, optionMap } from "./invoke.ts";

/** The struct of a line of CSV by a schema. */
export function from_csv(col: ColumnOrName, schema: Column | string, options?: Options): Column {
  return invoke("from_csv", col, lit(schema), optionMap(options));
}

/** A struct as a line of CSV. */
export function to_csv(col: ColumnOrName, options?: Options): Column {
  return invoke("to_csv", col, optionMap(options));
}

/** The schema of a sample of CSV. */
export function schema_of_csv(csv: Column | string, options?: Options): Column {
  return invoke("schema_of_csv", lit(csv), optionMap(options));
}
