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
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out += 4) {
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    if (isPlain && to - from == 10) {
      const day = isoDay(load<u64>(from), load<u16>(from, 8));
      if (day != NO_DAY) {
        store<i32>(out, day);
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
