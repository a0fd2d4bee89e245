// Days: 2024-02-29, also with slashes and without leading zeros, or in a declared format.
import { NO_DAY } from "./calendar";
import { hasDateFormat, readFormatted, formattedDay } from "./date-format";
import { isoDay, readDay, readDayNumber } from "./iso-day";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { forgetMisfits, noteMisfit, OUT_OF_RANGE, SYNTAX } from "./misfits";
import { nullsHaveDigits } from "./nulls";

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
