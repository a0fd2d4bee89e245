import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** Whether the text matches a pattern of SQL with % and _. */
export function like(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: Column): Column {
  return invoke("like", str, pattern, escapeChar);
}

/** Whether the text matches a pattern of SQL, capital or not. */
export function ilike(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: Column): Column {
  return invoke("ilike", str, pattern, escapeChar);
}

/** Whether the regular expression matches somewhere. */
export function rlike(str: ColumnOrName, regexp: ColumnOrName): Column {
  return invoke("rlike", str, regexp);
}

/** Whether the regular expression matches somewhere. */
export function regexp(str: ColumnOrName, regexp: ColumnOrName): Column {
  return invoke("regexp", str, regexp);
}

/** Whether the regular expression matches somewhere. */
export function regexp_like(str: ColumnOrName, regexp: ColumnOrName): Column {
  return invoke("regexp_like", str, regexp);
}

/** How often the regular expression matches. */
export function regexp_count(str: ColumnOrName, regexp: ColumnOrName): Column {
  return invoke("regexp_count", str, regexp);
}

/** The group `idx` of the first match, 0 for all of it, or empty text. */
export function regexp_extract(str: ColumnOrName, pattern: string, idx: number): Column {
  return invoke("regexp_extract", str, lit(pattern), idx);
}

/** The group `idx` (1) of every match, as an array. */
export function regexp_extract_all(str: ColumnOrName, regexp: ColumnOrName, idx?: Column | number): Column {
  return invoke("regexp_extract_all", str, regexp, idx);
}

/** Every match replaced; `$1` is its first group. */
export function regexp_replace(
  string: ColumnOrName,
  pattern: Column | string,
  replacement: Column | string,
  position?: Column | number,
): Column {
  return invoke("regexp_replace", string, lit(pattern), lit(replacement), position);
}

/** The first match, or null. */
export function regexp_substr(str: ColumnOrName, regexp: ColumnOrName): Column {
  return invoke("regexp_substr", str, regexp);
}

/** Where the first match begins, from 1, or 0. */
export function regexp_instr(str: ColumnOrName, regexp: ColumnOrName, idx?: Column | number): Column {
  return invoke("regexp_instr", str, regexp, idx);
}
