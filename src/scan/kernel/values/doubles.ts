// Doubles, correctly rounded. The few whose rounding is not certain here are listed, for JavaScript to read.
import { eightDigits, joinDigits, wrongDigits } from "./digits";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { forgetMisfits, LEADING_ZERO, noteMisfit, SYNTAX } from "./misfits";
import { forgetHard, noteHard } from "./hard-rows";
import { nullsHaveDigits } from "./nulls";
import { decimalMark, keepsZeros } from "./number-format";
import { nearest, nearestDouble } from "./round-double";
import { hasThousands, ungroup } from "./thousands";

/** More digits than any mantissa of 64 bits is sure to hold. */
const MOST_DIGITS: u32 = 19;

/** What readNumber found besides a value. */
const FOUND: i32 = 0;
const HARD: i32 = -1;
let found: f64 = 0;

/** Reads a column's fields as f64 values, and writes the rows that are hard (u32) into `hard`; gives the number of nulls. */
export function parseDoubles(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  out: usize,
  valid: usize,
  hard: usize,
): i32 {
  forgetMisfits();
  forgetHard();
  memory.fill(valid, 1, rows);
  const mark = <u8>decimalMark;
  const isCareful = nullsHaveDigits;
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out += 8) {
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    // As a rule a field begins with its number; blanks, quotes, words and null words are dealt with below.
    let kind = isCareful ? SYNTAX : readNumber(from, to, mark);
    if (kind > 0) {
      if (!openField(from, to)) {
        store<f64>(out, 0);
        store<u8>(valid + row, 0);
        nulls++;
        continue;
      }
      trimField();
      if (hasThousands) ungroup();
      kind = readNumber(textFrom, textTo, mark);
      if (kind == SYNTAX && readWord(textFrom, textTo)) kind = FOUND;
    }
    if (kind == FOUND) store<f64>(out, found);
    else {
      store<f64>(out, 0);
      if (kind == HARD) noteHard(hard, row);
      else {
        noteMisfit(row, kind);
        store<u8>(valid + row, 0);
        nulls++;
      }
    }
  }
  return nulls;
}

/** FOUND, HARD, or why the text is no number. */
@inline
function readNumber(from: usize, to: usize, mark: u8): i32 {
  let at = from;
  const first = load<u8>(at);
  if (first == 43 && keepsZeros) return SYNTAX;
  if (first == 45 || first == 43) at++;
  let mantissa: u64 = 0;
  const wholeFrom = at;
  while (at + 8 <= to) {
    const values = eightDigits(load<u64>(at));
    if (wrongDigits(values) != 0) break;
    mantissa = mantissa * 100000000 + joinDigits(values);
    at += 8;
  }
  for (; at < to; at++) {
    const digit = <u64>load<u8>(at) - 48;
    if (digit > 9) break;
    mantissa = mantissa * 10 + digit;
  }
  let digits = <u32>(at - wholeFrom);
  if (keepsZeros && digits > 1 && load<u8>(wholeFrom) == 48) return LEADING_ZERO;
  let exponent = 0;
  if (at < to && load<u8>(at) == mark) {
    const fractionFrom = ++at;
    while (at + 8 <= to) {
      const values = eightDigits(load<u64>(at));
      if (wrongDigits(values) != 0) break;
      mantissa = mantissa * 100000000 + joinDigits(values);
      at += 8;
    }
    for (; at < to; at++) {
      const digit = <u64>load<u8>(at) - 48;
      if (digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    exponent = -<i32>(at - fractionFrom);
    digits -= exponent;
  }
  if (digits == 0) return SYNTAX;
  if (at < to) {
    if (!readExponent(at, to)) return SYNTAX;
    exponent += written;
  }
  if (digits > MOST_DIGITS && significant(wholeFrom, to) > MOST_DIGITS) return HARD;
  if (!nearestDouble(mantissa, exponent)) return HARD;
  found = first == 45 ? -nearest : nearest;
  return FOUND;
}

/** What readExponent has read. */
let written: i32 = 0;

function readExponent(at: usize, to: usize): bool {
  if ((load<u8>(at) | 32) != 101) return false;
  at++;
  const sign = at < to ? load<u8>(at) : 0;
  if (sign == 43 || sign == 45) at++;
  if (at >= to) return false;
  let exponent = 0;
  for (; at < to; at++) {
    const digit = <i32>load<u8>(at) - 48;
    if (<u32>digit > 9) return false;
    exponent = min(exponent * 10 + digit, 1000000);
  }
  written = sign == 45 ? -exponent : exponent;
  return true;
}

/** Digits without the zeros that a number begins with. */
function significant(from: usize, to: usize): u32 {
  let digits: u32 = 0;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    if ((byte | 32) == 101) break;
    if (byte - 48 < 10 && (digits > 0 || byte != 48)) digits++;
  }
  return digits;
}

/** nan, inf and infinity in any case, with or without a sign. */
function readWord(from: usize, to: usize): bool {
  const first = from < to ? load<u8>(from) : 0;
  const isNegative = first == 45;
  if (first == 43 && keepsZeros) return false;
  if (isNegative || first == 43) from++;
  const length = <u32>(to - from);
  if (length != 3 && length != 8) return false;
  const start = (load<u32>(from) & 0xffffff) | 0x202020;
  if (length == 3 && start == 0x6e616e) {
    found = NaN;
    return true;
  }
  // "inf", and then "inity" of "infinity" as a whole.
  if (length == 3 ? start != 0x666e69 : (load<u64>(from) | 0x2020202020202020) != 0x7974696e69666e69) return false;
  found = isNegative ? -Infinity : Infinity;
  return true;
}
