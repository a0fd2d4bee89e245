// Some hundred texts are looked up together, one step for all of them before the next: of a million texts neither slots nor
// records are in the cache, but the loads of a step do not wait for one another, and nothing that cannot be foretold
// decides what is loaded.
import { recordIn, Table } from "../records";
import { escape, quote } from "../text/dialect";
import { findShort, holdsLong, likelyNumber } from "./dictionary-table";
import { hashOfLong, hashOfShort, LONG, LONGEST_SHORT, shortHigh, shortLow } from "./text-words";

/** Rows that are looked up together. */
export const TOGETHER: i32 = 512;
/** A byte that no text begins with. */
export const NO_MARK: i32 = 256;
/** The upper word of a field without a key: missing, or to be opened first. */
const NO_KEY: u64 = 254 << 56;
/** The upper word of a long text before its place is known. */
const LONG_KEY: u64 = LONG << 56;

/** The lowest bit of each byte. */
const LOW_BITS: u64 = 0x0101010101010101;
/** An upper word without its byte of length. */
const LETTERS: u64 = 0x00ffffffffffffff;

/** Of each field: the two words of its key, and the hash. */
const keys: usize = memory.data(TOGETHER * 16, 16);
const hashes: usize = memory.data(TOGETHER * 8, 8);
/** Slots of a smaller table are in the cache in any case. */
const CACHED_SLOTS: u32 = 1 << 14;
/** What the fetched words add up to, so that fetching them is not optimised away. */
let fetched: u32 = 0;
/** Rows that need a closer look. */
const list: usize = memory.data(TOGETHER * 4, 4);

/**
 * Makes the keys of fields and their hashes. A short field in the quotes `mark` without an escape has the key of what is within
 * them; others that begin with that byte must be opened first and get none.
 */
export function hashFields(starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, mark: i32): void {
  const sign = <u64>(escape != 0 ? escape : quote) * LOW_BITS;
  for (let i = 0; i < rows; i++, starts += stride, ends += stride) {
    let from: usize = load<u32>(starts) + skip;
    let length = <u32>(<usize>load<u32>(ends) - from);
    let hasKey = length != 0;
    if (<i32>load<u8>(from) == mark && hasKey) {
      hasKey = isPlainQuoted(from, length, mark, sign);
      from += <usize>hasKey;
      length -= <u32>hasKey << 1;
    }
    // An empty field, as many are, is no branch.
    let low: u64 = 0;
    let high: u64 = NO_KEY;
    let hash: u64 = 0;
    if (length <= LONGEST_SHORT) {
      low = shortLow(from, length);
      high = select<u64>(shortHigh(from, length), NO_KEY, hasKey);
      hash = hashOfShort(low, high);
    } else if (hasKey) {
      low = hash = hashOfLong(from, length);
      high = LONG_KEY;
    }
    store<u64>(keys + (i << 4), low);
    store<u64>(keys + (i << 4), high, 8);
    store<u64>(hashes + (i << 3), hash);
  }
}

/** A short text within quotes that means what it says; `sign` has the byte that would escape one eight times. */
@inline
function isPlainQuoted(from: usize, length: u32, mark: i32, sign: u64): bool {
  const inner = length - 2;
  if (inner - 1 >= LONGEST_SHORT || <i32>load<u8>(from + inner, 1) != mark) return false;
  return (zeroBytes(shortLow(from + 1, inner) ^ sign) | zeroBytes((shortHigh(from + 1, inner) & LETTERS) ^ sign)) == 0;
}

/** Not 0 when one of the bytes is. */
@inline
function zeroBytes(word: u64): u64 {
  return (word - LOW_BITS) & ~word & (LOW_BITS << 7);
}

/** Writes the codes of keys that are where their hash leads to; gives how many are not, which are listed. */
export function findKeys(table: Table, rows: i32, out: usize): i32 {
  const slots = table.slots;
  const shift = table.shift;
  const mask = table.slotCount - 1;
  if (mask >= CACHED_SLOTS) fetchSlots(slots, shift, rows);
  for (let i = 0; i < rows; i++) {
    store<u32>(out + (i << 2), likelyNumber(slots, shift, mask, load<u64>(hashes + (i << 3))));
  }
  const pages = table.pages;
  const bytes = table.recordBytes;
  if (mask >= CACHED_SLOTS) fetchRecords(pages, bytes, rows, out);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const number = load<u32>(out + (i << 2));
    const key = recordIn(pages, bytes, number);
    const low = load<u64>(key) ^ load<u64>(keys + (i << 4));
    const high = load<u64>(key, 8) ^ load<u64>(keys + (i << 4), 8);
    store<u32>(out + (i << 2), number - 1);
    // A row is listed without a branch, or written over by the next one.
    store<i32>(list + (count << 2), i);
    count += i32((low | high) != 0);
  }
  return count;
}

/** Loads of so little code that many of them are on their way together. */
function fetchSlots(slots: usize, shift: u64, rows: i32): void {
  let sum: u32 = 0;
  for (let i = 0; i < rows; i++) sum += load<u32>(slots + (<usize>(load<u64>(hashes + (i << 3)) >> shift) << 5));
  fetched = sum;
}

function fetchRecords(pages: usize, bytes: u32, rows: i32, numbers: usize): void {
  let sum: u32 = 0;
  for (let i = 0; i < rows; i++) sum += load<u32>(recordIn(pages, bytes, load<u32>(numbers + (i << 2))));
  fetched = sum;
}

/** A row that was not found. */
@inline
export function listedRow(index: i32): i32 {
  return load<i32>(list + (index << 2));
}

/** Whether a row that was not found has a short text, its key made. */
@inline
export function isShort(row: i32): bool {
  return load<u8>(keys + (row << 4), 15) <= LONGEST_SHORT;
}

/** The code of such a row's text, which is added when it is new; its field may have quotes. */
export function codeOfShort(table: Table, row: i32, from: usize, to: usize): i32 {
  const key = keys + (row << 4);
  const length = <u32>load<u8>(key, 15);
  const text = from + ((to - from - length) >> 1);
  return findShort(table, text, length, load<u64>(key), load<u64>(key, 8), load<u64>(hashes + (row << 3)));
}

/** Whether a row that was not found has the long text of the code that its hash leads to. */
export function isLongOf(table: Table, row: i32, code: u32, from: usize, length: u32): bool {
  const key = keys + (row << 4);
  if (load<u64>(key, 8) != LONG_KEY) return false;
  return holdsLong(recordIn(table.pages, table.recordBytes, code + 1), load<u64>(key), from, length);
}
