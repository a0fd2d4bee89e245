// Days as ISO writes them.
import { dayOf, NO_DAY } from "./calendar";

/** `0000-00-` */
const DAY_HEAD: u64 = 0x2d30302d30303030;
/** `00` */
const DAY_TAIL: u32 = 0x3030;

/** The day of ten bytes; NO_DAY when they are none. */
@inline
export function isoDay(head: u64, tail: u32): i32 {
  const a = head ^ DAY_HEAD;
  const b = <u64>(tail ^ DAY_TAIL);
  const wrong = ((a + 0x7676767676767676) | a) & 0x8080808080808080;
  if (wrong != 0 || (a & 0xff0000ff00000000) != 0 || (((b + 0x7676) | b) & 0x8080) != 0) return NO_DAY;
  const pairs = a * 10 + (a >> 8);
  return dayOf(byteOf(pairs, 0) * 100 + byteOf(pairs, 2), byteOf(pairs, 5), byteOf(b, 0) * 10 + byteOf(b, 1));
}

@inline
function byteOf(word: u64, place: i32): i32 {
  return <i32>(word >> (place << 3)) & 255;
}

/** What readDay has read; NO_DAY when the calendar has no such day. */
export let readDayNumber: i32 = 0;

/** Reads year, month and day, and gives the place behind them; 0 when the text does not begin so. */
export function readDay(from: usize, to: usize): usize {
  let at = from;
  let year = 0;
  for (; at < to && isDigit(at); at++) year = year * 10 + digitAt(at);
  if (at - from != 4 || at >= to) return 0;
  const sign = load<u8>(at);
  if (sign != 45 && sign != 47) return 0;
  at++;
  let month = 0;
  const monthFrom = at;
  for (; at < to && isDigit(at) && at - monthFrom < 2; at++) month = month * 10 + digitAt(at);
  if (at == monthFrom || at >= to || load<u8>(at) != sign) return 0;
  at++;
  let day = 0;
  const dayFrom = at;
  for (; at < to && isDigit(at) && at - dayFrom < 2; at++) day = day * 10 + digitAt(at);
  if (at == dayFrom) return 0;
  readDayNumber = dayOf(year, month, day);
  return at;
}

@inline
export function isDigit(at: usize): bool {
  return load<u8>(at) - 48 < 10;
}

@inline
export function digitAt(at: usize): i32 {
  return <i32>load<u8>(at) - 48;
}
