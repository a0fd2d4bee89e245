// Different values with how often each comes, exactly while they are few. When there are too many the table becomes a sketch
// (sketch.ts).
import { Counts, rebuild, SLOT } from "./count-table";
import { hashKey } from "../hash";
import { hllAdd } from "./hyperloglog";
import { alloc, free } from "../memory";
import { purge, sketchValues, track } from "./sketch";

const FEWEST_SLOTS: u32 = 64;

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
  free(table.tracked);
  free(table.places);
  free(table.area);
  free(handle);
}

export function countsSize(handle: usize): u32 {
  return changetype<Counts>(handle).size;
}

/** Lets HyperLogLog see each value from now on. */
export function countsEstimate(handle: usize, registers: usize, precision: u32): void {
  const table = changetype<Counts>(handle);
  table.registers = registers;
  table.precision = precision;
}

/** Counts a value of each row, `weights` (u64) times where these are given. Gives the first row that was refused, `rows` for none. */
export function countValues(handle: usize, values: usize, weights: usize, rows: u32): u32 {
  const table = changetype<Counts>(handle);
  if (table.tracked && !weights) return sketchValues(table, values, rows);
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
  if (table.tracked) return purge(table);
  return table.size < table.most && rebuild(table, table.slotCount << 1, 0);
}

function countFrom(table: Counts, values: usize, weights: usize, row: u32, rows: u32): u32 {
  const slots = table.slots;
  const mask = (table.slotCount - 1) * SLOT;
  const registers = table.registers;
  for (; row < rows; row++) {
    const value = load<u64>(values + (row << 3));
    const hash = hashKey(value);
    if (registers) hllAdd(registers, table.precision, hash);
    const times = weights ? load<u64>(weights + (row << 3)) : 1;
    let at = (<u32>hash * SLOT) & mask;
    for (;;) {
      const before = load<u64>(slots + at, 8);
      if (before && load<u64>(slots + at) != value) {
        at = (at + SLOT) & mask;
        continue;
      }
      if (!before) {
        if (table.size == table.room) return row;
        table.size++;
        store<u64>(slots + at, value);
        if (table.tracked) track(table, hash);
      }
      store<u64>(slots + at, before + times, 8);
      break;
    }
  }
  return rows;
}
