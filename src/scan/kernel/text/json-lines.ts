// JSON Lines: one flat object a line, its values found by key. Escapes are undone within the text.
import { nextByte } from "./byte-mask";
import { columnOf, keyCount, likelyKey, wantedKind } from "./json-keys";
import { hasEscapes, stringEnd, unescape } from "./json-text";
import { EMPTY_TEXT } from "./empty-text";

/** What a value is. */
const ABSENT: u8 = 0;
const STRING: u8 = 1;
const NUMBER: u8 = 2;
const BOOL: u8 = 3;
const NESTED: u8 = 4;
/** Not seen yet in this row. */
const UNSEEN: u8 = 255;
/** Rows whose kinds are made unseen at a time. */
const FORGOTTEN: i32 = 64;

/** Rows that were written by the last call, and the address after the last line that is done with. */
export let jsonRowsFound: i32 = 0;
export let jsonConsumed: usize = 0;
/** Keys that are no columns, and keys that come again in their object. */
export let unknownKeys: i32 = 0;
export let repeatedKeys: i32 = 0;
/** Values of columns that are objects or arrays, and others that are not what their column wants. */
export let nestedValues: i32 = 0;
export let oddValues: i32 = 0;
/** 1 when the call ended before a line that is no object, which starts at `jsonConsumed`. */
export let isBadLine: i32 = 0;

/** Where the last value that was read starts and ends and what it is; `next` is the address after it. */
let valueStart: usize = 0;
let valueEnd: usize = 0;
let valueKind: u8 = ABSENT;
let next: usize = 0;

/**
 * Writes the starts (less one), ends and kinds of the values of at most `capacityRows` lines that begin before `stop`. Blank lines
 * are none.
 */
export function jsonRows(
  from: usize,
  to: usize,
  stop: usize,
  starts: usize,
  ends: usize,
  kinds: usize,
  capacityRows: i32,
): i32 {
  jsonRowsFound = 0;
  unknownKeys = 0;
  repeatedKeys = 0;
  nestedValues = 0;
  oddValues = 0;
  isBadLine = 0;
  jsonConsumed = from;
  const limit = min(to, stop);
  while (jsonRowsFound < capacityRows && jsonConsumed < limit) {
    const end = nextByte(jsonConsumed, to, 10, 10, 10);
    if (end >= to) break;
    const at = skipSpace(jsonConsumed, end);
    if (at < end) {
      if ((jsonRowsFound & (FORGOTTEN - 1)) == 0)
        memory.fill(
          kinds + <usize>jsonRowsFound * <usize>keyCount,
          UNSEEN,
          <usize>min(FORGOTTEN, capacityRows - jsonRowsFound) * <usize>keyCount,
        );
      const entry = <usize>jsonRowsFound * <usize>keyCount;
      if (!readObject(at, end, starts + (entry << 2), ends + (entry << 2), kinds + entry)) {
        isBadLine = 1;
        break;
      }
      jsonRowsFound++;
    }
    jsonConsumed = end + 1;
  }
  return jsonRowsFound;
}

@inline
function skipSpace(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isSpace(load<u8>(at))) at++;
  return at;
}

@inline
function isSpace(byte: u32): bool {
  return byte == 32 || byte == 9 || byte == 13 || byte == 10;
}

function readObject(from: usize, to: usize, starts: usize, ends: usize, kinds: usize): bool {
  if (load<u8>(from) != 123) return false;
  let seen: i32 = 0;
  let likely: i32 = 0;
  let at = skipSpace(from + 1, to);
  let isMore = at >= to || load<u8>(at) != 125;
  while (isMore) {
    if (at >= to || load<u8>(at) != 34) return false;
    const key = at + 1;
    const length = likelyKey(likely, key);
    let column = likely;
    if (length >= 0) at = key + <usize>length;
    else {
      at = stringEnd(key, to);
      if (!at) return false;
      const keyEnd = hasEscapes ? unescape(key, at) : at;
      if (!keyEnd) return false;
      column = columnOf(key, <u32>(keyEnd - key));
    }
    at = skipSpace(at + 1, to);
    if (at >= to || load<u8>(at) != 58) return false;
    if (!readValue(skipSpace(at + 1, to), to)) return false;
    if (column < 0) unknownKeys++;
    else {
      if (load<u8>(kinds + column) == UNSEEN) seen++;
      else repeatedKeys++;
      const wanted = wantedKind(column);
      if (valueKind != wanted && valueKind != ABSENT) {
        if (valueKind == NESTED) nestedValues++;
        else if (wanted) oddValues++;
      }
      store<u32>(starts + (<usize>column << 2), <u32>(valueStart - 1));
      store<u32>(ends + (<usize>column << 2), <u32>valueEnd);
      store<u8>(kinds + column, valueKind);
      likely = column + 1;
    }
    at = skipSpace(next, to);
    if (at >= to) return false;
    const byte = load<u8>(at);
    if (byte == 44) at = skipSpace(at + 1, to);
    else if (byte == 125) isMore = false;
    else return false;
  }
  if (skipSpace(at + 1, to) < to) return false;
  if (seen < keyCount) fillUnseen(from, starts, ends, kinds);
  return true;
}

function readValue(from: usize, to: usize): bool {
  if (from >= to) return false;
  const byte = <u32>load<u8>(from);
  valueStart = from;
  if (byte == 34) return readString(from, to);
  if (byte == 123 || byte == 91) return skipNested(from, to);
  const at = literalEnd(from, to);
  next = at;
  valueEnd = at;
  if (byte == 45 || isDigit(byte)) {
    valueKind = NUMBER;
    return isNumber(byte == 45 ? from + 1 : from, at);
  }
  const word = load<u32>(from);
  if (word == 0x65757274 && at == from + 4) valueKind = BOOL;
  else if (word == 0x736c6166 && load<u8>(from + 4) == 101 && at == from + 5) valueKind = BOOL;
  else if (word == 0x6c6c756e && at == from + 4) {
    valueKind = ABSENT;
    valueEnd = from;
  } else return false;
  return true;
}

/** What values of a column's kind may be written as and JSON may not: 01, 1. and -.5; all else that is no number does not read as one. */
@inline
function isNumber(from: usize, to: usize): bool {
  const first = <u32>load<u8>(from);
  return from < to && isDigit(first) && isDigit(load<u8>(to - 1)) && (first != 48 || !isDigit(load<u8>(from + 1)) || to == from + 1);
}

@inline
function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

/** The address of what ends a number or word: a comma, a brace, white space, or the line's end. */
@inline
function literalEnd(from: usize, to: usize): usize {
  let at = from;
  if (ASC_FEATURE_SIMD) {
    for (; at < to; at += 16) {
      const bytes = v128.load(at);
      const marks = v128.or(i8x16.eq(bytes, i8x16.splat(44)), i8x16.eq(bytes, i8x16.splat(125)));
      const mask = i8x16.bitmask(v128.or(marks, i8x16.le_u(bytes, i8x16.splat(32))));
      if (mask) return min(to, at + <usize>ctz(mask));
    }
    return to;
  }
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte == 44 || byte == 125 || byte <= 32) return at;
  }
  return to;
}

function readString(from: usize, to: usize): bool {
  const quote = stringEnd(from + 1, to);
  if (!quote) return false;
  valueStart = from + 1;
  valueEnd = hasEscapes ? unescape(valueStart, quote) : quote;
  valueKind = STRING;
  next = quote + 1;
  // What is missing is empty, too, and lies elsewhere.
  if (valueEnd == valueStart) valueStart = valueEnd = EMPTY_TEXT;
  return valueEnd != 0;
}

/** An object or array within a value: brackets are counted, what is between them is another's to read. */
function skipNested(from: usize, to: usize): bool {
  let depth: i32 = 0;
  let at = from;
  while (at < to) {
    const byte = load<u8>(at);
    if (byte == 34) {
      at = stringEnd(at + 1, to);
      if (!at) return false;
    } else if (byte == 123 || byte == 91) depth++;
    else if ((byte == 125 || byte == 93) && --depth == 0) {
      valueEnd = at + 1;
      next = valueEnd;
      valueKind = NESTED;
      return true;
    }
    at++;
  }
  return false;
}

function fillUnseen(at: usize, starts: usize, ends: usize, kinds: usize): void {
  for (let column = 0; column < keyCount; column++) {
    if (load<u8>(kinds + column) != UNSEEN) continue;
    store<u32>(starts + (<usize>column << 2), <u32>(at - 1));
    store<u32>(ends + (<usize>column << 2), <u32>at);
    store<u8>(kinds + column, ABSENT);
  }
}
