// JSON Lines: one flat object a line, its values found by key. Escapes are undone within the text.
import { columnOf, keyCount } from "./json-keys";
import { hasEscapes, stringEnd, unescape } from "./json-text";

/** What a value is. */
const ABSENT: u8 = 0;
const STRING: u8 = 1;
const NUMBER: u8 = 2;
const BOOL: u8 = 3;
const NESTED: u8 = 4;
/** Not seen yet in this row. */
const UNSEEN: u8 = 255;

/** Rows that were written by the last call, and the address after the last line that is done with. */
export let jsonRowsFound: i32 = 0;
export let jsonConsumed: usize = 0;
/** Keys that are no columns, values of columns that are objects or arrays, both counted. */
export let unknownKeys: i32 = 0;
export let nestedValues: i32 = 0;
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
  nestedValues = 0;
  isBadLine = 0;
  jsonConsumed = from;
  const limit = min(to, stop);
  while (jsonRowsFound < capacityRows && jsonConsumed < limit) {
    const end = lineEnd(jsonConsumed, to);
    if (!end) break;
    const at = skipSpace(jsonConsumed, end);
    if (at < end) {
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

/** The address of the next LF; 0 without one. */
function lineEnd(from: usize, to: usize): usize {
  let at = from;
  if (ASC_FEATURE_SIMD) {
    const newlines = i8x16.splat(10);
    for (; at < to; at += 16) {
      const mask = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
      if (mask) {
        at += <usize>ctz(mask);
        return at < to ? at : 0;
      }
    }
    return 0;
  }
  while (at < to && load<u8>(at) != 10) at++;
  return at < to ? at : 0;
}

// @ts-ignore: decorator
@inline
function skipSpace(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isSpace(load<u8>(at))) at++;
  return at;
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u32): bool {
  return byte == 32 || byte == 9 || byte == 13 || byte == 10;
}

function readObject(from: usize, to: usize, starts: usize, ends: usize, kinds: usize): bool {
  if (load<u8>(from) != 123) return false;
  memory.fill(kinds, UNSEEN, keyCount);
  let seen: i32 = 0;
  let likely: i32 = 0;
  let at = skipSpace(from + 1, to);
  let isMore = at >= to || load<u8>(at) != 125;
  while (isMore) {
    if (at >= to || load<u8>(at) != 34) return false;
    const key = at + 1;
    const quote = stringEnd(key, to);
    if (!quote) return false;
    const keyEnd = hasEscapes ? unescape(key, quote) : quote;
    if (!keyEnd) return false;
    at = skipSpace(quote + 1, to);
    if (at >= to || load<u8>(at) != 58) return false;
    if (!readValue(skipSpace(at + 1, to), to)) return false;
    const column = columnOf(key, <u32>(keyEnd - key), likely);
    if (column < 0) unknownKeys++;
    else {
      seen += i32(load<u8>(kinds + column) == UNSEEN);
      nestedValues += i32(valueKind == NESTED);
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
  let at = from;
  while (at < to && !isValueEnd(load<u8>(at))) at++;
  next = at;
  valueEnd = at;
  if (byte == 45 || (byte >= 48 && byte <= 57)) {
    valueKind = NUMBER;
    return true;
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

// @ts-ignore: decorator
@inline
function isValueEnd(byte: u32): bool {
  return byte == 44 || byte == 125 || isSpace(byte);
}

function readString(from: usize, to: usize): bool {
  const quote = stringEnd(from + 1, to);
  if (!quote) return false;
  valueStart = from + 1;
  valueEnd = hasEscapes ? unescape(valueStart, quote) : quote;
  valueKind = STRING;
  next = quote + 1;
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
