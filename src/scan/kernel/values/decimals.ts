// Decimals as whole numbers of 10^-scale, at most 18 digits, never rounded.
import { joinLanes, lastBytes, lastSixteen, loadEights, loadHundreds, loadMyriads, loadNines, loadPairs, loadZeros, negateLanes, wrongLanes } from "./digit-lanes";
import { joinDigits, lastDigits, NO_DIGITS, powerOfTen, readDigits, wrongDigits } from "./digits";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { EXPONENT, forgetMisfits, LEADING_ZERO, noteMisfit, OUT_OF_RANGE, SYNTAX, TOO_MANY_DECIMALS } from "./misfits";
import { nullsHaveDigits } from "./nulls";
import { decimalMark, keepsZeros, takesWholeDecimals } from "./number-format";
import { hasThousands, ungroup } from "./thousands";
import { isWhole, wholeNumber } from "./whole-decimals";

const LARGEST: u64 = 999999999999999999;
/** Least number of so many digits, decimals included, without a leading zero. */
const LEAST: usize = memory.data(20 * 8);

/** Reads a column's fields as i64 values at `scale` (0 to 18); gives the number of nulls. */
export function parseDecimals(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  scale: i32,
  out: usize,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  for (let count = 0; count < 20; count++)
    store<u64>(LEAST + (count << 3), keepsZeros && count > scale + 1 ? powerOfTen(count - 1) : 0);
  if (nullsHaveDigits) return slowDecimals(starts, skip, ends, stride, rows, scale, out, valid);
  let nulls = 0;
  let row = 0;
  if (ASC_FEATURE_SIMD && scale < 16) {
    const zeros = loadZeros();
    const nines = loadNines();
    const pairs = loadPairs();
    const hundreds = loadHundreds();
    const myriads = loadMyriads();
    const eights = loadEights();
    const mark = decimalMark;
    const marks = i8x16.splat(<u8>mark);
    const decimals = lastBytes(scale);
    // Where the mark stands when all decimals are written, which is so in most columns.
    const back: usize = scale + 1;
    const fewest = max(<u32>scale, 1);
    const range: u32 = 16 - fewest;
    for (; row + 2 <= rows; row += 2, out += 16) {
      const toA: usize = load<u32>(ends);
      const fromA: usize = load<u32>(starts) + skip;
      const toB: usize = load<u32>(ends + stride);
      const fromB: usize = load<u32>(starts + stride) + skip;
      starts += stride << 1;
      ends += stride << 1;
      const minusA = <u32>(load<u8>(fromA) == 45);
      const minusB = <u32>(load<u8>(fromB) == 45);
      let countA = <u32>(toA - fromA) - minusA - 1;
      let countB = <u32>(toB - fromB) - minusB - 1;
      if (((<i32>load<u8>(toA - back) ^ mark) | (<i32>load<u8>(toB - back) ^ mark)) == 0) {
        if (countA - fewest <= range && countB - fewest <= range) {
          const a = lastSixteen(v128.bitselect(v128.load(toA - 16), v128.load(toA - 17), decimals), countA, zeros);
          const b = lastSixteen(v128.bitselect(v128.load(toB - 16), v128.load(toB - 17), decimals), countB, zeros);
          const numbers = joinLanes(a, b, pairs, hundreds, myriads, eights);
          const least = v128.load64_lane(LEAST + (countB << 3), v128.load64_zero(LEAST + (countA << 3)), 1);
          if (!v128.any_true(v128.or(wrongLanes(a, b, nines), i64x2.lt_s(numbers, least)))) {
            v128.store(out, negateLanes(numbers, -(<i64>minusA), -(<i64>minusB)));
            continue;
          }
        }
      } else if (countA < 15 && countB < 15) {
        // The mark stands elsewhere, or there is none: then 16 bytes count as behind it.
        const bytesA = v128.load(toA - 16);
        const bytesB = v128.load(toB - 16);
        const behindA = <u32>clz<i32>(i8x16.bitmask(i8x16.eq(bytesA, marks)) & (0xffff << (15 - countA))) - 16;
        const behindB = <u32>clz<i32>(i8x16.bitmask(i8x16.eq(bytesB, marks)) & (0xffff << (15 - countB))) - 16;
        countA += behindA >> 4;
        countB += behindB >> 4;
        const a = lastSixteen(v128.bitselect(bytesA, v128.load(toA - 17), lastBytes(behindA)), countA, zeros);
        const b = lastSixteen(v128.bitselect(bytesB, v128.load(toB - 17), lastBytes(behindB)), countB, zeros);
        const upA = scale - (behindA & 15);
        const upB = scale - (behindB & 15);
        if ((upA | upB) >= 0 && countA > 0 && countB > 0 && !v128.any_true(wrongLanes(a, b, nines))) {
          const numbers = joinLanes(a, b, pairs, hundreds, myriads, eights);
          const numberA = i64x2.extract_lane(numbers, 0) * powerOfTen(upA);
          const numberB = i64x2.extract_lane(numbers, 1) * powerOfTen(upB);
          if (isFit(numberA, countA + upA) && isFit(numberB, countB + upB)) {
            store<i64>(out, minusA ? -numberA : numberA);
            store<i64>(out, minusB ? -numberB : numberB, 8);
            continue;
          }
        }
      }
      nulls += oneDecimal(fromA, toA, row, scale, out, valid);
      nulls += oneDecimal(fromB, toB, row + 1, scale, out + 8, valid);
    }
  }
  for (; row < rows; row++, starts += stride, ends += stride, out += 8)
    nulls += oneDecimal(load<u32>(starts) + skip, load<u32>(ends), row, scale, out, valid);
  return nulls;
}

/** A number of so many digits at the scale has no leading zero, and not too many digits. */
@inline
function isFit(number: i64, digits: u32): bool {
  return digits <= 18 && number >= load<i64>(LEAST + (digits << 3));
}

function slowDecimals(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  scale: i32,
  out: usize,
  valid: usize,
): i32 {
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out += 8)
    nulls += slowDecimal(load<u32>(starts) + skip, load<u32>(ends), scale, row, out, valid);
  return nulls;
}

/** Of up to 18 digits with all decimals; all else is looked at closely. Gives 1 for a null. */
@inline
function oneDecimal(from: usize, to: usize, row: i32, scale: i32, out: usize, valid: usize): i32 {
  const isNegative = <u32>(load<u8>(from) == 45);
  const flip = -(<i64>isNegative);
  const count = <u32>(to - from) - isNegative - 1;
  if (<u32>(scale - 1) < 7 && count - scale < 20 && load<u8>(to - 1 - scale) == decimalMark) {
    if (count - 1 < 8) {
      const decimals: u64 = <u64>-1 << (64 - (scale << 3));
      const word = (load<u64>(to - 8) & decimals) | (load<u64>(to - 9) & ~decimals);
      const digits = lastDigits(word, count);
      const number = joinDigits(digits);
      if (wrongDigits(digits) == 0 && number >= load<u64>(LEAST + (count << 3))) {
        store<u64>(out, (number ^ flip) - flip);
        return 0;
      }
    } else if (count - 9 < 10) {
      const number = readAround(to, count, scale);
      if (number != NO_DIGITS && number >= load<u64>(LEAST + (count << 3))) {
        store<u64>(out, (number ^ flip) - flip);
        return 0;
      }
    }
  }
  return slowDecimal(from, to, scale, row, out, valid);
}

/** The number of 9 to 18 digits with a mark before the last `decimals` (1 to 7). */
@inline
function readAround(to: usize, count: u32, decimals: i32): u64 {
  const whole = count - decimals;
  const fraction = lastDigits(load<u64>(to - 8), decimals);
  const end = to - decimals - 1;
  const last = lastDigits(load<u64>(end - 8), min(whole, 8));
  const first = whole > 8 ? readHigh(end - 8, whole - 8) : 0;
  if ((wrongDigits(fraction) | wrongDigits(last)) != 0 || first == NO_DIGITS) return NO_DIGITS;
  return (first * 100000000 + joinDigits(last)) * powerOfTen(decimals) + joinDigits(fraction);
}

/** The number of 1 to 16 digits that end at `to`. */
function readHigh(to: usize, count: u32): u64 {
  if (count > 8) return readDigits(to, count);
  const digits = lastDigits(load<u64>(to - 8), count);
  return wrongDigits(digits) == 0 ? joinDigits(digits) : NO_DIGITS;
}

function slowDecimal(from: usize, to: usize, scale: i32, row: i32, out: usize, valid: usize): i32 {
  store<i64>(out, 0);
  if (openField(from, to)) {
    const reason = readDecimal(scale, out);
    if (reason == 0) return 0;
    noteMisfit(row, reason);
  }
  store<u8>(valid + row, 0);
  return 1;
}

/** Reads the opened field; 0, or why it is no decimal of the scale. */
function readDecimal(scale: i32, out: usize): i32 {
  trimField();
  if (hasThousands) ungroup();
  let at = textFrom;
  const first = at < textTo ? load<u8>(at) : 0;
  if (first == 43 && keepsZeros) return SYNTAX;
  const isNegative = first == 45;
  if (isNegative || first == 43) at++;
  let number: u64 = 0;
  let isTooLarge = false;
  const wholeFrom = at;
  for (; at < textTo; at++) {
    const digit = <u64>load<u8>(at) - 48;
    if (digit > 9) break;
    if (number > (LARGEST - digit) / 10) isTooLarge = true;
    number = number * 10 + digit;
  }
  const whole = <i32>(at - wholeFrom);
  const wholeTo = at;
  const ofWhole = number;
  let decimals = 0;
  let isTooFine = false;
  if (at < textTo && load<u8>(at) == decimalMark) {
    for (at++; at < textTo; at++, decimals++) {
      const digit = <u64>load<u8>(at) - 48;
      if (digit > 9) break;
      if (decimals >= scale) {
        isTooFine = isTooFine || digit != 0;
        continue;
      }
      if (number > (LARGEST - digit) / 10) isTooLarge = true;
      number = number * 10 + digit;
    }
  }
  if (whole + decimals == 0) return SYNTAX;
  if (at < textTo) {
    if ((load<u8>(at) | 32) != 101) return SYNTAX;
    // Decimals that were found are doubles with an exponent; those that were declared take it.
    if (!takesWholeDecimals || ofWhole > LARGEST || !isWhole(ofWhole, wholeTo, textTo, scale)) return EXPONENT;
    if (wholeNumber > LARGEST) return OUT_OF_RANGE;
    store<i64>(out, isNegative ? -(<i64>wholeNumber) : <i64>wholeNumber);
    return 0;
  }
  if (keepsZeros && whole > 1 && load<u8>(wholeFrom) == 48) return LEADING_ZERO;
  if (isTooFine) return TOO_MANY_DECIMALS;
  for (let i = decimals; i < scale; i++) {
    if (number > LARGEST / 10) isTooLarge = true;
    number *= 10;
  }
  if (isTooLarge) return OUT_OF_RANGE;
  store<i64>(out, isNegative ? -(<i64>number) : <i64>number);
  return 0;
}
