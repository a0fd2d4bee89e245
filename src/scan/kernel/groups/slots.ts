// How a table finds the record of a key. While the keys lie close together the slots are an array over their range
// (direct); when they do not, a hash table with linear probing, at most half full. A hashed slot holds the address of a
// record and, in the three bits that addresses have free, some of the hash, so that few foreign records are looked at.
import { hashKey } from "../hash";
import { alloc, free } from "../memory";
import { LARGE, Move, SLOTS_AT_ONCE } from "../moves";
import { newRecord, recordAt, Table } from "../records";
import { settleSome } from "../settling";

/** Ranges up to this size are direct in any case, larger ones while they hold enough records. */
const ALWAYS_DIRECT: u64 = 1 << 22;
const SLOTS_PER_RECORD: u64 = 8;
const MOST_SLOTS: u64 = 1 << 28;
const TAG: u32 = 7;
/** What was read ahead, so that reading it is not optimised away. */
let fetched: u32 = 0;

/** Makes room for the keys of a range; turns to hashing when they lie too far apart. False when there is no memory, or when it has only begun. */
export function coverRange(table: Table, low: i64, high: i64): bool {
  table.isGathered = false;
  let first = low;
  let last = high;
  const growsDown = table.slotCount != 0 && low < table.low;
  if (table.slotCount) {
    first = min(first, table.low);
    last = max(last, table.low + <i64>table.slotCount - 1);
  }
  const span = <u64>last - <u64>first;
  if (span >= ALWAYS_DIRECT && (span >= MOST_SLOTS || span > SLOTS_PER_RECORD * table.size)) return startHash(table);
  const count = powerAbove(<u32>span);
  // The room is on the side on which the range grew, at first on both, and inside of 64 bits. Numbers seldom go below 0.
  const lowest = i64.MIN_VALUE + <i64>count - 1;
  if (!table.slotCount && first > i64.MIN_VALUE + <i64>count) {
    const middle = first - <i64>((count - <u32>span - 1) >> 1);
    first = first >= 0 ? max<i64>(middle, 0) : middle;
  }
  if (growsDown) return moveSlots(table, last > lowest ? last - <i64>count + 1 : i64.MIN_VALUE, count);
  return moveSlots(table, min(first, i64.MAX_VALUE - <i64>count + 1), count);
}

/** Address of a new record under a key, 0 when there is no memory. */
export function newKey(table: Table, key: u64): usize {
  const record = newRecord(table);
  if (record) store<u64>(record, key);
  return record;
}

/** Turns a table to hashing. False when there is no memory, or when it has only begun. */
export function startHash(table: Table): bool {
  let count: u32 = 2048;
  while (count < table.size * 2) count <<= 1;
  return rehash(table, count);
}

/** The record of a key in a hashed table, made if there is none; 0 when there is no memory, or the table has begun to grow. */
export function findOrAdd(table: Table, key: u64): usize {
  const hash = hashKey(key);
  const tag = <u32>hash & TAG;
  let mask = table.slotCount - 1;
  let at = <u32>(hash >> table.shift);
  for (;;) {
    const slot = load<u32>(table.slots + (at << 2));
    if (!slot) break;
    if ((slot & TAG) == tag && load<u64>(slot & ~TAG) == key) return slot & ~TAG;
    at = (at + 1) & mask;
  }
  if (table.used == table.room) {
    if (!rehash(table, table.slotCount << 1)) return 0;
    at = emptySlot(table, hash);
  }
  const record = newKey(table, key);
  if (!record) return 0;
  store<u32>(table.slots + (at << 2), <u32>record | tag);
  table.used++;
  return record;
}

/** The record of a key, 0 without one. */
export function find(table: Table, key: u64): usize {
  if (!table.isHashed) {
    const place = key - <u64>table.low;
    return place < <u64>table.slotCount ? <usize>load<u32>(table.slots + (<usize>place << 2)) : 0;
  }
  const hash = hashKey(key);
  let at = <u32>(hash >> table.shift);
  let slot = load<u32>(table.slots + (at << 2));
  while (slot && !isRecordOf(slot, hash, key)) {
    at = (at + 1) & (table.slotCount - 1);
    slot = load<u32>(table.slots + (at << 2));
  }
  return slot & ~TAG;
}

/**
 * The first slot from where a hash leads to that is empty or has the hash's tag, so that hardly any foreign record is
 * looked at.
 */
@inline
export function likelySlot(slots: usize, shift: u64, mask: u32, hash: u64): u32 {
  let at = <u32>(hash >> shift);
  let slot = load<u32>(slots + (at << 2));
  while (slot != 0 && (slot & TAG) != (<u32>hash & TAG)) {
    at = (at + 1) & mask;
    slot = load<u32>(slots + (at << 2));
  }
  return slot;
}

/** Whether the slot holds the record of the key. */
@inline
export function isRecordOf(slot: u32, hash: u64, key: u64): bool {
  return slot != 0 && (slot & TAG) == (<u32>hash & TAG) && load<u64>(slot & ~TAG) == key;
}

@inline
export function recordOf(slot: u32): u32 {
  return slot & ~TAG;
}

/** The power of two above a number, 1,024 at least. */
function powerAbove(number: u32): u32 {
  return <u32>1 << max(10, 32 - clz(number));
}

/** Slots for `count` keys from `base` on, which hold what the slots before held. */
function moveSlots(table: Table, base: i64, count: u32): bool {
  const slots = alloc(count << 2);
  if (!slots) return false;
  table.other = table.slots;
  table.otherCount = table.slotCount;
  table.otherLow = table.low;
  table.slots = slots;
  table.slotCount = count;
  table.low = base;
  table.move = Move.Slots;
  return growsAtOnce(table, count);
}

function rehash(table: Table, count: u32): bool {
  if (count > 1 << 29) return false;
  const slots = alloc(count << 2);
  if (!slots) return false;
  free(table.slots);
  table.slots = slots;
  table.slotCount = count;
  table.shift = 64 - ctz(<u64>count);
  table.isHashed = true;
  table.used = 0;
  table.room = count >> 1;
  table.move = Move.Hash;
  return growsAtOnce(table, count);
}

/** A small table grows at once; a large one has begun to. */
function growsAtOnce(table: Table, count: u32): bool {
  table.moved = 0;
  if (count >= LARGE) return false;
  while (table.move == Move.Slots ? copySlots(table) : settleSlots(table));
  return true;
}

/** A step: some slots, with what those of the same keys held before. False when it was the last one. */
export function copySlots(table: Table): bool {
  const first = table.moved;
  const end = min(first + SLOTS_AT_ONCE, table.slotCount);
  memory.fill(table.slots + (<usize>first << 2), 0, (end - first) << 2);
  if (table.otherCount) {
    const before = <u32>(table.otherLow - table.low);
    const from = max(first, before);
    const to = min(end, before + table.otherCount);
    if (from < to) memory.copy(table.slots + (<usize>from << 2), table.other + (<usize>(from - before) << 2), (to - from) << 2);
  }
  table.moved = end;
  if (end < table.slotCount) return true;
  free(table.other);
  table.other = 0;
  table.move = Move.None;
  return false;
}

/** A step of giving slots to all records. False when it was the last one. */
export function settleSlots(table: Table): bool {
  return settleSome(table, settle);
}

/** Gives slots to the records of some numbers. First all of these slots are read: a branch on one that has yet to come from memory would stop all others. */
function settle(table: Table, from: u32, to: u32): void {
  const slots = table.slots;
  let sum: u32 = 0;
  for (let number = from; number < to; number++) {
    sum += load<u32>(slots + (<usize>(hashKey(load<u64>(recordAt(table, number))) >> table.shift) << 2));
  }
  fetched = sum;
  for (let number = from; number < to; number++) {
    const record = recordAt(table, number);
    if (record == table.nullRecord) continue;
    const hash = hashKey(load<u64>(record));
    store<u32>(slots + (emptySlot(table, hash) << 2), <u32>record | (<u32>hash & TAG));
    table.used++;
  }
}

function emptySlot(table: Table, hash: u64): u32 {
  const mask = table.slotCount - 1;
  let at = <u32>(hash >> table.shift);
  while (load<u32>(table.slots + (at << 2))) at = (at + 1) & mask;
  return at;
}
