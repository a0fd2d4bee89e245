// Whole numbers of 64 bits.
import { openField, textFrom, textTo, trimField } from "./field-text";
import { joinLanes, lastSixteen, loadEights, loadHundreds, loadMyriads, loadNines, loadPairs, loadZeros, negateLanes, wrongLanes } from "./digit-lanes";
import { joinDigits, lastDigits, NO_DIGITS, powerOfTen, readDigits, wrongDigits } from "./digits";
import { forgetMisfits, LEADING_ZERO, noteMisfit, OUT_OF_RANGE, SYNTAX } from "./misfits";
import { nullsHaveDigits } from "./nulls";
import { keepsZeros, takesWholeDecimals } from "./number-format";
import { hasThousands, ungroup } from "./thousands";
import { isWhole, wholeNumber } from "./whole-decimals";

/** Least number of so many digits without a leading zero; one digit may be 0. */
const LEAST: usize = memory.data(20 * 8);

/** Reads a column's fields as i64 values; gives the number of nulls. */
export function parseInts(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  out: usize,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  for (let count = 2; count < 20; count++) store<u64>(LEAST + (count << 3), keepsZeros ? powerOfTen(count - 1) : 0);
  const short: u32 = nullsHaveDigits ? 0 : 8;
  const long: u32 = nullsHaveDigits ? 0 : 10;
  let nulls = 0;
  let row = 0;
  if (ASC_FEATURE_SIMD && short > 0) {
    const zeros = loadZeros();
    const nines = loadNines();
    const pairs = loadPairs();
    const hundreds = loadHundreds();
    const myriads = loadMyriads();
    const eights = loadEights();
    for (; row + 2 <= rows; row += 2, starts += stride << 1, ends += stride << 1, out += 16) {
      const toA: usize = load<u32>(ends);
      const toB: usize = load<u32>(ends + stride);
      const fromA: usize = load<u32>(starts) + skip;
      const fromB: usize = load<u32>(starts + stride) + skip;
      const minusA = <u32>(load<u8>(fromA) == 45);
      const minusB = <u32>(load<u8>(fromB) == 45);
      const countA = <u32>(toA - fromA) - minusA;
      const countB = <u32>(toB - fromB) - minusB;
      if (((countA - 1) | (countB - 1)) < 16) {
        const a = lastSixteen(v128.load(toA - 16), countA, zeros);
        const b = lastSixteen(v128.load(toB - 16), countB, zeros);
        const numbers = joinLanes(a, b, pairs, hundreds, myriads, eights);
        const least = v128.load64_lane(LEAST + (countB << 3), v128.load64_zero(LEAST + (countA << 3)), 1);
        if (!v128.any_true(v128.or(wrongLanes(a, b, nines), i64x2.lt_s(numbers, least)))) {
          v128.store(out, negateLanes(numbers, -(<i64>minusA), -(<i64>minusB)));
          continue;
        }
      }
      nulls += oneInt(fromA, toA, row, out, valid, short, long);
      nulls += oneInt(fromB, toB, row + 1, out + 8, valid, short, long);
    }
  }
  for (; row < rows; row++, starts += stride, ends += stride, out += 8)
    nulls += oneInt(load<u32>(starts) + skip, load<u32>(ends), row, out, valid, short, long);
  return nulls;
}

/** Of at most `short` digits, or of 9 and `long` less one more; all else is looked at closely. Gives 1 for a null. */
@inline
function oneInt(from: usize, to: usize, row: i32, out: usize, valid: usize, short: u32, long: u32): i32 {
  const isNegative = <u32>(load<u8>(from) == 45);
  const count = <u32>(to - from) - isNegative;
  const flip = -(<i64>isNegative);
  if (count - 1 < short) {
    const digits = lastDigits(load<u64>(to - 8), count);
    const number = joinDigits(digits);
    if (wrongDigits(digits) == 0 && number >= load<u64>(LEAST + (count << 3))) {
      store<u64>(out, (number ^ flip) - flip);
      return 0;
    }
  } else if (count - 9 < long) {
    const number = readDigits(to, count);
    if (number != NO_DIGITS && number >= load<u64>(LEAST + (count << 3))) {
      store<u64>(out, (number ^ flip) - flip);
      return 0;
    }
  }
  return slowInt(from, to, row, out, valid);
}

/** A field that is quoted, blank, missing, long or wrong; gives 1 for a null. */
function slowInt(from: usize, to: usize, row: i32, out: usize, valid: usize): i32 {
  store<i64>(out, 0);
  if (openField(from, to)) {
    const reason = readInt(out);
    if (reason == 0) return 0;
    noteMisfit(row, reason);
  }
  store<u8>(valid + row, 0);
  return 1;
}

/** Reads the opened field; 0, or why it is no whole number. */
function readInt(out: usize): i32 {
  trimField();
  if (hasThousands) ungroup();
  let at = textFrom;
  const first = at < textTo ? load<u8>(at) : 0;
  if (first == 43 && keepsZeros) return SYNTAX;
  const isNegative = first == 45;
  if (isNegative || first == 43) at++;
  const digitsFrom = at;
  const most: u64 = 9223372036854775807 + <u64>isNegative;
  let number: u64 = 0;
  let isTooLarge = false;
  for (; at < textTo; at++) {
    const digit = <u64>load<u8>(at) - 48;
    if (digit > 9) break;
    if (number > (most - digit) / 10) isTooLarge = true;
    number = number * 10 + digit;
  }
  const digits = at - digitsFrom;
  if (digits == 0) return SYNTAX;
  if (at < textTo) {
    if (!takesWholeDecimals || isTooLarge || !isWhole(number, at, textTo)) return SYNTAX;
    number = wholeNumber;
    isTooLarge = number > most;
  }
  if (keepsZeros && digits > 1 && load<u8>(digitsFrom) == 48) return LEADING_ZERO;
  if (isTooLarge) return OUT_OF_RANGE;
  store<i64>(out, isNegative ? -(<i64>number) : <i64>number);
  return 0;
}
