import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** Whether the first contains the second. */
export function contains(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("contains", left, right);
}

/** Whether the text starts so. */
export function startswith(str: ColumnOrName, prefix: ColumnOrName): Column {
  return invoke("startswith", str, prefix);
}

/** Whether the text ends so. */
export function endswith(str: ColumnOrName, suffix: ColumnOrName): Column {
  return invoke("endswith", str, suffix);
}

/** Where a text begins in another, from 1, or 0. */
export function instr(
  str: ColumnOrName,
  substr: Column | string,
  start?: Column | number,
  occurrence?: Column | number,
): Column {
  return invoke("instr", str, lit(substr), start, occurrence);
}

/** Where a text begins in a column, from 1 and from `pos` on, or 0. */
export function locate(substr: string, str: ColumnOrName, pos = 1): Column {
  return invoke("locate", lit(substr), str, pos);
}

/** Where a text begins in another, from 1, or 0. */
export function position(substr: ColumnOrName, str: ColumnOrName, start?: ColumnOrName): Column {
  return invoke("position", substr, str, start);
}

/** The place of a text in a list with commas, from 1, or 0. */
export function find_in_set(str: ColumnOrName, str_array: ColumnOrName): Column {
  return invoke("find_in_set", str, str_array);
}

/** The value whose number, from 1, the first one gives. */
export function elt(...inputs: readonly ColumnOrName[]): Column {
  return invoke("elt", ...inputs);
}

/** The Soundex code of how it sounds. */
export function soundex(col: ColumnOrName): Column {
  return invoke("soundex", col);
}

/** The edit distance of two texts; -1 where it is beyond the threshold. */
export function levenshtein(left: ColumnOrName, right: ColumnOrName, threshold?: number): Column {
  return invoke("levenshtein", left, right, threshold);
}

/** The Jaro-Winkler similarity of two texts, from 0 to 1. */
export function jaro_winkler_similarity(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("jaro_winkler_similarity", left, right);
}

/** The text with the collation of that name. */
export function collate(col: ColumnOrName, collation: string): Column {
  return invoke("collate", col, lit(collation));
}

/** The name of the text's collation. */
export function collation(col: ColumnOrName): Column {
  return invoke("collation", col);
}
