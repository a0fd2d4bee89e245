// The texts of a dictionary, in order of first appearance.
import { dictSize, entryOf, findLong, findShort, isLong, NULL_CODE } from "./dictionary-table";
import { Table } from "../records";
import { copyText, hashOfShort, LONGEST_SHORT, shortHigh, shortLow } from "./text-words";

/** The code of a text, which is added when it is new; -2 when it is a null word, -1 when there is no memory. */
export function dictAdd(dict: usize, from: usize, length: u32): i32 {
  if (length > LONGEST_SHORT) return findLong(dict, from, length);
  const low = shortLow(from, length);
  const high = shortHigh(from, length);
  return findShort(changetype<Table>(dict), from, length, low, high, hashOfShort(low, high));
}

/** Writes the texts from a code on to the one before another: their bytes one behind the other, and u32 offsets from `first` on, one more than there are texts. With `bytes` 0 only the offsets. */
export function dictExport(dict: usize, from: u32, to: u32, first: u32, offsets: usize, bytes: usize): void {
  let total: u32 = 0;
  store<u32>(offsets, first);
  for (let code = from; code < to; code++) {
    const entry = entryOf(dict, code);
    const length = lengthOf(entry);
    if (bytes) copyText(bytes + total, textOf(entry), length);
    total += length;
    offsets += 4;
    store<u32>(offsets, first + total);
  }
}

/** Writes the texts of codes, one behind the other, and u32 offsets (rows + 1); gives their bytes in all. With `bytes` 0 only the offsets. */
export function textsOfCodes(dict: usize, codes: usize, rows: i32, offsets: usize, bytes: usize): u32 {
  const size: u32 = dictSize(dict);
  let total: u32 = 0;
  store<u32>(offsets, 0);
  for (let row = 0; row < rows; row++, codes += 4) {
    const code = load<u32>(codes);
    // Of a missing row the code means nothing.
    if (code < size) {
      const entry = entryOf(dict, code);
      if (bytes) copyText(bytes + total, textOf(entry), lengthOf(entry));
      total += lengthOf(entry);
    }
    offsets += 4;
    store<u32>(offsets, total);
  }
  return total;
}

/** Compares two texts by their bytes: less than, equal to or greater than 0. */
export function compareTexts(dict: usize, codeA: i32, codeB: i32): i32 {
  const a = entryOf(dict, codeA);
  const b = entryOf(dict, codeB);
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
  return lengthOf(entryOf(dict, code));
}

/** Where a text's bytes lie. */
export function textOfCode(dict: usize, code: i32): usize {
  return textOf(entryOf(dict, code));
}
