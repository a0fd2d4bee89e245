// Columns of texts as codes of a dictionary, in order of first appearance.
import { quote } from "../text/dialect";
import { entriesOf, findLong, findShort, isLong, NO_ROOM, NULL_CODE, shiftOf, slotsOf, tagOf } from "./dictionary-table";
import { isTextLost, openField, textFrom, textTo } from "./field-text";
import { forgetMisfits } from "./misfits";
import { hashOfShort, LONGEST_SHORT, shortHigh, shortLow } from "./text-words";

/** Writes the codes of a column's fields, adding new texts; gives the number of nulls, -1 when there is no memory. */
export function parseCodes(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  dict: usize,
  out: usize,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  // Without quotes a number that no byte is.
  const mark: i32 = quote == 0 ? 256 : quote;
  let nulls = 0;
  let row = 0;
  while (row < rows) {
    // A loop without calls, for these would have all its registers saved in each turn.
    const slots = slotsOf(dict);
    const shift: u64 = shiftOf(dict);
    const entries = entriesOf(dict);
    for (; row < rows; row++) {
      const from: usize = load<u32>(starts) + skip;
      const length = <u32>(<usize>load<u32>(ends) - from);
      if (length - 1 >= LONGEST_SHORT || <i32>load<u8>(from) == mark) break;
      const low = shortLow(from, length);
      const high = shortHigh(from, length);
      const hash = hashOfShort(low, high);
      const tag = tagOf(hash);
      const bucket = slots + (<usize>(hash >> shift) << 4);
      const first = load<u64>(bucket);
      const second = load<u64>(bucket, 8);
      // Either slot of the bucket, without a branch, for which of them cannot be foretold.
      const slot = second ^ ((first ^ second) & -(<u64>(<u32>(first >> 32) == tag)));
      if (<u32>(slot >> 32) != tag) break;
      const entry = entries + (<usize>(<u32>slot) << 4);
      if (((load<u64>(entry) ^ low) | (load<u64>(entry, 8) ^ high)) != 0) break;
      store<u32>(out, <u32>slot - 1);
      starts += stride;
      ends += stride;
      out += 4;
    }
    if (row == rows) break;
    const code = slowCode(dict, load<u32>(starts) + skip, load<u32>(ends));
    if (code == NO_ROOM) return NO_ROOM;
    store<i32>(out, max(code, 0));
    if (code == NULL_CODE) {
      store<u8>(valid + row, 0);
      nulls++;
    }
    row++;
    starts += stride;
    ends += stride;
    out += 4;
  }
  return nulls;
}

/** Of a field that is missing, quoted or long. */
function slowCode(dict: usize, from: usize, to: usize): i32 {
  if (!openField(from, to)) return NULL_CODE;
  return isTextLost ? NO_ROOM : dictAdd(dict, textFrom, <u32>(textTo - textFrom));
}

/** The code of a text, which is added when it is new; -2 when it is a null word, -1 when there is no memory. */
export function dictAdd(dict: usize, from: usize, length: u32): i32 {
  if (length > LONGEST_SHORT) return findLong(dict, from, length);
  return findShort(dict, from, length, shortLow(from, length), shortHigh(from, length));
}

/** Writes the texts from a code on: their bytes one behind the other, and u32 offsets, one more than there are texts. With `bytes` 0 only the offsets. */
export function dictExport(dict: usize, fromCode: i32, offsets: usize, bytes: usize): void {
  const size = load<u32>(dict, 12);
  let total: u32 = 0;
  store<u32>(offsets, 0);
  for (let code: u32 = fromCode; code < size; code++) {
    const entry = entriesOf(dict) + (<usize>(code + 1) << 4);
    const length = lengthOf(entry);
    if (bytes) memory.copy(bytes + total, textOf(entry), length);
    total += length;
    offsets += 4;
    store<u32>(offsets, total);
  }
}

/** Writes the texts of codes, one behind the other, and u32 offsets (rows + 1); gives their bytes in all. With `bytes` 0 only the offsets. */
export function textsOfCodes(dict: usize, codes: usize, rows: i32, offsets: usize, bytes: usize): u32 {
  const entries = entriesOf(dict) + 16;
  const size = load<u32>(dict, 12);
  let total: u32 = 0;
  store<u32>(offsets, 0);
  for (let row = 0; row < rows; row++, codes += 4) {
    const code = load<u32>(codes);
    // Of a missing row the code means nothing.
    if (code < size) {
      const entry = entries + (<usize>code << 4);
      if (bytes) memory.copy(bytes + total, textOf(entry), lengthOf(entry));
      total += lengthOf(entry);
    }
    offsets += 4;
    store<u32>(offsets, total);
  }
  return total;
}

/** Compares two texts by their bytes: less than, equal to or greater than 0. */
export function compareTexts(dict: usize, codeA: i32, codeB: i32): i32 {
  const a = entriesOf(dict) + (<usize>(codeA + 1) << 4);
  const b = entriesOf(dict) + (<usize>(codeB + 1) << 4);
  const order = memory.compare(textOf(a), textOf(b), min(lengthOf(a), lengthOf(b)));
  return order != 0 ? order : <i32>lengthOf(a) - <i32>lengthOf(b);
}

@inline
function lengthOf(entry: usize): u32 {
  return isLong(entry) ? load<u32>(load<u32>(entry, 8)) : load<u8>(entry, 15);
}

@inline
function textOf(entry: usize): usize {
  return isLong(entry) ? <usize>load<u32>(entry, 8) + 4 : entry;
}

export function lengthOfCode(dict: usize, code: i32): u32 {
  return lengthOf(entriesOf(dict) + (<usize>(code + 1) << 4));
}

/** Where a text's bytes lie. */
export function textOfCode(dict: usize, code: i32): usize {
  return textOf(entriesOf(dict) + (<usize>(code + 1) << 4));
}
