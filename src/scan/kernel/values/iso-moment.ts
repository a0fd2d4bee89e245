// Moments as ISO writes them, `2024-02-29T23:59:59`, read by one vector of pairs of digits. Only where there are vectors.
import { dayOf, NO_DAY } from "./calendar";
import { loadNines, loadPairs, loadZeros } from "./digit-lanes";

/** In place of seconds since 1970: the bytes are no such moment. */
export const NO_MOMENT: i64 = i64.MIN_VALUE;

/** What stands between the digits of the first 16 bytes, blanks where something else is looked at, and which bytes are these signs. */
const SIGNS: usize = memory.data<u8>([0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 0, 0, 0, 58, 0, 0], 16);
const IS_SIGN: usize = memory.data<u8>([0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0], 16);
/** The largest century, year, month, day, hour, minute and second; the last pair is the first once more. */
const LIMITS: usize = memory.data<u16>([99, 99, 12, 31, 23, 59, 59, 99], 16);
/** A year; a month and a day as 64 months + day; hours and minutes as seconds; seconds. */
const WEIGHTS: usize = memory.data<i16>([100, 1, 64, 1, 3600, 60, 1, 0], 16);

/** Years whose months are in a table: from the first on, 16 places each, the day of the month's first less 1 and its length. */
const FIRST_YEAR: i32 = 1900;
const YEARS: i32 = 256;
const MONTHS: usize = memory.data(256 * 16 * 8, 8);

function fillMonths(): void {
  for (let year = 0; year < YEARS; year++) {
    for (let month = 1; month <= 12; month++) {
      const first = dayOf(FIRST_YEAR + year, month, 1);
      let length = 28;
      while (dayOf(FIRST_YEAR + year, month, length + 1) != NO_DAY) length++;
      const place = MONTHS + (((year << 4) | month) << 3);
      store<i32>(place, first - 1);
      store<i32>(place, length, 4);
    }
  }
}
fillMonths();

/** Seconds since 1970 of 19 bytes, whatever stands between day and time; NO_MOMENT for what must be looked at closely. */
@inline
export function isoMoment(from: usize): i64 {
  const head = v128.load(from);
  const tail = v128.load(from, 3);
  const digits = v128.xor(i8x16.shuffle(head, tail, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 30, 31, 0, 1), loadZeros());
  const pairs = i16x8.shr_u(i16x8.mul(digits, loadPairs()), 8);
  const wrong = v128.or(
    v128.or(i8x16.gt_u(digits, loadNines()), i16x8.gt_u(pairs, v128.load(LIMITS))),
    v128.and(v128.xor(head, v128.load(SIGNS)), v128.load(IS_SIGN)),
  );
  if (v128.any_true(wrong) || load<u8>(from, 16) != 58) return NO_MOMENT;
  const parts = i32x4.dot_i16x8_s(pairs, v128.load(WEIGHTS));
  const year = i32x4.extract_lane(parts, 0);
  const monthDay = i32x4.extract_lane(parts, 1);
  const seconds = i32x4.extract_lane(parts, 2) + i32x4.extract_lane(parts, 3);
  let day: i32;
  if (<u32>(year - FIRST_YEAR) < <u32>YEARS) {
    const place = MONTHS + (<usize>(((year - FIRST_YEAR) << 4) | (monthDay >> 6)) << 3);
    day = monthDay & 63;
    if (<u32>(day - 1) >= load<u32>(place, 4)) return NO_MOMENT;
    day += load<i32>(place);
  } else {
    day = dayOf(year, monthDay >> 6, monthDay & 63);
    if (day == NO_DAY) return NO_MOMENT;
  }
  return <i64>day * 86400 + <i64>seconds;
}
