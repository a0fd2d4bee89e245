import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The variant of a text of JSON. */
export function parse_json(col: ColumnOrName): Column {
  return invoke("parse_json", col);
}

/** The variant of a text of JSON, null where it is none. */
export function try_parse_json(col: ColumnOrName): Column {
  return invoke("try_parse_json", col);
}

/** A struct, array or map as a variant. */
export function to_variant_object(col: ColumnOrName): Column {
  return invoke("to_variant_object", col);
}

/** Whether the variant is JSON's null. */
export function is_variant_null(v: ColumnOrName): Column {
  return invoke("is_variant_null", v);
}

/** Whether the bytes of the variant are well formed. */
export function is_valid_variant(v: ColumnOrName): Column {
  return invoke("is_valid_variant", v);
}

/** The schema of a variant. */
export function schema_of_variant(v: ColumnOrName): Column {
  return invoke("schema_of_variant", v);
}

/** Of a group: a schema that fits all its variants. */
export function schema_of_variant_agg(v: ColumnOrName): Column {
  return invoke("schema_of_variant_agg", v);
}

/** The part at a path, as `"$.a"`, of a type of Spark's; an error where it has another. */
export function variant_get(v: ColumnOrName, path: Column | string, targetType: string): Column {
  return invoke("variant_get", v, lit(path), lit(targetType));
}

/** The part at a path, of a type of Spark's, null where it has another. */
export function try_variant_get(v: ColumnOrName, path: Column | string, targetType: string): Column {
  return invoke("try_variant_get", v, lit(path), lit(targetType));
}

/** The variant with a value inserted at a path; an error where there is one. */
export function variant_insert(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return invoke("variant_insert", v, lit(path), value);
}

/** The variant with a value inserted at a path, null where that fails. */
export function try_variant_insert(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return invoke("try_variant_insert", v, lit(path), value);
}

/** The variant with the value at a path replaced, or made. */
export function variant_set(
  v: ColumnOrName,
  path: Column | string,
  value: ColumnOrName,
  create_if_missing = true,
): Column {
  return invoke("variant_set", v, lit(path), value, create_if_missing);
}

/** The variant with the value at a path replaced, null where that fails. */
export function try_variant_set(
  v: ColumnOrName,
  path: Column | string,
  value: ColumnOrName,
  create_if_missing = true,
): Column {
  return invoke("try_variant_set", v, lit(path), value, create_if_missing);
}

/** The variant with a value at the end of the array at a path. */
export function variant_array_append(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return invoke("variant_array_append", v, lit(path), value);
}

/** The variant with a value at the end of an array, null where that fails. */
export function try_variant_array_append(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return invoke("try_variant_array_append", v, lit(path), value);
}

/** The variant without what is at the paths. */
export function variant_delete(v: ColumnOrName, path: Column | string, ...paths: readonly (Column | string)[]): Column {
  return invoke("variant_delete", v, lit(path), ...paths.map((value) => lit(value)));
}

/** The variant without the fields, and elements, that are null. */
export function variant_strip_nulls(v: ColumnOrName, include_arrays = true): Column {
  return invoke("variant_strip_nulls", v, include_arrays);
}
