// From the keys of a block's rows to the records of their groups.
import { hashKey } from "../hash";
import { KEY_BYTES, newRecord, nullRecordOf, recordAt, recordIn, Table } from "../records";
import { gather, isCrowded, spread } from "./places";
import { coverRange, findOrAdd, isRecordOf, likelySlot, newKey, recordOf } from "./slots";

const NO_MEMORY: u32 = 0xffffffff;
/** Rows whose keys are hashed and looked up together. */
const TOGETHER: u32 = 512;

/** What the fetched records were added to, so that fetching them is not optimised away. */
let fetched: u32 = 0;

/** All rows are one group, which is there without rows too. -1 when there is no memory. */
export function groupAll(handle: usize, mask: usize, rows: i32, recs: usize): i32 {
  const table = changetype<Table>(handle);
  if (table.size == 1 && !newRecord(table)) return -1;
  const only = <u32>recordAt(table, 1);
  const trash = <u32>table.trash;
  if (mask) for (let i: i32 = 0; i < rows; i++) store<u32>(recs + (i << 2), load<u8>(mask + i) ? only : trash);
  else for (let i: i32 = 0; i < rows; i++) store<u32>(recs + (i << 2), only);
  return 0;
}

/** Records of keys of eight bytes. -1 when there is no memory, or the table grows first. */
export function groupByKeys(handle: usize, keys: usize, valid: usize, mask: usize, rows: i32, recs: usize): i32 {
  const table = changetype<Table>(handle);
  if (isCrowded(table) && !spread(table)) return -1;
  const isSparse = (valid || mask) != 0;
  if (isSparse && !setApart(table, valid, mask, rows, recs)) return -1;
  let row: u32 = 0;
  while (!table.isHashed) {
    row = table.places ? placed(table, keys, rows, isSparse, recs) : direct(table, keys, row, rows, isSparse, recs);
    if (row == NO_MEMORY) return -1;
    if (row == <u32>rows) return 0;
    if (table.places) {
      // The records of the rows before move: all are looked for anew.
      if (!gather(table)) return -1;
      if (isSparse) setApart(table, valid, mask, rows, recs);
      row = 0;
    } else if (!coverKeys(table, keys, row, rows, isSparse ? recs : 0)) return -1;
  }
  return isSparse ? hashedSparse(table, keys, row, rows, recs) : hashed(table, keys, row, rows, recs);
}

/** Records of a dictionary's codes. -1 when there is no memory. */
export function groupByCodes(dict: usize, codes: usize, valid: usize, rows: i32, recs: usize): i32 {
  const table = changetype<Table>(dict);
  if (valid && !nullRecordOf(table)) return -1;
  const pages = table.pages;
  const bytes = table.recordBytes;
  for (let i: i32 = 0; i < rows; i++) {
    store<u32>(recs + (i << 2), <u32>recordIn(pages, bytes, load<u32>(codes + (i << 2)) + 1));
  }
  const missing = <u32>table.nullRecord;
  if (valid) for (let i: i32 = 0; i < rows; i++) if (!load<u8>(valid + i)) store<u32>(recs + (i << 2), missing);
  return 0;
}

/** Gives the trash to rows that the mask rejects, the record of the missing key to null ones, and 0 to all others. */
function setApart(table: Table, valid: usize, mask: usize, rows: i32, recs: usize): bool {
  const trash = <u32>table.trash;
  let missing = <u32>table.nullRecord;
  for (let i: i32 = 0; i < rows; i++) {
    let record: u32 = 0;
    if (mask && !load<u8>(mask + i)) record = trash;
    else if (valid && !load<u8>(valid + i)) {
      if (!missing) missing = <u32>nullRecordOf(table);
      if (!missing) return false;
      record = missing;
    }
    store<u32>(recs + (i << 2), record);
  }
  return true;
}

/** The row where it stopped: `rows`, or the first whose key is not covered. */
function placed(table: Table, keys: usize, rows: u32, isSparse: bool, recs: usize): u32 {
  const step = table.usedBytes - KEY_BYTES;
  const first = table.places - KEY_BYTES;
  const low = <u64>table.low;
  const count = <u64>table.slotCount;
  for (let i: u32 = 0; i < rows; i++) {
    if (isSparse && load<u32>(recs + (i << 2))) continue;
    const place = load<u64>(keys + (i << 3)) - low;
    if (place >= count) return i;
    store<u32>(recs + (i << 2), <u32>(first + <usize>place * step));
  }
  return rows;
}

/**
 * The row where it stopped: `rows`, or the first whose key is not covered. First the slots of all rows: a branch on what
 * a load has yet to bring would, where it is foretold wrong, throw away all loads behind it.
 */
function direct(table: Table, keys: usize, from: u32, rows: u32, isSparse: bool, recs: usize): u32 {
  const slots = table.slots;
  const low = <u64>table.low;
  const count = <u64>table.slotCount;
  let end = from;
  for (; end < rows; end++) {
    if (isSparse && load<u32>(recs + (end << 2))) continue;
    const place = load<u64>(keys + (end << 3)) - low;
    if (place >= count) break;
    store<u32>(recs + (end << 2), load<u32>(slots + (<usize>place << 2)));
  }
  for (let i = from; i < end; i++) {
    if (load<u32>(recs + (i << 2))) continue;
    const record = directRecord(table, load<u64>(keys + (i << 3)));
    if (!record) return NO_MEMORY;
    store<u32>(recs + (i << 2), record);
  }
  return end;
}

/** The record of a key that is covered, made if there is none; 0 when there is no memory. */
function directRecord(table: Table, key: u64): u32 {
  const slot = table.slots + (<usize>(key - <u64>table.low) << 2);
  const known = load<u32>(slot);
  if (known) return known;
  const record = <u32>newKey(table, key);
  store<u32>(slot, record);
  return record;
}

/** Covers the keys from a row on; `recs` is 0 when all of them count. */
function coverKeys(table: Table, keys: usize, from: u32, rows: u32, recs: usize): bool {
  let low = i64.MAX_VALUE;
  let high = i64.MIN_VALUE;
  for (let i = from; i < rows; i++) {
    if (recs && load<u32>(recs + (i << 2))) continue;
    const key = load<i64>(keys + (i << 3));
    low = min(low, key);
    high = max(high, key);
  }
  return coverRange(table, low, high);
}

/**
 * First the slots of all rows, whose loads do not wait for one another, and which of them agree with the hash, then their
 * records, then the comparisons; what is not found so is looked for on its own.
 */
function hashed(table: Table, keys: usize, from: u32, rows: u32, recs: usize): i32 {
  for (let i = from; i < rows; i += TOGETHER)
    if (!findTogether(table, keys, i, min(i + TOGETHER, rows), recs)) return -1;
  return 0;
}

/** So few that what the first steps bring is still near at hand in the last. False when there is no memory. */
function findTogether(table: Table, keys: usize, from: u32, rows: u32, recs: usize): bool {
  const slots = table.slots;
  const shift = table.shift;
  const mask = table.slotCount - 1;
  let first: u32 = 0;
  for (let i = from; i < rows; i++) first += load<u32>(slots + (<usize>(hashKey(load<u64>(keys + (i << 3))) >> shift) << 2));
  fetched = first;
  for (let i = from; i < rows; i++) {
    store<u32>(recs + (i << 2), likelySlot(slots, shift, mask, hashKey(load<u64>(keys + (i << 3)))));
  }
  let sum: u32 = 0;
  for (let i = from; i < rows; i++) sum += load<u32>(recordOf(load<u32>(recs + (i << 2))));
  fetched = sum;
  for (let i = from; i < rows; i++) {
    const key = load<u64>(keys + (i << 3));
    const slot = load<u32>(recs + (i << 2));
    let record = recordOf(slot);
    if (!isRecordOf(slot, hashKey(key), key)) {
      record = <u32>findOrAdd(table, key);
      if (!record) return false;
    }
    store<u32>(recs + (i << 2), record);
  }
  return true;
}

function hashedSparse(table: Table, keys: usize, from: u32, rows: u32, recs: usize): i32 {
  for (let i = from; i < rows; i++) {
    if (load<u32>(recs + (i << 2))) continue;
    const record = findOrAdd(table, load<u64>(keys + (i << 3)));
    if (!record) return -1;
    store<u32>(recs + (i << 2), <u32>record);
  }
  return 0;
}
