// The rows of a regular block: each has as many fields as there are columns.
import { columns, CR, LF, NEWLINE_CR, NEWLINE_MIXED, newlineMode } from "./dialect";

/** Both bytes as one word. */
const CRLF: i32 = 0x0a0d;

/** What lies between a row of the last regular block and the next: 1 byte, or 2 where every row ends in CRLF. */
export let rowEndBytes: i32 = 1;

/**
 * 1 when the `rows` row ends among `count` positions are the ends of rows of as many fields as there are columns. Then the
 * position before the first is that of the end of a row before `from`, and where all rows end in CRLF their ends lie before the CR.
 * 0 leaves the positions as they were.
 */
export function checkRows(from: usize, positions: usize, count: i32, rows: i32): i32 {
  if (<i64>rows * <i64>columns > <i64>count) return 0;
  const stride = <usize>columns << 2;
  const first = positions + stride - 4;
  const last = first + <usize>rows * stride;
  const end: i32 = newlineMode == NEWLINE_CR ? CR : LF;
  const otherEnd: i32 = newlineMode == NEWLINE_MIXED ? CR : end;
  let crlf: i32 = 0;
  let wrong: i32 = 0;
  for (let p = first; p < last; p += stride) {
    // Both bytes in one load, and no branch: as a rule all are right.
    const bytes = <i32>load<u16>(<usize>load<u32>(p) - 1);
    wrong |= i32(bytes >> 8 != end) & i32(bytes >> 8 != otherEnd);
    crlf += i32(bytes == CRLF);
  }
  if (wrong) return 0;
  // Where the text starts with a row end, the byte before it belongs to nobody.
  const start = <usize>load<u32>(first);
  if (rows && start == from && load<u8>(start) == LF && load<u8>(start - 1) == CR) crlf--;
  if (newlineMode == NEWLINE_CR) crlf = 0;
  if (crlf && crlf != rows) return 0;
  rowEndBytes = crlf ? 2 : 1;
  store<u32>(positions - 4, <u32>(from - rowEndBytes));
  if (crlf) for (let p = first; p < last; p += stride) store<u32>(p, load<u32>(p) - 1);
  return 1;
}

/** How many of the rows begin before an address: they begin at ascending addresses, `skip` after the entries of `starts`. */
export function rowsBefore(address: usize, starts: usize, stride: i32, skip: i32, rows: i32): i32 {
  let low: i32 = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (<usize>load<u32>(starts + <usize>middle * <usize>stride) + <usize>skip < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entry of a table of fields, read without a view of the memory. */
export function entryAt(address: usize): u32 {
  return load<u32>(address);
}
