// What comes most often among very many different values (Misra and Gries, purged in bulk as in Apache DataSketches). A value
// that is in is counted in every row; of the others only each n-th row brings its value in, n growing from 1 to 64 with the
// rows, so that most rows cost one look at a map of bits. A value is missed at most 25 n times, but for a chance of 1 to 10^11.
import { Counts, rebuild, SLOT, slotOf } from "./count-table";
import { hashKey } from "../hash";
import { hllAdd } from "./hyperloglog";
import { alloc } from "../memory";

const SLOTS: u32 = 4096;
const ENTRIES: u32 = 2048;
const TRACKED_BYTES: u32 = 8192;
const MISSED: u64 = 25;
/** Rows that may all bring their value in. */
const FIRST_ROWS_BITS: u64 = 16;
const MOST_SPARE: u32 = 6;
/** The golden ratio of 2^32: steps of it spread evenly. */
export const STEP: u32 = 0x9e3779b1;

/** Makes an exact table a sketch, which refuses nothing and keeps what comes most often. False when there is no memory. */
export function countsSketch(handle: usize): bool {
  const table = changetype<Counts>(handle);
  table.tracked = alloc(TRACKED_BYTES);
  if (!table.tracked) return false;
  table.most = ENTRIES;
  return purge(table);
}

/** Counts a value of each row. Gives the first row that was refused for want of memory, `rows` for none. */
export function sketchValues(table: Counts, values: usize, rows: u32): u32 {
  const registers = table.registers;
  const precision = table.precision;
  const tracked = table.tracked;
  const limit = limitOf(table);
  let tick = tickOf(table);
  table.seen += rows;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<u64>(values + (row << 3));
    const hash = hashKey(value);
    if (registers) hllAdd(registers, precision, hash);
    tick += STEP;
    // One branch for both questions: the answer is no in most rows.
    const mayEnter = isChosen(hash, tick, limit);
    if (<u32>isTracked(tracked, hash) | <u32>mayEnter) if (!sketchOne(table, value, hash, mayEnter)) return row;
  }
  return rows;
}

/** Whether an entry has a hash that begins so. */
@inline
export function isTracked(tracked: usize, hash: u64): bool {
  return ((<u32>load<u8>(tracked + <usize>(hash >> 51)) >> (<u32>(hash >> 48) & 7)) & 1) != 0;
}

/** Whether a new value may come in. */
@inline
export function isChosen(hash: u64, tick: u32, limit: u32): bool {
  return <u32>(hash >> 16) + tick <= limit;
}

/** What chooses each n-th row: the share of numbers of 32 bits that are not above it. */
export function limitOf(table: Counts): u32 {
  return 0xffffffff >> spareOf(table);
}

export function tickOf(table: Counts): u32 {
  return <u32>table.seen * STEP;
}

/** How much counts may be too small: what purges took off, and what rows that did not bring their value in left out. */
export function countsLost(handle: usize): f64 {
  const table = changetype<Counts>(handle);
  const spare = spareOf(table);
  return <f64>(table.lost + (spare ? MISSED << spare : 0));
}

/** Takes over what another sketch lost. */
export function countsAddLost(handle: usize, lost: f64): void {
  changetype<Counts>(handle).lost += <u64>lost;
}

function spareOf(table: Counts): u32 {
  return min(MOST_SPARE, 64 - <u32>clz(table.seen >> FIRST_ROWS_BITS));
}

@inline
export function track(table: Counts, hash: u64): void {
  const byte = table.tracked + <usize>(hash >> 51);
  store<u8>(byte, load<u8>(byte) | (<u8>1 << (<u8>(hash >> 48) & 7)));
}

/** False when there is no memory. */
function sketchOne(table: Counts, value: u64, hash: u64, mayEnter: bool): bool {
  let slot = slotOf(table.slots, (table.slotCount - 1) * SLOT, value, hash);
  if (!load<u64>(slot, 8)) {
    if (!mayEnter) return true;
    if (table.size == table.room) {
      if (!purge(table)) return false;
      slot = slotOf(table.slots, (table.slotCount - 1) * SLOT, value, hash);
    }
    table.size++;
    store<u64>(slot, value);
    track(table, hash);
  }
  store<u64>(slot, load<u64>(slot, 8) + 1, 8);
  return true;
}

/** Takes off all counts as much as makes at most half of the entries that a sketch may have remain. */
export function purge(table: Counts): bool {
  const target = ENTRIES / 2;
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
  if (!rebuild(table, SLOTS, enough)) return false;
  table.lost += enough;
  memory.fill(table.tracked, 0, TRACKED_BYTES);
  const end = table.slots + table.slotCount * SLOT;
  for (let slot = table.slots; slot < end; slot += SLOT) {
    if (load<u64>(slot, 8)) track(table, table.places ? load<u64>(slot) : hashKey(load<u64>(slot)));
  }
  return true;
}

function entriesAbove(table: Counts, times: u64): u32 {
  const end = table.slots + table.slotCount * SLOT;
  let entries: u32 = 0;
  for (let slot = table.slots; slot < end; slot += SLOT) entries += <u32>(load<u64>(slot, 8) > times);
  return entries;
}
