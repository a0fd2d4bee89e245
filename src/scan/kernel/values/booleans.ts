// Truth values: true, false, t, f, yes, no, y, n, 1 and 0, in any case.
import { openField, textFrom, textTo } from "./field-text";
import { forgetMisfits, noteMisfit, SYNTAX } from "./misfits";
import { nullWords } from "./nulls";

const NEITHER: i32 = 2;

/** Reads a column's fields as u8 values of 0 and 1; gives the number of nulls. */
export function parseBools(
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
  let nulls = 0;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride, out++) {
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    let truth = nullWords == 0 ? truthOf(from, to) : NEITHER;
    if (truth == NEITHER) {
      const isPresent = openField(from, to);
      if (isPresent) truth = truthOf(textFrom, textTo);
      if (truth == NEITHER) {
        if (isPresent) noteMisfit(row, SYNTAX);
        truth = 0;
        store<u8>(valid + row, 0);
        nulls++;
      }
    }
    store<u8>(out, truth);
  }
  return nulls;
}

@inline
function truthOf(from: usize, to: usize): i32 {
  const length = <i32>(to - from);
  // The letters of one to five bytes in lower case; digits have that bit already.
  const word = load<u32>(from) | 0x20202020;
  switch (length) {
    case 1: {
      const letter = word & 255;
      if (letter == 116 || letter == 121 || load<u8>(from) == 49) return 1;
      return letter == 102 || letter == 110 || load<u8>(from) == 48 ? 0 : NEITHER;
    }
    case 2:
      return (word & 0xffff) == 0x6f6e ? 0 : NEITHER;
    case 3:
      return (word & 0xffffff) == 0x736579 ? 1 : NEITHER;
    case 4:
      return word == 0x65757274 ? 1 : NEITHER;
    case 5:
      return word == 0x736c6166 && (load<u8>(from, 4) | 32) == 101 ? 0 : NEITHER;
    default:
      return NEITHER;
  }
}
