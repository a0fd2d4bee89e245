// Some hundred texts are looked up together, one step for all of them before the next: of a million texts neither slots nor
// records are in the cache, but the loads of a step do not wait for one another, and nothing that cannot be foretold
// decides what is loaded.
import { recordIn, Table } from "../records";
import { quote } from "../text/dialect";
import { likelyNumber } from "./dictionary-table";
import { hashOfLong, hashOfShort, LONG, LONGEST_SHORT, shortHigh, shortLow } from "./text-words";

/** Rows that are looked up together. */
export const TOGETHER: i32 = 512;
/** The upper word of a field without a key: missing, or to be opened first. */
export const NO_KEY: u64 = 254 << 56;
/** The upper word of a long text before its place is known. */
export const LONG_KEY: u64 = LONG << 56;

export const hashes: usize = memory.data(TOGETHER * 8, 8);
/** Rows that need a closer look. */
const list: usize = memory.data(TOGETHER * 4, 4);

/** Writes the two words of each field's key and its hash. */
export function hashFields(starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, keys: usize): void {
  // Without quotes a number that no byte is.
  const mark: i32 = quote == 0 ? 256 : quote;
  for (let i = 0; i < rows; i++, starts += stride, ends += stride) {
    const from: usize = load<u32>(starts) + skip;
    const length = <u32>(<usize>load<u32>(ends) - from);
    let low: u64 = 0;
    let high: u64 = NO_KEY;
    let hash: u64 = 0;
    if (length != 0 && <i32>load<u8>(from) != mark) {
      if (length <= LONGEST_SHORT) {
        low = shortLow(from, length);
        high = shortHigh(from, length);
        hash = hashOfShort(low, high);
      } else {
        low = hash = hashOfLong(from, length);
        high = LONG_KEY;
      }
    }
    store<u64>(keys + (i << 4), low);
    store<u64>(keys + (i << 4), high, 8);
    store<u64>(hashes + (i << 3), hash);
  }
}

/** Writes the codes of keys that are where their hash leads to; gives how many are not, which are listed. */
export function findKeys(table: Table, keys: usize, rows: i32, out: usize): i32 {
  const slots = table.slots;
  const shift = table.shift;
  const mask = table.slotCount - 1;
  for (let i = 0; i < rows; i++) {
    store<u32>(out + (i << 2), likelyNumber(slots, shift, mask, load<u64>(hashes + (i << 3))));
  }
  const pages = table.pages;
  const bytes = table.recordBytes;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const number = load<u32>(out + (i << 2));
    const key = recordIn(pages, bytes, number);
    const low = load<u64>(key) ^ load<u64>(keys + (i << 4));
    const high = load<u64>(key, 8) ^ load<u64>(keys + (i << 4), 8);
    store<u32>(out + (i << 2), number - 1);
    count = listRow(count, i, (low | high) != 0);
  }
  return count;
}

/** Lists a row, or does not, without a branch; gives how many are listed. */
@inline
export function listRow(count: i32, row: i32, isListed: bool): i32 {
  store<i32>(list + (count << 2), row);
  return count + i32(isListed);
}

@inline
export function listedRow(index: i32): i32 {
  return load<i32>(list + (index << 2));
}
