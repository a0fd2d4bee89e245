// The table of a dictionary: slots that lead to entries. A text of up to 15 bytes lies in its entry, so that one comparison of
// 16 bytes finds it; of a longer one the entry has hash and place.
import { alloc, free, regrow } from "../memory";
import { freePool, keepText, newPool, poolBytes } from "./text-pool";
import { nullWord } from "./nulls";
import { hashOfLong, hashOfShort, LONG, sameBytes } from "./text-words";

// A dictionary: u32 slots, u32 shift (64 less the bits of a bucket's number), u32 entries, u32 size, u32 pool, u32 capacity.
// A bucket is two slots of a u32 code, from 1, and a u32 tag; the first of them is filled first, and a text whose bucket is full
// goes to the next one.
const HEAD: u32 = 24;
const FIRST_BITS: i32 = 9;
const MOST_BITS: i32 = 27;
/** Small tables are kept emptier, for in the cache that costs nothing. */
const SMALL_BITS: i32 = 16;

/** In place of a code: no memory; the text is a null word. */
export const NO_ROOM: i32 = -1;
export const NULL_CODE: i32 = -2;

/** An empty dictionary; 0 when there is no memory for it. */
export function dictNew(): usize {
  const dict = alloc(HEAD);
  const slots = alloc(16 << FIRST_BITS);
  const entries = alloc(16 * capacityOf(FIRST_BITS));
  const pool = newPool();
  if (!dict || !slots || !entries || !pool) return 0;
  memory.fill(slots, 0, 16 << FIRST_BITS);
  store<u32>(dict, <u32>slots);
  store<u32>(dict, 64 - FIRST_BITS, 4);
  store<u32>(dict, <u32>entries, 8);
  store<u32>(dict, 0, 12);
  store<u32>(dict, <u32>pool, 16);
  store<u32>(dict, capacityOf(FIRST_BITS), 20);
  return dict;
}

/** Entries for so many buckets. */
function capacityOf(bits: i32): u32 {
  return bits < SMALL_BITS ? 1 << (bits - 1) : 1 << bits;
}

export function dictFree(dict: usize): void {
  free(load<u32>(dict));
  free(load<u32>(dict, 8));
  freePool(load<u32>(dict, 16));
  free(dict);
}

/** How many different texts it holds. */
export function dictSize(dict: usize): i32 {
  return load<u32>(dict, 12);
}

/** Bytes of memory that it takes. */
export function dictBytes(dict: usize): f64 {
  return <f64>(<u64>16 << (64 - shiftOf(dict))) + 16 * <f64>load<u32>(dict, 20) + poolBytes(load<u32>(dict, 16));
}

@inline
export function slotsOf(dict: usize): usize {
  return load<u32>(dict);
}

@inline
export function shiftOf(dict: usize): i32 {
  return load<i32>(dict, 4);
}

/** Where the entry of code -1 would lie, for slots hold codes from 1. */
@inline
export function entriesOf(dict: usize): usize {
  return <usize>load<u32>(dict, 8) - 16;
}

/** The upper word of a slot; never 0, as that of an empty one. */
@inline
export function tagOf(hash: u64): u32 {
  return <u32>hash | 1;
}

/** The code of a text of up to 15 bytes, which is added when it is new. */
export function findShort(dict: usize, from: usize, length: u32, low: u64, high: u64): i32 {
  const hash = hashOfShort(low, high);
  const tag = tagOf(hash);
  const slots = slotsOf(dict);
  const mask = lastSlot(dict);
  let at = firstSlot(dict, hash);
  let slot: u64 = 0;
  while ((slot = load<u64>(slots + at)) != 0) {
    if (<u32>(slot >> 32) == tag) {
      const entry = entriesOf(dict) + (<usize>(<u32>slot) << 4);
      if (load<u64>(entry) == low && load<u64>(entry, 8) == high) return <i32>slot - 1;
    }
    at = (at + 8) & mask;
  }
  return nullWord(from, from + length) >= 0 ? NULL_CODE : add(dict, slots + at, tag, low, high);
}

/** The code of a text of 16 bytes or more, which is added when it is new. */
export function findLong(dict: usize, from: usize, length: u32): i32 {
  const hash = hashOfLong(from, length);
  const tag = tagOf(hash);
  const slots = slotsOf(dict);
  const mask = lastSlot(dict);
  let at = firstSlot(dict, hash);
  let slot: u64 = 0;
  while ((slot = load<u64>(slots + at)) != 0) {
    if (<u32>(slot >> 32) == tag) {
      const entry = entriesOf(dict) + (<usize>(<u32>slot) << 4);
      if (load<u64>(entry) == hash && isLong(entry) && isSame(load<u32>(entry, 8), from, length)) return <i32>slot - 1;
    }
    at = (at + 8) & mask;
  }
  if (nullWord(from, from + length) >= 0) return NULL_CODE;
  const place = keepText(load<u32>(dict, 16), from, length);
  return place ? add(dict, slots + at, tag, hash, (LONG << 56) | <u64>place) : NO_ROOM;
}

/** Offset of the first slot of a text's bucket. */
@inline
function firstSlot(dict: usize, hash: u64): usize {
  return <usize>(hash >> shiftOf(dict)) << 4;
}

@inline
function lastSlot(dict: usize): usize {
  return (<usize>16 << (64 - shiftOf(dict))) - 8;
}

/** The entry names a place in the pool. */
@inline
export function isLong(entry: usize): bool {
  return load<u8>(entry, 15) == <u8>LONG;
}

@inline
function isSame(place: usize, from: usize, length: u32): bool {
  return load<u32>(place) == length && sameBytes(place + 4, from, length);
}

function add(dict: usize, slot: usize, tag: u32, low: u64, high: u64): i32 {
  const code = load<u32>(dict, 12);
  store<u64>(slot, ((<u64>tag) << 32) | (code + 1));
  const entry = entriesOf(dict) + (<usize>(code + 1) << 4);
  store<u64>(entry, low);
  store<u64>(entry, high, 8);
  store<u32>(dict, code + 1, 12);
  // There are always more slots than entries, and room for the next one of either.
  const isFull = code + 1 == load<u32>(dict, 20);
  return isFull && !grow(dict) ? NO_ROOM : <i32>code;
}

function grow(dict: usize): bool {
  const bits = 65 - shiftOf(dict);
  if (bits > MOST_BITS) return false;
  const size = load<u32>(dict, 12);
  const capacity = capacityOf(bits);
  const slots = alloc(16 << bits);
  if (!slots) return false;
  const entries = regrow(load<u32>(dict, 8), size << 4, capacity << 4);
  if (!entries) {
    free(slots);
    return false;
  }
  free(slotsOf(dict));
  memory.fill(slots, 0, 16 << bits);
  store<u32>(dict, <u32>slots);
  store<u32>(dict, 64 - bits, 4);
  store<u32>(dict, <u32>entries, 8);
  store<u32>(dict, capacity, 20);
  const mask = lastSlot(dict);
  for (let code: u32 = 0; code < size; code++) {
    const entry = entries + (<usize>code << 4);
    const hash = isLong(entry) ? load<u64>(entry) : hashOfShort(load<u64>(entry), load<u64>(entry, 8));
    let at = firstSlot(dict, hash);
    while (load<u64>(slots + at) != 0) at = (at + 8) & mask;
    store<u64>(slots + at, ((<u64>tagOf(hash)) << 32) | (code + 1));
  }
  return true;
}
