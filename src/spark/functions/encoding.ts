import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** Bytes in base 64. */
export function base64(col: ColumnOrName): Column {
  return invoke("base64", col);
}

/** The bytes of base 64. */
export function unbase64(col: ColumnOrName): Column {
  return invoke("unbase64", col);
}

/** Bytes in base 32. */
export function to_base32(col: ColumnOrName): Column {
  return invoke("to_base32", col);
}

/** The bytes of base 32. */
export function from_base32(col: ColumnOrName): Column {
  return invoke("from_base32", col);
}

/** The bytes of a text in a character set. */
export function encode(col: ColumnOrName, charset: string): Column {
  return invoke("encode", col, lit(charset));
}

/** The text of bytes in a character set. */
export function decode(col: ColumnOrName, charset: string): Column {
  return invoke("decode", col, lit(charset));
}

/** Whether the bytes of a text are valid UTF-8. */
export function is_valid_utf8(str: ColumnOrName): Column {
  return invoke("is_valid_utf8", str);
}

/** The text with what is not UTF-8 replaced. */
export function make_valid_utf8(str: ColumnOrName): Column {
  return invoke("make_valid_utf8", str);
}

/** The text; an error where it is not UTF-8. */
export function validate_utf8(str: ColumnOrName): Column {
  return invoke("validate_utf8", str);
}

/** The text, null where it is not UTF-8. */
export function try_validate_utf8(str: ColumnOrName): Column {
  return invoke("try_validate_utf8", str);
}

/** The bytes of a text in the format hex, utf-8 or base64. */
export function to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_binary", col, format);
}

/** The bytes of a text in a format, null where that fails. */
export function try_to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("try_to_binary", col, format);
}

/** A number, date or bytes as text in a format. */
export function to_char(col: ColumnOrName, format: ColumnOrName): Column {
  return invoke("to_char", col, format);
}

/** A number, date or bytes as text in a format. */
export function to_varchar(col: ColumnOrName, format: ColumnOrName): Column {
  return invoke("to_varchar", col, format);
}

/** The decimal of a text in a format. */
export function to_number(col: ColumnOrName, format: ColumnOrName): Column {
  return invoke("to_number", col, format);
}

/** The decimal of a text in a format, null where that fails. */
export function try_to_number(col: ColumnOrName, format: ColumnOrName): Column {
  return invoke("try_to_number", col, format);
}

/** A part of a URL: HOST, PATH, QUERY, … and of a query the value of a key. */
export function parse_url(url: ColumnOrName, partToExtract: ColumnOrName, key?: ColumnOrName): Column {
  return invoke("parse_url", url, partToExtract, key);
}

/** A part of a URL, null where that is none. */
export function try_parse_url(url: ColumnOrName, partToExtract: ColumnOrName, key?: ColumnOrName): Column {
  return invoke("try_parse_url", url, partToExtract, key);
}

/** The text as it may stand in a URL. */
export function url_encode(str: ColumnOrName): Column {
  return invoke("url_encode", str);
}

/** The text that stands encoded in a URL. */
export function url_decode(str: ColumnOrName): Column {
  return invoke("url_decode", str);
}

/** The text that stands encoded in a URL, null where that fails. */
export function try_url_decode(str: ColumnOrName): Column {
  return invoke("try_url_decode", str);
}
