// How the text lies: set once before a scan, read by the index and the rows.

/** Row ends: at LF, at LF with a CR before it, at CR, at either. */
export const LF: i32 = 10;
export const CR: i32 = 13;
export const NEWLINE_CR: i32 = 2;
export const NEWLINE_MIXED: i32 = 3;

/** What becomes of a row with too few or too many fields. */
export const RAGGED_ERROR: i32 = 0;
export const RAGGED_FILL: i32 = 1;
export const RAGGED_SKIP: i32 = 2;

export let separator: i32 = 44;
/** 0 where nothing is quoted. */
export let quote: i32 = 34;
/** The quote itself where quotes are doubled. */
export let escape: i32 = 34;
export let newlineMode: i32 = 0;
export let columns: i32 = 1;
export let raggedPolicy: i32 = RAGGED_ERROR;

/** An escape of 0 is the quote; characters are ASCII. */
export function setDialect(
  separatorByte: i32,
  quoteByte: i32,
  escapeByte: i32,
  mode: i32,
  columnCount: i32,
  ragged: i32,
): void {
  separator = separatorByte;
  quote = quoteByte;
  escape = escapeByte ? escapeByte : quoteByte;
  newlineMode = mode;
  columns = columnCount;
  raggedPolicy = ragged;
}
