// Columns of texts as their bytes one behind the other, with offsets.
import { quote } from "../text/dialect";
import { isTextLost, openField, textFrom, textTo } from "./field-text";
import { forgetMisfits } from "./misfits";
import { nullWords } from "./nulls";

/** The most bytes that a copy may write behind a text. */
const SLACK: usize = 16;

/** Writes texts and u32 offsets (rows + 1); gives the number of nulls, -1 when `capacity` bytes are too few or there is no memory. */
export function parseTexts(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  offsets: usize,
  bytes: usize,
  capacity: i32,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  const mark = quote == 0 ? 256 : quote;
  const end = bytes + capacity;
  let at = bytes;
  let nulls = 0;
  store<u32>(offsets, 0);
  for (let row = 0; row < rows; row++, starts += stride, ends += stride) {
    let from: usize = load<u32>(starts) + skip;
    let to: usize = load<u32>(ends);
    if (nullWords != 0 || from == to || <i32>load<u8>(from) == mark) {
      const isPresent = openField(from, to);
      if (isTextLost) return -1;
      if (!isPresent) {
        store<u8>(valid + row, 0);
        nulls++;
      }
      from = textFrom;
      to = isPresent ? textTo : textFrom;
    }
    const length = to - from;
    if (at + length > end) return -1;
    if (length <= SLACK && at + SLACK <= end) {
      // Short ones are copied whole words at a time; what is written too much is written over.
      store<u64>(at, load<u64>(from));
      store<u64>(at, load<u64>(from, 8), 8);
    } else memory.copy(at, from, length);
    at += length;
    offsets += 4;
    store<u32>(offsets, <u32>(at - bytes));
  }
  return nulls;
}
