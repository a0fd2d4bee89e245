// Moments as ISO writes them, `2024-02-29T23:59:59`, read by one vector of pairs of digits. Only where there are vectors.
import { dayOf, NO_DAY } from "./calendar";
import { loadPairs } from "./digit-lanes";

/** In place of seconds since 1970: the bytes are no such moment. */
export const NO_MOMENT: i64 = i64.MIN_VALUE;

/** What a moment's pairs of digits and its hyphens are compared with, and how much more each byte may be. */
const ZEROS: usize = memory.data<u8>([48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 45, 45], 16);
const MOST: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0], 16);
/** The largest century, year, month, day, hour, minute and second; the hyphens are none of them. */
const LIMITS: usize = memory.data<u16>([99, 99, 12, 31, 23, 59, 59, 0], 16);
/** A year in places of 16 months; a month and a day as 64 months + day; hours and minutes as seconds; seconds. */
const WEIGHTS: usize = memory.data<i16>([1600, 16, 64, 1, 3600, 60, 1, 0], 16);
/** The colons of `:00:`, and where they are. */
const COLONS: u32 = 0x3a00003a;
const ARE_COLONS: u32 = 0xff0000ff;

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
  const bytes = i16x8.replace_lane(
    i8x16.shuffle(head, head, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 0, 1, 4, 7),
    6,
    load<u16>(from, 17),
  );
  const digits = v128.xor(bytes, v128.load(ZEROS));
  const pairs = i16x8.shr_u(i16x8.mul(digits, loadPairs()), 8);
  const wrong = v128.or(i8x16.sub_sat_u(digits, v128.load(MOST)), i16x8.sub_sat_u(pairs, v128.load(LIMITS)));
  if (v128.any_true(wrong) || ((load<u32>(from, 13) ^ COLONS) & ARE_COLONS) != 0) return NO_MOMENT;
  const parts = i32x4.dot_i16x8_s(pairs, v128.load(WEIGHTS));
  const year = i32x4.extract_lane(parts, 0);
  const monthDay = i32x4.extract_lane(parts, 1);
  const seconds = i32x4.extract_lane(parts, 2) + i32x4.extract_lane(parts, 3);
  let day = monthDay & 63;
  if (<u32>(year - 16 * FIRST_YEAR) < <u32>(16 * YEARS)) {
    const place = MONTHS + (<usize>(year - 16 * FIRST_YEAR + (monthDay >> 6)) << 3);
    if (<u32>(day - 1) >= load<u32>(place, 4)) return NO_MOMENT;
    day += load<i32>(place);
  } else {
    day = dayOf(year >> 4, monthDay >> 6, day);
    if (day == NO_DAY) return NO_MOMENT;
  }
  return <i64>day * 86400 + <i64>seconds;
}
