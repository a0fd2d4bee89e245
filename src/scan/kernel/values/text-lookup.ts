// Some hundred texts are looked up together, one step for all of them before the next: of a million texts neither slots nor
// records are in the cache, but the loads of a step do not wait for one another, and nothing that cannot be foretold
// decides what is loaded. Of a small table all of it is in the cache, and there is less to do.
import { recordIn, Table } from "../records";
import { escape, quote } from "../text/dialect";
import { findShort, hasSingleSlots, holdsLong, likelyNumber } from "./dictionary-table";
import { hashOfLong, hashOfShort, LONG, LONGEST_SHORT, shortLetters, shortLow } from "./text-words";

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
/** What each length of a short text, 0 to 15, adds to the upper word. */
const LENGTHS: usize = memory.data(16 * 8, 8);

function fillLengths(): void {
  store<u64>(LENGTHS, NO_KEY);
  for (let length = 1; length < 16; length++) store<u64>(LENGTHS + (length << 3), <u64>length << 56);
}
fillLengths();

/** Of each field: the two words of its key, and the hash. */
const keys: usize = memory.data(TOGETHER * 16, 16);
const hashes: usize = memory.data(TOGETHER * 8, 8);
/** What the fetched words add up to, so that fetching them is not optimised away. */
let fetched: u32 = 0;
/** Rows that need a closer look. */
const list: usize = memory.data(TOGETHER * 4, 4);

/**
 * Makes the keys of fields and their hashes. A short field in the quotes `mark` without an escape has the key of what is within
 * them; others that begin with that byte must be opened first and get none.
 */
export function hashFields(starts: usize, skip: i32, ends: usize, stride: i32, rows: i32, mark: i32): void {
  const end = keys + (<usize>rows << 4);
  for (let key = keys; key < end; key += 16, starts += stride, ends += stride) {
    const from: usize = load<u32>(starts) + skip;
    const length = <u32>(<usize>load<u32>(ends) - from);
    if (<i32>load<u8>(from) != mark && length <= LONGEST_SHORT) hashShort(key, from, length);
    else hashOther(key, from, length, mark);
  }
}

/** A text of up to 15 bytes; an empty field, as many are, is no branch. */
@inline
function hashShort(key: usize, from: usize, length: u32): void {
  const low = shortLow(from, length);
  const high = shortLetters(from, length) | load<u64>(LENGTHS + (length << 3));
  storeKey(key, low, high, hashOfShort(low, high));
}

/** A field that is long, or begins with the mark. */
function hashOther(key: usize, from: usize, length: u32, mark: i32): void {
  if (!length) storeKey(key, 0, NO_KEY, 0);
  else if (<i32>load<u8>(from) == mark) {
    if (isPlainQuoted(from, length, mark)) hashShort(key, from + 1, length - 2);
    else storeKey(key, 0, NO_KEY, 0);
  } else {
    const hash = hashOfLong(from, length);
    storeKey(key, hash, LONG_KEY, hash);
  }
}

@inline
function storeKey(key: usize, low: u64, high: u64, hash: u64): void {
  store<u64>(key, low);
  store<u64>(key, high, 8);
  store<u64>(hashes + ((key - keys) >> 1), hash);
}

/** A short text within quotes that means what it says. */
function isPlainQuoted(from: usize, length: u32, mark: i32): bool {
  const inner = length - 2;
  if (inner - 1 >= LONGEST_SHORT || <i32>load<u8>(from + inner, 1) != mark) return false;
  const sign = <u64>(escape != 0 ? escape : quote) * LOW_BITS;
  return (zeroBytes(shortLow(from + 1, inner) ^ sign) | zeroBytes(shortLetters(from + 1, inner) ^ sign)) == 0;
}

/** Not 0 when one of the bytes is. */
@inline
function zeroBytes(word: u64): u64 {
  return (word - LOW_BITS) & ~word & (LOW_BITS << 7);
}

/** Writes the codes of keys that are where their hash leads to; gives how many are not, which are listed. */
export function findKeys(table: Table, rows: i32, out: usize): i32 {
  likelyNumbers(table, rows, out);
  const pages = table.pages;
  const bytes = table.recordBytes;
  if (!hasSingleSlots(table)) fetchRecords(pages, bytes, rows, out);
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

/** Writes for each hash the number of the record that is likely to have its text, 0 for none. */
function likelyNumbers(table: Table, rows: i32, out: usize): void {
  const slots = table.slots;
  const shift = table.shift;
  const mask = table.slotCount - 1;
  if (hasSingleSlots(table)) {
    for (let i = 0; i < rows; i++) {
      store<u32>(out + (i << 2), load<u32>(slots + (<usize>(load<u64>(hashes + (i << 3)) >> shift) << 2)) & mask);
    }
    return;
  }
  fetchSlots(slots, shift, rows);
  for (let i = 0; i < rows; i++) {
    store<u32>(out + (i << 2), likelyNumber(slots, shift, mask, load<u64>(hashes + (i << 3))));
  }
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
