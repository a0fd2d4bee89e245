// Digits to numbers, eight at a time within one register (the first digit is the lowest byte).

const POWERS: usize = memory.data(20 * 8);

/** 10 to the power of 0 to 19. */
@inline
export function powerOfTen(exponent: i32): u64 {
  return load<u64>(POWERS + (<usize>exponent << 3));
}

/** Fills the table of powers; runs when the module starts. */
function fillPowers(): void {
  let power: u64 = 1;
  for (let i = 0; i < 20; i++) {
    store<u64>(POWERS + (i << 3), power);
    power *= 10;
  }
}
fillPowers();

const ZEROS: u64 = 0x3030303030303030;
const HIGH_BITS: u64 = 0x8080808080808080;

/** The values of the last `count` (1 to 8) of eight digits; what stands before them becomes 0. */
@inline
export function lastDigits(word: u64, count: u32): u64 {
  return (word ^ ZEROS) & (<u64>-1 << (<u64>(0 - (count << 3)) & 63));
}

/** The values of eight digits. */
@inline
export function eightDigits(word: u64): u64 {
  return word ^ ZEROS;
}

/** Not 0 when some byte is no value of a digit. */
@inline
export function wrongDigits(values: u64): u64 {
  return ((values + 0x7676767676767676) | values) & HIGH_BITS;
}

/** The number that eight values of digits make. */
@inline
export function joinDigits(values: u64): u64 {
  const pairs = ((values * 2561) >> 8) & 0x00ff00ff00ff00ff;
  const fours = ((pairs * 6553601) >> 16) & 0x0000ffff0000ffff;
  return (fours * 42949672960001) >> 32;
}

/** What `readDigits` gives for bytes that are no digits. */
export const NO_DIGITS: u64 = <u64>-1;

/** The number of 9 to 19 digits that end at `to`; NO_DIGITS when there is another byte among them. */
@inline
export function readDigits(to: usize, count: u32): u64 {
  const low = eightDigits(load<u64>(to - 8));
  const middle = count < 16 ? lastDigits(load<u64>(to - 16), count - 8) : eightDigits(load<u64>(to - 16));
  const high: u64 = count > 16 ? lastDigits(load<u64>(to - 24), count - 16) : 0;
  if ((wrongDigits(low) | wrongDigits(middle) | wrongDigits(high)) != 0) return NO_DIGITS;
  return (joinDigits(high) * 100000000 + joinDigits(middle)) * 100000000 + joinDigits(low);
}
