// Decimals as whole numbers of 10^-scale, at most 18 digits, never rounded.
import { joinDigits, lastDigits, NO_DIGITS, powerOfTen, readDigits, wrongDigits } from "./digits";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { EXPONENT, forgetMisfits, LEADING_ZERO, noteMisfit, OUT_OF_RANGE, SYNTAX, TOO_MANY_DECIMALS } from "./misfits";
import { nullsHaveDigits } from "./nulls";
import { decimalMark, keepsZeros } from "./number-format";

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
  const mark = <u8>decimalMark;
  const short: u32 = nullsHaveDigits ? 0 : 8;
  const long: u32 = nullsHaveDigits ? 0 : 10;
  // Where the mark stands when all decimals are written, which is so in most columns; a mark elsewhere is found below.
  const markBack: usize = scale + 1;
  const isShortScale = scale > 0 && scale < 8;
  const decimalsMask: u64 = isShortScale ? <u64>-1 << (64 - (scale << 3)) : 0;
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out += 8) {
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    const isNegative = <u32>(load<u8>(from) == 45);
    const flip = -(<i64>isNegative);
    const count = <u32>(to - from) - isNegative - 1;
    if (isShortScale && count - scale < 20 && load<u8>(to - markBack) == mark) {
      if (count - 1 < short) {
        const word = (load<u64>(to - 8) & decimalsMask) | (load<u64>(to - 9) & ~decimalsMask);
        const digits = lastDigits(word, count);
        const number = joinDigits(digits);
        if (wrongDigits(digits) == 0 && number >= load<u64>(LEAST + (count << 3))) {
          store<u64>(out, (number ^ flip) - flip);
          continue;
        }
      } else if (count - 9 < long) {
        const number = readAround(to, count, scale);
        if (number != NO_DIGITS && number >= load<u64>(LEAST + (count << 3))) {
          store<u64>(out, (number ^ flip) - flip);
          continue;
        }
      }
    }
    nulls += slowDecimal(from, to, scale, row, out, valid);
  }
  return nulls;
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
  let at = textFrom;
  const first = at < textTo ? load<u8>(at) : 0;
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
  if (at < textTo) return (load<u8>(at) | 32) == 101 ? EXPONENT : SYNTAX;
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
