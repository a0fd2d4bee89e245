// Days since 1970-01-01 of the proleptic Gregorian calendar.

export const NO_DAY: i32 = i32.MIN_VALUE;

/** NO_DAY when there is no such day; years from 1 to 9999. */
export function dayOf(year: i32, month: i32, day: i32): i32 {
  if (<u32>(year - 1) > 9998 || <u32>(month - 1) > 11 || day < 1 || day > daysIn(year, month)) return NO_DAY;
  // Years begin with March, so that the leap day is the last one.
  const shifted = month <= 2 ? year - 1 : year;
  const sinceMarch = month <= 2 ? month + 9 : month - 3;
  const leaps = shifted / 4 - shifted / 100 + shifted / 400;
  return shifted * 365 + leaps + (sinceMarch * 153 + 2) / 5 + day - 719469;
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return isLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

export function isLeap(year: i32): bool {
  return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
}
