// The table of a dictionary: a record a text, and slots that lead to records. A text of up to 15 bytes is its record's key of
// 16 bytes, so that one comparison finds it; of a longer one the key is hash and place. Behind the key a record has room
// for what is kept of a group, so that finding a text and what belongs to it is one way to the memory.
import { alloc, free } from "../memory";
import { LARGE, Move, RECORDS_AT_ONCE } from "../moves";
import { freeBlocks, newRecord, nullRecordOf, recordAt, recordIn, startRecords, Table, tableFree, tableNew } from "../records";
import { SETTLED, settleSome } from "../settling";
import { freePool, keepText, newPool, poolBytes } from "./text-pool";
import { nullWord } from "./nulls";
import { hashOfLong, hashOfShort, LONG, LONGEST_SHORT, sameBytes } from "./text-words";

// Slots are u32. A slot's lower bits are a record's number, its upper ones the same bits of the text's hash. Of an empty one the number
// is 0, the trash's. Large tables have buckets of eight slots, filled from the first on; a text whose bucket is full goes to the next one.
// Small ones, which are in the cache, are kept so empty that nearly every text is in the first slot that its hash leads to.
const FIRST_SLOTS: u32 = 1 << 10;
const MOST_SLOTS: u32 = 1 << 28;
const MOST_SINGLE_SLOTS: u32 = 1 << 14;
/** Less large tables are kept emptier, for in the cache that costs nothing. */
const MOST_EMPTY_SLOTS: u32 = 1 << 16;
export const KEY_BYTES: u32 = 16;

/** Of records that get their slots together. */
const hashes: usize = memory.data(SETTLED * 8, 8);
/** What was read ahead, so that reading it is not optimised away. */
let fetched: u32 = 0;

/** In place of a code: no memory; the text is a null word. */
export const NO_ROOM: i32 = -1;
export const NULL_CODE: i32 = -2;

/** An empty dictionary; 0 when there is no memory for it. */
export function dictNew(): usize {
  const dict = tableNew(KEY_BYTES, 0, 0);
  if (!dict) return 0;
  const table = changetype<Table>(dict);
  table.pool = newPool();
  if (table.pool && startSlots(table, FIRST_SLOTS)) return dict;
  dictFree(dict);
  return 0;
}

export function dictFree(dict: usize): void {
  freePool(changetype<Table>(dict).pool);
  tableFree(dict);
}

/** Gives all records another size and begins them anew; the texts keep their codes. Of many it has only begun, and `dictGrow` goes on. False when there is no memory. */
export function dictRecords(dict: usize, bytes: u32, template: usize, numberAt: u32): bool {
  const table = changetype<Table>(dict);
  table.other = table.pages;
  table.otherCount = table.size;
  table.otherLow = table.nullRecord ? table.nullCode + 1 : 0;
  table.otherBytes = table.recordBytes;
  table.otherBlock = table.block;
  table.otherTemplate = table.template;
  table.pages = 0;
  table.pageRoom = 0;
  if (!startRecords(table, bytes, template, numberAt)) return false;
  table.move = Move.Records;
  return takeSome(table) >= 0;
}

/** A step: some texts get their records. 1 while there is more to do, 0, -1 when there is no memory. */
function takeSome(table: Table): i32 {
  const size = table.otherCount;
  const end = min(table.size + RECORDS_AT_ONCE, size);
  for (let number = table.size; number < end; number++) {
    const record = number == <u32>table.otherLow ? nullRecordOf(table) : newRecord(table);
    if (!record) return -1;
    memory.copy(record, recordIn(table.other, table.otherBytes, number), KEY_BYTES);
  }
  if (end < size) return 1;
  freeBlocks(table.otherBlock);
  free(table.other);
  free(table.otherTemplate);
  table.other = table.otherBlock = table.otherTemplate = 0;
  table.move = Move.None;
  return 0;
}

/** How many different texts it holds. */
export function dictSize(dict: usize): i32 {
  return changetype<Table>(dict).size - 1;
}

/** Bytes of memory that it takes. */
export function dictBytes(dict: usize): f64 {
  const table = changetype<Table>(dict);
  return 4 * <f64>table.slotCount + <f64>table.recordBytes * <f64>table.size + poolBytes(table.pool);
}

/** Bytes that its texts take one behind the other, with some room: the short ones may be shorter. */
export function dictTextBytes(dict: usize): f64 {
  return <f64>LONGEST_SHORT * <f64>changetype<Table>(dict).size + poolBytes(changetype<Table>(dict).pool);
}

@inline
export function entryOf(dict: usize, code: u32): usize {
  return recordAt(changetype<Table>(dict), code + 1);
}

/**
 * The number in the first slot of a text's bucket that agrees with its hash, 0 without one. The slots' lower bits are those
 * of `mask`.
 */
@inline
export function likelyNumber(slots: usize, shift: u64, mask: u32, hash: u64): u32 {
  const bucket = slots + (<usize>(hash >> shift) << 5);
  const tag = <u32>hash & ~mask;
  if (ASC_FEATURE_SIMD) {
    const hits = hitsIn(bucket, mask, tag) | (hitsIn(bucket + 16, mask, tag) << 4);
    // Without a hit the slot behind the bucket, which is there, is not looked at.
    const slot = load<u32>(bucket + (ctz(hits | 256) << 2));
    return hits ? slot & mask : 0;
  }
  for (let at = bucket; at < bucket + 32; at += 4) {
    const slot = load<u32>(at);
    if ((slot & ~mask) == tag) return slot & mask;
  }
  return 0;
}

/** Which of four slots agree with a tag. */
@inline
function hitsIn(slots: usize, mask: u32, tag: u32): i32 {
  return i32x4.bitmask(i32x4.eq(v128.and(v128.load(slots), i32x4.splat(~mask)), i32x4.splat(tag)));
}

/** The code of a text of up to 15 bytes with its key and hash, which is added when it is new. */
export function findShort(table: Table, from: usize, length: u32, low: u64, high: u64, hash: u64): i32 {
  const mask = table.slotCount - 1;
  let at = firstSlot(table, hash);
  let slot: u32 = 0;
  while ((slot = load<u32>(table.slots + at)) != 0) {
    if (((slot ^ <u32>hash) & ~mask) == 0) {
      const key = recordAt(table, slot & mask);
      if (load<u64>(key) == low && load<u64>(key, 8) == high) return (slot & mask) - 1;
    }
    at = (at + 4) & ((mask << 2) | 3);
  }
  return nullWord(from, from + length) >= 0 ? NULL_CODE : add(table, at, hash, low, high);
}

/** The code of a text of 16 bytes or more, which is added when it is new. */
export function findLong(dict: usize, from: usize, length: u32): i32 {
  const table = changetype<Table>(dict);
  const hash = hashOfLong(from, length);
  const mask = table.slotCount - 1;
  let at = firstSlot(table, hash);
  let slot: u32 = 0;
  while ((slot = load<u32>(table.slots + at)) != 0) {
    if (((slot ^ <u32>hash) & ~mask) == 0 && holdsLong(recordAt(table, slot & mask), hash, from, length))
      return (slot & mask) - 1;
    at = (at + 4) & ((mask << 2) | 3);
  }
  if (nullWord(from, from + length) >= 0) return NULL_CODE;
  const place = keepText(table.pool, from, length);
  return place ? add(table, at, hash, hash, (LONG << 56) | <u64>place) : NO_ROOM;
}

/** The key is that of a text of 16 bytes or more. */
export function holdsLong(key: usize, hash: u64, from: usize, length: u32): bool {
  if (load<u64>(key) != hash || !isLong(key)) return false;
  const place: usize = load<u32>(key, 8);
  return load<u32>(place) == length && sameBytes(place + 4, from, length);
}

/** The key names a place in the pool. */
@inline
export function isLong(key: usize): bool {
  return load<u8>(key, 15) == <u8>LONG;
}

/** Offset of the first slot that a text may have. */
@inline
function firstSlot(table: Table, hash: u64): usize {
  return <usize>(hash >> table.shift) << (hasSingleSlots(table) ? 2 : 5);
}

/** Each slot stands for itself, and not for a bucket. */
@inline
export function hasSingleSlots(table: Table): bool {
  return table.slotCount <= MOST_SINGLE_SLOTS;
}

function add(table: Table, slot: usize, hash: u64, low: u64, high: u64): i32 {
  const number = table.size;
  const record = newRecord(table);
  if (!record) return NO_ROOM;
  store<u64>(record, low);
  store<u64>(record, high, 8);
  store<u32>(table.slots + slot, (<u32>hash & (0 - table.slotCount)) | number);
  // There is always room for the next one.
  return table.size >= table.room && !startSlots(table, table.slotCount << 1) ? NO_ROOM : number - 1;
}

/** New slots, a power of two, for all texts. False when there is no memory. */
function startSlots(table: Table, count: u32): bool {
  if (!newSlots(table, count)) return false;
  while (settleSome(table, settle));
  return true;
}

/**
 * Makes room for so many texts more in the slots of a large table, a step at a time; nobody looks anything up until it is done. 1 while there is more to
 * do, 0, -1 when there is no memory. A small table grows when it is full.
 */
export function dictGrow(dict: usize, texts: u32): i32 {
  const table = changetype<Table>(dict);
  if (table.move == Move.Records) return takeSome(table);
  if (table.move == Move.None) {
    if (table.slotCount < LARGE || table.size + texts < table.room) return 0;
    if (!newSlots(table, table.slotCount << 1)) return -1;
  }
  return i32(settleSome(table, settle));
}

function newSlots(table: Table, count: u32): bool {
  if (count > MOST_SLOTS) return false;
  const slots = alloc(count << 2);
  if (!slots) return false;
  free(table.slots);
  table.slots = slots;
  table.slotCount = count;
  const isSingle = count <= MOST_SINGLE_SLOTS;
  table.shift = 64 - ctz(<u64>(isSingle ? count : count >> 3));
  table.room = count >> (isSingle ? 3 : count <= MOST_EMPTY_SLOTS ? 2 : 1);
  table.move = Move.Hash;
  table.moved = 0;
  return true;
}

/**
 * Gives slots to the records of some numbers. First their hashes and all of their buckets: a branch on a slot that has yet to
 * come from memory would stop all others.
 */
function settle(table: Table, from: u32, to: u32): void {
  const slots = table.slots;
  let sum: u32 = 0;
  for (let number = from; number < to; number++) {
    const key = recordAt(table, number);
    const hash = isLong(key) ? load<u64>(key) : hashOfShort(load<u64>(key), load<u64>(key, 8));
    store<u64>(hashes + ((number - from) << 3), hash);
    sum += load<u32>(slots + firstSlot(table, hash));
  }
  fetched = sum;
  const count = table.slotCount;
  const missing = table.nullRecord ? table.nullCode + 1 : 0;
  for (let number = from; number < to; number++) {
    if (number == missing) continue;
    const hash = load<u64>(hashes + ((number - from) << 3));
    let at = firstSlot(table, hash);
    while (load<u32>(slots + at) != 0) at = (at + 4) & ((count << 2) - 1);
    store<u32>(slots + at, (<u32>hash & (0 - count)) | number);
  }
}
