// Whole numbers that are written with decimals or an exponent: 5.0, 1e3, 1.5e1.
import { decimalMark } from "./number-format";

/** What isWhole has read. */
export let wholeNumber: u64 = 0;

/** Whether digits (`number`, already read) and what follows them from `at`, times 10^`places`, make a whole number of less than 64 bits. */
export function isWhole(number: u64, at: usize, to: usize, places: i32 = 0): bool {
  let decimals = 0;
  if (load<u8>(at) == decimalMark) {
    for (at++; at < to; at++) {
      const digit = <u64>load<u8>(at) - 48;
      if (digit > 9) break;
      if (number <= 1844674407370955160) {
        number = number * 10 + digit;
        decimals++;
      } else if (digit != 0) return false;
    }
  }
  let exponent = 0;
  if (at < to) {
    if ((load<u8>(at) | 32) != 101) return false;
    const sign = at + 1 < to ? load<u8>(at + 1) : 0;
    at += sign == 43 || sign == 45 ? 2 : 1;
    if (at >= to) return false;
    for (; at < to; at++) {
      const digit = <i32>load<u8>(at) - 48;
      if (<u32>digit > 9) return false;
      exponent = min(exponent * 10 + digit, 1000);
    }
    if (sign == 45) exponent = -exponent;
  }
  wholeNumber = number;
  return shift(exponent - decimals + places);
}

/** Moves the decimal mark; false when that drops or overflows digits. */
function shift(places: i32): bool {
  if (wholeNumber == 0) return true;
  for (; places < 0; places++) {
    if (wholeNumber % 10 != 0) return false;
    wholeNumber /= 10;
  }
  for (; places > 0; places--) {
    if (wholeNumber > 1844674407370955160) return false;
    wholeNumber *= 10;
  }
  return true;
}
