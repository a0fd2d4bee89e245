// Different values with how often each comes: exactly while they are few; then, as a sketch, those that come most often
// (Misra and Gries, purged in bulk as in Apache DataSketches). Values are 8 bytes; of texts these are their hash.
import { hash64 } from "./hash";
import { hllAdd } from "./hyperloglog";
import { alloc, free } from "./memory";

/** A slot is a value (u64) and its count (u64), 0 when the slot is empty. */
export const SLOT: u32 = 16;
const FEWEST_SLOTS: u32 = 64;
const SKETCH_SLOTS: u32 = 8192;
const SKETCH_ENTRIES: u32 = 5120;

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
  isSketch: bool;
  /** What purges took off each count at most. */
  lost: u64;
  /** Registers of HyperLogLog that see each value, 0 for none. */
  registers: usize;
  precision: u32;
  /** For each slot the place of its text in the area (u32), 0 where it has none; 0 where values are no hashes. */
  places: usize;
  area: usize;
  areaUsed: u32;
  areaBytes: u32;
}

/** A table that refuses the value after `most` different ones; 0 when there is no memory. */
export function countsNew(most: u32): usize {
  const handle = alloc(offsetof<Counts>());
  if (!handle) return 0;
  memory.fill(handle, 0, offsetof<Counts>());
  const table = changetype<Counts>(handle);
  table.most = most;
  if (rebuild(table, FEWEST_SLOTS, 0)) return handle;
  free(handle);
  return 0;
}

export function countsFree(handle: usize): void {
  if (!handle) return;
  const table = changetype<Counts>(handle);
  free(table.slots);
  free(table.places);
  free(table.area);
  free(handle);
}

export function countsSize(handle: usize): u32 {
  return changetype<Counts>(handle).size;
}

/** How much the counts of a sketch may be too small. */
export function countsLost(handle: usize): f64 {
  return <f64>changetype<Counts>(handle).lost;
}

/** Takes over what another sketch lost. */
export function countsAddLost(handle: usize, lost: f64): void {
  changetype<Counts>(handle).lost += <u64>lost;
}

/** Lets HyperLogLog see each value from now on. */
export function countsEstimate(handle: usize, registers: usize, precision: u32): void {
  const table = changetype<Counts>(handle);
  table.registers = registers;
  table.precision = precision;
}

/** Makes the table a sketch, which refuses nothing and keeps what comes most often. False when there is no memory. */
export function countsSketch(handle: usize): bool {
  const table = changetype<Counts>(handle);
  table.isSketch = true;
  table.most = SKETCH_ENTRIES;
  return purge(table);
}

/** Counts a value of each row, `weights` (u64) times where these are given. Gives the first row that was refused, `rows` for none. */
export function countValues(handle: usize, values: usize, weights: usize, rows: u32): u32 {
  const table = changetype<Counts>(handle);
  let row = countFrom(table, values, weights, 0, rows);
  while (row < rows && makeRoom(table)) row = countFrom(table, values, weights, row, rows);
  return row;
}

/** Values and counts (u64 both) of all entries. */
export function countsExport(handle: usize, values: usize, counts: usize): void {
  const table = changetype<Counts>(handle);
  const end = table.slots + table.slotCount * SLOT;
  for (let slot = table.slots; slot < end; slot += SLOT) {
    const times = load<u64>(slot, 8);
    if (!times) continue;
    store<u64>(values, load<u64>(slot));
    store<u64>(counts, times);
    values += 8;
    counts += 8;
  }
}

/** Room for one more entry at least; false when the table has as many as it may, or when there is no memory. */
export function makeRoom(table: Counts): bool {
  if (table.isSketch) return purge(table);
  return table.size < table.most && rebuild(table, table.slotCount << 1, 0);
}

function countFrom(table: Counts, values: usize, weights: usize, row: u32, rows: u32): u32 {
  if (weights) return count(table, values, weights, row, rows, true, true);
  return table.registers ? count(table, values, 0, row, rows, true, false) : count(table, values, 0, row, rows, false, false);
}

// @ts-ignore: decorator
@inline
function count(table: Counts, values: usize, weights: usize, row: u32, rows: u32, isEstimated: bool, isWeighted: bool): u32 {
  const slots = table.slots;
  const mask = (table.slotCount - 1) * SLOT;
  const registers = table.registers;
  const precision = table.precision;
  for (; row < rows; row++) {
    const value = load<u64>(values + (row << 3));
    const hash = hash64(value);
    if (isEstimated && registers) hllAdd(registers, precision, hash);
    let at = (<u32>hash * SLOT) & mask;
    const times = isWeighted ? load<u64>(weights + (row << 3)) : 1;
    for (;;) {
      const slot = slots + at;
      const before = load<u64>(slot, 8);
      if (!before) {
        if (table.size == table.room) return row;
        table.size++;
        store<u64>(slot, value);
        store<u64>(slot, times, 8);
        break;
      }
      if (load<u64>(slot) == value) {
        store<u64>(slot, before + times, 8);
        break;
      }
      at = (at + SLOT) & mask;
    }
  }
  return rows;
}

/** Takes off all counts as much as makes at most half of the entries that a sketch may have remain. */
function purge(table: Counts): bool {
  const target = SKETCH_ENTRIES / 2;
  let enough: u64 = 0;
  if (table.size > target) {
    enough = 1;
    while (entriesAbove(table, enough) > target) enough <<= 1;
    let tooFew = enough >> 1;
    while (enough - tooFew > 1) {
      const middle = tooFew + ((enough - tooFew) >> 1);
      if (entriesAbove(table, middle) > target) tooFew = middle;
      else enough = middle;
    }
  }
  if (!rebuild(table, SKETCH_SLOTS, enough)) return false;
  table.lost += enough;
  return true;
}

function entriesAbove(table: Counts, times: u64): u32 {
  const end = table.slots + table.slotCount * SLOT;
  let entries: u32 = 0;
  for (let slot = table.slots; slot < end; slot += SLOT) entries += <u32>(load<u64>(slot, 8) > times);
  return entries;
}

/** Moves what is left of the entries, each `less` times fewer, into slots of another number. */
function rebuild(table: Counts, slotCount: u32, less: u64): bool {
  const bytes = slotCount * SLOT;
  const slots = alloc(bytes);
  const places = table.places && slots ? alloc(slotCount << 2) : 0;
  if (!slots || (table.places && !places)) {
    free(slots);
    return false;
  }
  memory.fill(slots, 0, bytes);
  if (places) memory.fill(places, 0, slotCount << 2);
  const mask = bytes - SLOT;
  let size: u32 = 0;
  for (let from: u32 = 0; from < table.slotCount; from++) {
    const old = table.slots + from * SLOT;
    const times = load<u64>(old, 8);
    if (times <= less) continue;
    const value = load<u64>(old);
    let at = (<u32>(table.places ? value : hash64(value)) * SLOT) & mask;
    while (load<u64>(slots + at, 8)) at = (at + SLOT) & mask;
    store<u64>(slots + at, value);
    store<u64>(slots + at, times - less, 8);
    if (places) store<u32>(places + (at >> 2), load<u32>(table.places + (from << 2)));
    size++;
  }
  free(table.slots);
  free(table.places);
  table.slots = slots;
  table.places = places;
  table.slotCount = slotCount;
  table.size = size;
  table.room = min(table.most, table.isSketch ? table.most : slotCount >> 1);
  return true;
}
