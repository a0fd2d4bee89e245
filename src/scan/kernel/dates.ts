// Days: 2024-02-29, also with slashes and without leading zeros, or in a declared format.
import { dayOf, NO_DAY } from "./calendar";
import { hasDateFormat, readFormatted, formattedDay } from "./date-format";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { forgetMisfits, noteMisfit, OUT_OF_RANGE, SYNTAX } from "./misfits";
import { nullsHaveDigits } from "./nulls";

/** `0000-00-` */
const DAY_HEAD: u64 = 0x2d30302d30303030;
/** `00` */
const DAY_TAIL: u32 = 0x3030;

/** Reads a column's fields as i32 days since 1970; gives the number of nulls. */
export function parseDates(
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
  const isPlain = !nullsHaveDigits && !hasDateFormat;
  let lastHead: u64 = 0;
  let lastTail: u32 = 0;
  let lastDay: i32 = NO_DAY;
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out += 4) {
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    if (isPlain && to - from == 10) {
      const head = load<u64>(from);
      const tail: u32 = load<u16>(from, 8);
      // Days mostly come in runs.
      if (head != lastHead || tail != lastTail) {
        lastHead = head;
        lastTail = tail;
        lastDay = isoDay(head, tail);
      }
      if (lastDay != NO_DAY) {
        store<i32>(out, lastDay);
        continue;
      }
    }
    nulls += slowDate(from, to, row, out, valid);
  }
  return nulls;
}

/** The day of ten bytes; NO_DAY when they are none. */
export function isoDay(head: u64, tail: u32): i32 {
  const a = head ^ DAY_HEAD;
  const b = <u64>(tail ^ DAY_TAIL);
  const wrong = ((a + 0x7676767676767676) | a) & 0x8080808080808080;
  if (wrong != 0 || (a & 0xff0000ff00000000) != 0 || (((b + 0x7676) | b) & 0x8080) != 0) return NO_DAY;
  const year = (byteOf(a, 0) * 10 + byteOf(a, 1)) * 100 + byteOf(a, 2) * 10 + byteOf(a, 3);
  return dayOf(year, byteOf(a, 5) * 10 + byteOf(a, 6), byteOf(b, 0) * 10 + byteOf(b, 1));
}

@inline
function byteOf(word: u64, place: i32): i32 {
  return <i32>(word >> (place << 3)) & 255;
}

function slowDate(from: usize, to: usize, row: i32, out: usize, valid: usize): i32 {
  store<i32>(out, 0);
  if (openField(from, to)) {
    trimField();
    if (hasDateFormat) {
      if (readFormatted(textFrom, textTo)) return storeDay(out, formattedDay);
      noteMisfit(row, SYNTAX);
    } else if (readDay(textFrom, textTo) != textTo) noteMisfit(row, SYNTAX);
    else if (readDayNumber == NO_DAY) noteMisfit(row, OUT_OF_RANGE);
    else return storeDay(out, readDayNumber);
  }
  store<u8>(valid + row, 0);
  return 1;
}

@inline
function storeDay(out: usize, day: i32): i32 {
  store<i32>(out, day);
  return 0;
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
