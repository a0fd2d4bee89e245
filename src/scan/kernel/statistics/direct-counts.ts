// How often whole numbers come, in a table with a place for each of a range: one step for each row, and no hashing. Its own
// counts tell all figures at the end.
import { Counts, SLOT } from "./count-table";
import { countAt, countPlace, cover, Direct, lay, placeOf, placesNeeded, reach, startRange } from "./direct-table";
import { alloc, free } from "../memory";

/** Places for each different value, at most: more would be mostly empty. */
const PLACES_PER_VALUE: u64 = 128;
/** What `directOf` gives when values lie too far apart, whatever else comes. */
const NEVER: usize = 1;

/** A table of the entries of exact counts; 0 when their values lie too far apart for so few of them, or without memory, 1 when they lie too far apart however many will come. */
export function directOf(handle: usize, most: u32): usize {
  const entries = changetype<Counts>(handle);
  const end = entries.slots + entries.slotCount * SLOT;
  let isFirst = true;
  for (let slot = entries.slots; slot < end; slot += SLOT) {
    if (!load<u64>(slot, 8)) continue;
    if (isFirst) startRange(load<i64>(slot));
    else reach(load<i64>(slot));
    isFirst = false;
  }
  const needed = placesNeeded();
  if (needed == 0 || needed > most) return NEVER;
  if (needed > PLACES_PER_VALUE * entries.size) return 0;
  const made = alloc(offsetof<Direct>());
  if (!made) return 0;
  memory.fill(made, 0, offsetof<Direct>());
  const table = changetype<Direct>(made);
  table.most = most;
  if (!lay(table, <u32>needed, 0)) {
    free(made);
    return 0;
  }
  for (let slot = entries.slots; slot < end; slot += SLOT) {
    const times = load<u64>(slot, 8);
    if (times && !countPlace(table, placeOf(table, load<u64>(slot)), times)) {
      directFree(made);
      return 0;
    }
  }
  return made;
}

export function directFree(handle: usize): void {
  const table = changetype<Direct>(handle);
  free(table.counts);
  free(table.carries);
  free(handle);
}

/** Counts a value (i64) of each row, `weights` (u64) times where these are given. Gives the first row that lies too far from the others, or for which there is no memory; `rows` for none. */
export function directCount(handle: usize, values: usize, weights: usize, rows: u32): u32 {
  const table = changetype<Direct>(handle);
  let row = weights ? weighted(table, values, weights, 0, rows) : plain(table, values, 0, rows);
  while (row < rows && cover(table, values + (row << 3), rows - row)) {
    const next = weights ? weighted(table, values, weights, row, rows) : plain(table, values, row, rows);
    if (next == row) break;
    row = next;
  }
  return row;
}

/** How many different values there are. */
export function directSize(handle: usize): u32 {
  const table = changetype<Direct>(handle);
  let size: u32 = 0;
  for (let place: u32 = 0; place < table.places; place++) size += <u32>(countAt(table, place) != 0);
  return size;
}

/** The counts of all places modulo 256 (u8), how many places there are, and how many times 256 each is more (u32) or 0. */
export function directCounts(handle: usize): usize {
  return changetype<Direct>(handle).counts;
}

export function directPlaces(handle: usize): u32 {
  return changetype<Direct>(handle).places;
}

export function directCarries(handle: usize): usize {
  return changetype<Direct>(handle).carries;
}

/** Bytes of base and unit, with which a table begins. */
export function directHead(): u32 {
  return 16;
}

/** Writes values and counts (u64 both) of `places` from `first` on that are counted, of which `counts` and `carries` (0 for none) begin with the first. Gives how many. */
export function directEntries(head: usize, first: u32, counts: usize, carries: usize, places: u32, values: usize, times: usize): u32 {
  const step = load<u64>(head, 8);
  let value = load<u64>(head) + step * first;
  let at: usize = 0;
  for (let place: u32 = 0; place < places; place++, value += step) {
    const count = <u64>load<u8>(counts + place) + (carries ? <u64>load<u32>(carries + (place << 2)) << 8 : 0);
    store<u64>(values + at, value);
    store<u64>(times + at, count);
    at += <usize>(count != 0) << 3;
  }
  return <u32>(at >> 3);
}

function plain(table: Direct, values: usize, from: u32, rows: u32): u32 {
  const base = table.base;
  const inverse = table.inverse;
  const shift = table.shift;
  const counts = table.counts;
  const places = <u64>table.places;
  let row = from;
  while (row < rows) {
    let place: u64 = 0;
    // A loop without calls, which would have all its registers saved in each turn.
    for (; row < rows; row++) {
      place = rotr<u64>((load<u64>(values + (row << 3)) - base) * inverse, shift);
      if (place >= places) return row;
      const count = <u32>load<u8>(counts + <usize>place) + 1;
      if (count > 255) break;
      store<u8>(counts + <usize>place, count);
    }
    if (row == rows || !countPlace(table, place, 1)) break;
    row++;
  }
  return row;
}

function weighted(table: Direct, values: usize, weights: usize, row: u32, rows: u32): u32 {
  for (; row < rows; row++) {
    const place = placeOf(table, load<u64>(values + (row << 3)));
    if (place >= table.places || !countPlace(table, place, load<u64>(weights + (row << 3)))) break;
  }
  return row;
}
