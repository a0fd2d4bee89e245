import { type Column, type ColumnOrName, lit } from "../column.ts";
import type { Options } from "../options.ts";
import { invoke, optionMap } from "./invoke.ts";

/** The struct of a text of XML by a schema. */
export function from_xml(col: ColumnOrName, schema: Column | string, options?: Options): Column {
  return invoke("from_xml", col, lit(schema), optionMap(options));
}

/** A struct as a text of XML. */
export function to_xml(col: ColumnOrName, options?: Options): Column {
  return invoke("to_xml", col, optionMap(options));
}

/** The schema of a sample of XML. */
export function schema_of_xml(xml: Column | string, options?: Options): Column {
  return invoke("schema_of_xml", lit(xml), optionMap(options));
}

/** The texts at a path of XML, as an array. */
export function xpath(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath", xml, path);
}

/** Whether the path of XML is true or leads to a node. */
export function xpath_boolean(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_boolean", xml, path);
}

/** The number at a path of XML, NaN where there is none. */
export function xpath_double(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_double", xml, path);
}

/** The number at a path of XML, NaN where there is none. */
export function xpath_number(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_number", xml, path);
}

/** The number at a path of XML as a float. */
export function xpath_float(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_float", xml, path);
}

/** The number at a path of XML as an int. */
export function xpath_int(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_int", xml, path);
}

/** The number at a path of XML as a long. */
export function xpath_long(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_long", xml, path);
}

/** The number at a path of XML as a short. */
export function xpath_short(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_short", xml, path);
}

/** The first text at a path of XML. */
export function xpath_string(xml: ColumnOrName, path: ColumnOrName): Column {
  return invoke("xpath_string", xml, path);
}
