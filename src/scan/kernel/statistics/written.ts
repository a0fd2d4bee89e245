// How the values of a column that is no text are written: their lengths, and what a plain writer would write otherwise.
import { quote } from "../text/dialect";
import { openField, textFrom, textTo, trimField } from "../values/field-text";
import { Lengths } from "./text-lengths";
import { charsOf, hasThousands, ungroup } from "../values/thousands";
import { rangeText } from "./text-range";

/** What is looked for besides lengths. */
const NOTHING: i32 = 0;
const PLAIN_INTS: i32 = 1;
const NEGATIVE_ZEROS: i32 = 2;
const DIGITS_ALONE: i32 = 3;
const OTHER_WORDS: i32 = 4;

/**
 * For each number of zeros that a word begins with: the digits of the least number that does, and the least one with a digit more, each
 * of 8 bytes. Where no number with so many zeros has more, it is the largest of all.
 */
const digitCounts: usize = memory.data(64 * 16, 16);

function fillDigitCounts(): void {
  for (let zeros: u64 = 0; zeros < 64; zeros++) {
    const least: u64 = zeros == 63 ? 0 : (<u64>1) << (63 - zeros);
    let digits: u64 = 1;
    let next: u64 = 10;
    for (; next <= least && digits < 20; digits++) next = digits < 19 ? next * 10 : u64.MAX_VALUE;
    store<u64>(digitCounts + (<usize>zeros << 4), digits);
    store<u64>(digitCounts + (<usize>zeros << 4), next, 8);
  }
}
fillDigitCounts();

// Each adds up the lengths of the fields that have a value (`values`, 8 bytes but for booleans). One function for each kind: all loops in
// one would share its registers, and take half as long again.

/** Gives how many whole numbers are written otherwise than plainly. */
export function measureInts(handle: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize, values: usize, range: usize): i32 {
  return measure(handle, starts, skip, ends, stride, rows, valid, values, PLAIN_INTS, range);
}

/** Gives how many zeros have a minus. */
export function measureDecimals(handle: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize, values: usize, range: usize): i32 {
  return measure(handle, starts, skip, ends, stride, rows, valid, values, NEGATIVE_ZEROS, range);
}

/** Gives how many numbers are in digits alone. */
export function measureDoubles(handle: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize, values: usize, range: usize): i32 {
  return measure(handle, starts, skip, ends, stride, rows, valid, values, DIGITS_ALONE, range);
}

/** Gives how many words are others than true and false; their least and greatest goes to `range`. */
export function measureBools(handle: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize, values: usize, range: usize): i32 {
  return measure(handle, starts, skip, ends, stride, rows, valid, values, OTHER_WORDS, range);
}

/** Of kinds in which nothing is looked for. */
export function measureOthers(handle: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize, values: usize, range: usize): i32 {
  return measure(handle, starts, skip, ends, stride, rows, valid, values, NOTHING, range);
}

/** Values of other kinds than text are ASCII, but for separators of thousands. */
@inline
function measure(
  handle: usize,
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  valid: usize,
  values: usize,
  look: i32,
  range: usize,
): i32 {
  const lengths = changetype<Lengths>(handle);
  const mark = quote == 0 ? 256 : quote;
  let longest: u32 = 0;
  let bytes: u64 = 0;
  let idle: u64 = 0;
  const isPlainText = !hasThousands;
  let missing: i32 = 0;
  let zeros: i32 = 0;
  let found: i32 = 0;
  let row = 0;
  while (row < rows) {
    // A loop without calls, for these would have all its registers saved in each turn.
    for (; row < rows; row++, starts += stride, ends += stride) {
      if (valid && !load<u8>(valid + row)) {
        missing++;
        continue;
      }
      const from: usize = load<u32>(starts) + skip;
      const length = <u32>(<usize>load<u32>(ends) - from);
      const first = <i32>load<u8>(from);
      if (!isPlainText || first == mark) break;
      if (look == PLAIN_INTS && (length != digitsOf(load<i64>(values + (row << 3))) || hasLetter(from, length))) break;
      // What may have a minus or an idle zero begins with no other digit.
      if (look == NEGATIVE_ZEROS && first <= 48) {
        if (load<i64>(values + (row << 3)) == 0) break;
        zeros += i32(beginsIdly(from, length));
      }
      if (look == DIGITS_ALONE && !hasMark(from, length)) break;
      if (look == OTHER_WORDS && length != 4 && length != 5) break;
      bytes += length;
      longest = max(longest, length);
      if (look == DIGITS_ALONE && first == 48) zeros += i32(beginsIdly(from, length));
    }
    if (row == rows) break;
    let from: usize = load<u32>(starts) + skip;
    let to: usize = load<u32>(ends);
    if (<i32>load<u8>(from) == mark && openField(from, to)) {
      from = textFrom;
      to = textTo;
    }
    const length = <u32>(to - from);
    const chars = isPlainText ? length : charsOf(from, length);
    bytes += length;
    idle += length - chars;
    longest = max(longest, chars);
    if (look == NEGATIVE_ZEROS || look == DIGITS_ALONE) zeros += i32(beginsIdly(from, length));
    if (look == PLAIN_INTS) {
      found += <i32>!isPlain(from, to, load<i64>(values + (row << 3)));
    } else if (look == NEGATIVE_ZEROS) {
      if (load<i64>(values + (row << 3)) == 0) found += <i32>hasMinus(from, to);
    } else if (look == DIGITS_ALONE) found += <i32>(!hasMark(from, length) && isDigitsAlone(from, to));
    else if (look == OTHER_WORDS && length != 4 && length != 5) {
      found++;
      rangeText(range, from, length);
    }
    row++;
    starts += stride;
    ends += stride;
  }
  lengths.count += <f64>(rows - missing);
  lengths.bytes += <f64>bytes;
  lengths.chars += <f64>(bytes - idle);
  lengths.zeros += <f64>zeros;
  lengths.longest = max(lengths.longest, <f64>longest);
  return found;
}

/** Counts the fields that are no value of their column's kind though they are not missing, and keeps the least and the greatest. */
export function rangeMisfits(range: usize, starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, valid: usize): i32 {
  let found: i32 = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride) {
    if (load<u8>(valid + row) || !openField(load<u32>(starts) + skip, load<u32>(ends))) continue;
    found++;
    rangeText(range, textFrom, <u32>(textTo - textFrom));
  }
  return found;
}

/** Bytes of the fields as they stand in the text. */
export function fieldBytes(starts: usize, skip: i32, ends: usize, stride: i32, rows: i32): f64 {
  let sum: f64 = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride) sum += <f64>(<i32>load<u32>(ends) - <i32>(load<u32>(starts) + skip));
  return sum;
}

/** Without the blanks around it, and what sets thousands apart. */
function isPlain(from: usize, to: usize, value: i64): bool {
  openField(from, to);
  trimField();
  if (hasThousands) ungroup();
  const length = <u32>(textTo - textFrom);
  return length == digitsOf(value) && !hasLetter(textFrom, length);
}

/** Whether there is the letter of an exponent in a number: 1e2 is as long as 100 is. Of what numbers are made of it alone has its bit. */
@inline
function hasLetter(from: usize, length: u32): bool {
  if (ASC_FEATURE_SIMD && length <= 16) {
    const bits = i8x16.bitmask(i8x16.shl(v128.load(from + length - 16), 1));
    return (bits & (0xffff << (16 - length))) != 0;
  }
  let bits: u32 = 0;
  for (let at = from; at < from + length; at++) bits |= load<u8>(at);
  return (bits & 64) != 0;
}

/** Characters of a whole number as a plain writer writes it. */
@inline
function digitsOf(value: i64): u32 {
  const size = value < 0 ? -<u64>value : <u64>value;
  const entry = digitCounts + (<usize>clz(size | 1) << 4);
  return load<u32>(entry) + <u32>(size >= load<u64>(entry, 8)) + <u32>(value < 0);
}

/** Begins with a zero and another digit. */
@inline
function beginsIdly(from: usize, length: u32): bool {
  return (load<u8>(from) == 48) & (length > 1) & (<u32>load<u8>(from, 1) - 48 < 10);
}

function hasMinus(from: usize, to: usize): bool {
  for (; from < to; from++) if (load<u8>(from) == 45) return true;
  return false;
}

/** Most numbers show at one glance that they are more than digits. */
@inline
function hasMark(from: usize, length: u32): bool {
  for (let at = from; at < from + length; at++) {
    const byte = load<u8>(at);
    if (byte == 46 || byte == 44 || byte == 101 || byte == 69) return true;
  }
  return false;
}

function isDigitsAlone(from: usize, to: usize): bool {
  openField(from, to);
  trimField();
  let at = textFrom;
  if (at < textTo && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
  if (at == textTo) return false;
  for (; at < textTo; at++) if (<u32>load<u8>(at) - 48 > 9) return false;
  return true;
}
