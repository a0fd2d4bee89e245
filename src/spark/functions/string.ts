import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** In capital letters. */
export function upper(col: ColumnOrName): Column {
  return invoke("upper", col);
}

/** In capital letters. */
export function ucase(str: ColumnOrName): Column {
  return invoke("ucase", str);
}

/** In small letters. */
export function lower(col: ColumnOrName): Column {
  return invoke("lower", col);
}

/** In small letters. */
export function lcase(str: ColumnOrName): Column {
  return invoke("lcase", str);
}

/** With each word's first letter as a capital. */
export function initcap(col: ColumnOrName): Column {
  return invoke("initcap", col);
}

/** The number of characters, or of bytes for binary. */
export function length(col: ColumnOrName): Column {
  return invoke("length", col);
}

/** The number of characters, or of bytes for binary. */
export function char_length(str: ColumnOrName): Column {
  return invoke("char_length", str);
}

/** The number of characters, or of bytes for binary. */
export function character_length(str: ColumnOrName): Column {
  return invoke("character_length", str);
}

/** The number of bytes. */
export function octet_length(col: ColumnOrName): Column {
  return invoke("octet_length", col);
}

/** The number of bits. */
export function bit_length(col: ColumnOrName): Column {
  return invoke("bit_length", col);
}

/** The number of the first character. */
export function ascii(col: ColumnOrName): Column {
  return invoke("ascii", col);
}

/** The character with a number, taken modulo 256. */
export function char(col: ColumnOrName): Column {
  return invoke("char", col);
}

/** The character with a number, taken modulo 256. */
export function chr(n: ColumnOrName): Column {
  return invoke("chr", n);
}

/** Texts joined with a separator, nulls left out. */
export function concat_ws(sep: string, ...cols: readonly ColumnOrName[]): Column {
  return invoke("concat_ws", lit(sep), ...cols);
}

/** The text `n` times. */
export function repeat(col: ColumnOrName, n: ColumnOrName | number): Column {
  return invoke("repeat", col, n);
}

/** The text filled on the left, or cut, to a length. */
export function lpad(col: ColumnOrName, len: Column | number, pad: Column | string): Column {
  return invoke("lpad", col, len, lit(pad));
}

/** The text filled on the right, or cut, to a length. */
export function rpad(col: ColumnOrName, len: Column | number, pad: Column | string): Column {
  return invoke("rpad", col, len, lit(pad));
}

/** Without the spaces, or the characters of `trim`, at both ends. */
export function trim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? invoke("trim", col) : invoke("trim", trim, col);
}

/** Without the spaces, or the characters of `trim`, at the start. */
export function ltrim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? invoke("ltrim", col) : invoke("ltrim", trim, col);
}

/** Without the spaces, or the characters of `trim`, at the end. */
export function rtrim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? invoke("rtrim", col) : invoke("rtrim", trim, col);
}

/** Without the spaces, or the characters of `trim`, at both ends. */
export function btrim(str: ColumnOrName, trim?: ColumnOrName): Column {
  return invoke("btrim", str, trim);
}

/** The first `len` characters. */
export function left(str: ColumnOrName, len: ColumnOrName): Column {
  return invoke("left", str, len);
}

/** The last `len` characters. */
export function right(str: ColumnOrName, len: ColumnOrName): Column {
  return invoke("right", str, len);
}

/** The characters from `pos`, which counts from 1, or from the end when negative. */
export function substr(str: ColumnOrName, pos: ColumnOrName, len?: ColumnOrName): Column {
  return invoke("substr", str, pos, len);
}

/** `len` characters from `pos`, which counts from 1, or from the end when negative. */
export function substring(str: ColumnOrName, pos: ColumnOrName | number, len: ColumnOrName | number): Column {
  return invoke("substring", str, pos, len);
}

/** What stands before the `count`-th delimiter, counted from the right when negative. */
export function substring_index(str: ColumnOrName, delim: string, count: number): Column {
  return invoke("substring_index", str, lit(delim), count);
}

/** The part with a number, from 1, of a text cut at each delimiter. */
export function split_part(src: ColumnOrName, delimiter: ColumnOrName, partNum: ColumnOrName): Column {
  return invoke("split_part", src, delimiter, partNum);
}

/** The text cut at each match of a regular expression, as an array. */
export function split(str: ColumnOrName, pattern: Column | string, limit: ColumnOrName | number = -1): Column {
  return invoke("split", str, lit(pattern), limit);
}

/** The text with `len` characters from `pos` replaced. */
export function overlay(
  src: ColumnOrName,
  replace: ColumnOrName,
  pos: ColumnOrName | number,
  len: ColumnOrName | number = -1,
): Column {
  return invoke("overlay", src, replace, pos, len);
}

/** Every occurrence of a text replaced, or removed. */
export function replace(src: ColumnOrName, search: ColumnOrName, replace?: ColumnOrName): Column {
  return invoke("replace", src, search, replace);
}

/** Each character of `matching` replaced by that at the same place of `replace`. */
export function translate(srcCol: ColumnOrName, matching: string, replace: string): Column {
  return invoke("translate", srcCol, lit(matching), lit(replace));
}

/** The number with commas at the thousands and `d` decimals. */
export function format_number(col: ColumnOrName, d: number): Column {
  return invoke("format_number", col, d);
}

/** Values set into a format as of C's printf. */
export function format_string(format: string, ...cols: readonly ColumnOrName[]): Column {
  return invoke("format_string", lit(format), ...cols);
}

/** Values set into a format as of C's printf, which is a column itself. */
export function printf(format: ColumnOrName, ...cols: readonly ColumnOrName[]): Column {
  return invoke("printf", format, ...cols);
}

/** The text as an array of sentences, each an array of words. */
export function sentences(
  string: ColumnOrName,
  language: ColumnOrName = lit(""),
  country: ColumnOrName = lit(""),
): Column {
  return invoke("sentences", string, language, country);
}

/** The kinds of character that `mask` replaces, each with what stands for it; null leaves a kind as it is. */
export interface MaskOptions {
  readonly upperChar?: ColumnOrName | undefined;
  readonly lowerChar?: ColumnOrName | undefined;
  readonly digitChar?: ColumnOrName | undefined;
  readonly otherChar?: ColumnOrName | undefined;
}

/** Capital letters as X, small ones as x, digits as n, or as the options say. */
export function mask(col: ColumnOrName, options: MaskOptions = {}): Column {
  const { upperChar = lit("X"), lowerChar = lit("x"), digitChar = lit("n"), otherChar = lit(null) } = options;
  return invoke("mask", col, upperChar, lowerChar, digitChar, otherChar);
}

/** The text in single quotes, those in it escaped. */
export function quote(col: ColumnOrName): Column {
  return invoke("quote", col);
}
