// The table behind exact counts and sketches: hashing with linear probing, at most half full. Values are 8 bytes; of texts
// these are their hash.
import { hashKey } from "../hash";
import { alloc, free } from "../memory";

/** A slot is a value (u64) and its count (u64), 0 when the slot is empty. */
export const SLOT: u32 = 16;

/** What a table knows; its address is the handle that TypeScript holds. */
@unmanaged
export class Counts {
  slots: usize;
  slotCount: u32;
  size: u32;
  /** Entries until the table must grow or purge. */
  room: u32;
  /** Entries that are never exceeded. */
  most: u32;
  /** Of a sketch: a bit for each of 2^16 beginnings of hashes, set where an entry has it; 0 of an exact table. */
  tracked: usize;
  /** Rows that a sketch has seen, and what purges took off each count. */
  seen: u64;
  lost: u64;
  /** Registers of HyperLogLog that see each value, 0 for none. */
  registers: usize;
  precision: u32;
  /** Of hashes of texts: for each slot the place of its text in the area (u32), 0 where it has none. */
  places: usize;
  area: usize;
  areaUsed: u32;
  areaBytes: u32;
}

/** The slot of a value with its hash, or the empty one where it belongs. */
@inline
export function slotOf(slots: usize, mask: u32, value: u64, hash: u64): usize {
  let at = (<u32>hash * SLOT) & mask;
  while (load<u64>(slots + at, 8) && load<u64>(slots + at) != value) at = (at + SLOT) & mask;
  return slots + at;
}

/** Moves what is left of the entries, each `less` times fewer, into slots of another number. */
export function rebuild(table: Counts, slotCount: u32, less: u64): bool {
  const bytes = slotCount * SLOT;
  const slots = alloc(bytes);
  const places = table.places && slots ? alloc(slotCount << 2) : 0;
  if (!slots || (table.places && !places)) {
    free(slots);
    return false;
  }
  memory.fill(slots, 0, bytes);
  if (places) memory.fill(places, 0, slotCount << 2);
  let size: u32 = 0;
  for (let from: u32 = 0; from < table.slotCount; from++) {
    const old = table.slots + from * SLOT;
    const times = load<u64>(old, 8);
    if (times <= less) continue;
    const value = load<u64>(old);
    const slot = slotOf(slots, bytes - SLOT, value, table.places ? value : hashKey(value));
    store<u64>(slot, value);
    store<u64>(slot, times - less, 8);
    if (places) store<u32>(places + <usize>((slot - slots) >> 2), load<u32>(table.places + (from << 2)));
    size++;
  }
  free(table.slots);
  free(table.places);
  table.slots = slots;
  table.places = places;
  table.slotCount = slotCount;
  table.size = size;
  table.room = min(table.most, slotCount >> 1);
  return true;
}
