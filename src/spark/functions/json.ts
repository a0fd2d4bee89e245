import { type Column, type ColumnOrName, lit } from "../column.ts";
import type { Options } from "../options.ts";
import { invoke, optionMap } from "./invoke.ts";

/** The value of a text of JSON by a schema, as `"a INT, b ARRAY<STRING>"`; null where it does not fit. */
export function from_json(col: ColumnOrName, schema: Column | string, options?: Options): Column {
  return invoke("from_json", col, lit(schema), optionMap(options));
}

/** A struct, array or map as a text of JSON. */
export function to_json(col: ColumnOrName, options?: Options): Column {
  return invoke("to_json", col, optionMap(options));
}

/** The schema of a sample of JSON. */
export function schema_of_json(json: Column | string, options?: Options): Column {
  return invoke("schema_of_json", lit(json), optionMap(options));
}

/** The part of a text of JSON at a path, as `"$.a[0]"`. */
export function get_json_object(col: ColumnOrName, path: string): Column {
  return invoke("get_json_object", col, lit(path));
}

/** The number of elements of an array in JSON. */
export function json_array_length(col: ColumnOrName): Column {
  return invoke("json_array_length", col);
}

/** The keys of an object in JSON. */
export function json_object_keys(col: ColumnOrName): Column {
  return invoke("json_object_keys", col);
}
