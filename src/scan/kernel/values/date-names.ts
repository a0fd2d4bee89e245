// English names of months and weekdays.

/** Ten bytes a name: its length, then its letters. */
// biome-ignore format: one name a line
const MONTHS: usize = memory.data<u8>([
  7, 106, 97, 110, 117, 97, 114, 121, 0, 0, // january
  8, 102, 101, 98, 114, 117, 97, 114, 121, 0, // february
  5, 109, 97, 114, 99, 104, 0, 0, 0, 0, // march
  5, 97, 112, 114, 105, 108, 0, 0, 0, 0, // april
  3, 109, 97, 121, 0, 0, 0, 0, 0, 0, // may
  4, 106, 117, 110, 101, 0, 0, 0, 0, 0, // june
  4, 106, 117, 108, 121, 0, 0, 0, 0, 0, // july
  6, 97, 117, 103, 117, 115, 116, 0, 0, 0, // august
  9, 115, 101, 112, 116, 101, 109, 98, 101, 114, // september
  7, 111, 99, 116, 111, 98, 101, 114, 0, 0, // october
  8, 110, 111, 118, 101, 109, 98, 101, 114, 0, // november
  8, 100, 101, 99, 101, 109, 98, 101, 114, 0, // december
]);

// biome-ignore format: one name a line
const WEEKDAYS: usize = memory.data<u8>([
  6, 109, 111, 110, 100, 97, 121, 0, 0, 0, // monday
  7, 116, 117, 101, 115, 100, 97, 121, 0, 0, // tuesday
  9, 119, 101, 100, 110, 101, 115, 100, 97, 121, // wednesday
  8, 116, 104, 117, 114, 115, 100, 97, 121, 0, // thursday
  6, 102, 114, 105, 100, 97, 121, 0, 0, 0, // friday
  8, 115, 97, 116, 117, 114, 100, 97, 121, 0, // saturday
  6, 115, 117, 110, 100, 97, 121, 0, 0, 0, // sunday
]);

/** The name that was found, from 0. */
export let foundName: i32 = 0;

/** Reads the name of a month, whole or its first three letters, in any case; gives the place behind it, 0 when there is none. */
export function readMonthName(at: usize, to: usize, isWhole: bool): usize {
  return readName(MONTHS, 12, at, to, isWhole);
}

export function readWeekdayName(at: usize, to: usize, isWhole: bool): usize {
  return readName(WEEKDAYS, 7, at, to, isWhole);
}

function readName(names: usize, count: i32, at: usize, to: usize, isWhole: bool): usize {
  for (let i = 0; i < count; i++) {
    const name = names + i * 10;
    const length: usize = isWhole ? load<u8>(name) : 3;
    if (at + length > to) continue;
    let same: usize = 0;
    while (same < length && (load<u8>(at + same) | 32) == load<u8>(name + 1 + same)) same++;
    if (same < length) continue;
    foundName = i;
    return at + length;
  }
  return 0;
}
