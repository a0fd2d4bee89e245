// Days since 1970-01-01 of the proleptic Gregorian calendar.

export const NO_DAY: i32 = i32.MIN_VALUE;

/** Days of the year before each month, and from the 16th bit on the days of the month: of common years, and 16 places on of leap years. */
const MONTHS: usize = memory.data<u32>([
  0, 2031616, 1835039, 2031675, 1966170, 2031736, 1966231, 2031797, 2031828, 1966323, 2031889, 1966384, 2031950, 0, 0, 0,
  0, 2031616, 1900575, 2031676, 1966171, 2031737, 1966232, 2031798, 2031829, 1966324, 2031890, 1966385, 2031951, 0, 0, 0,
]);
/** Days from the first of a year 0 to 1970-01-02. */
const EPOCH: i32 = 719529;

/** NO_DAY when there is no such day; years from 1 to 9999. */
@inline
export function dayOf(year: i32, month: i32, day: i32): i32 {
  if (<u32>(year - 1) > 9998 || <u32>month > 12) return NO_DAY;
  const century = <i32>(<u32>year / 100);
  const rest = year - century * 100;
  const isInLeapYear = <i32>(((rest ? rest : century) & 3) == 0);
  const found = load<u32>(MONTHS + (<usize>((isInLeapYear << 4) | month) << 2));
  if (<u32>(day - 1) >= found >> 16) return NO_DAY;
  // Years before this one that have a leap day: each fourth, without those that begin a century, with each fourth of these.
  const centuries = century + <i32>(rest != 0);
  const leaps = ((year + 3) >> 2) - centuries + ((centuries + 3) >> 2);
  return year * 365 + leaps + <i32>(found & 0xffff) + day - EPOCH;
}

export function isLeap(year: i32): bool {
  return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
}
