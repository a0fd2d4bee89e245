// A table with a place for each number of a range, or for each multiple of a unit from the least on, as minutes in microseconds are.
import { alloc, free } from "../memory";

/** What a table knows; its address is the handle that TypeScript holds. Its first two fields are read there. */
@unmanaged
export class Direct {
  /** The value of the first place. */
  base: u64;
  /** How far the values of two places lie apart. */
  unit: u64;
  /** Of the unit's odd part, modulo 2^64; and how many twos the unit has. A product with it that is a place's number says all. */
  inverse: u64;
  shift: u64;
  /** Counts (u32). */
  counts: usize;
  places: u32;
  /** Places that the values may need. */
  most: u32;
  /** Rows in the counts of 32 bits. Before these could be too many they go to counts of 64 bits. */
  rows: u64;
  wide: usize;
}

/** Of the values that `startRange` and `reach` have looked at; the unit is 0 while they are all the same. */
let least: i64 = 0;
let greatest: i64 = 0;
let unit: u64 = 0;

export function startRange(value: i64): void {
  least = value;
  greatest = value;
  unit = 0;
}

@inline
export function reach(value: i64): void {
  const distance = value < least ? <u64>(least - value) : <u64>(value - least);
  if (unit != 1 && distance) unit = unit ? commonDivisor(unit, distance) : distance;
  least = min(least, value);
  greatest = max(greatest, value);
}

/** Places that the values need; 0 when they are the same, or when 64 bits do not hold it. */
export function placesNeeded(): u64 {
  return unit ? <u64>(greatest - least) / unit + 1 : 0;
}

/** A value that is no multiple of the unit away from the base has a place far beyond the last. */
@inline
export function placeOf(table: Direct, value: u64): u64 {
  return rotr<u64>((value - table.base) * table.inverse, table.shift);
}

/** Makes room for values that are not all in the range, or no multiples of the unit; false when they lie too far apart. */
export function cover(table: Direct, values: usize, rows: u32): bool {
  let first: u32 = 0;
  while (!countAt(table, first)) first++;
  let last = table.places - 1;
  while (!countAt(table, last)) last--;
  const before = table.base + table.unit * first;
  const after = table.base + table.unit * last;
  unit = table.unit;
  least = <i64>before;
  greatest = <i64>after;
  for (let row: u32 = 0; row < rows; row++) reach(load<i64>(values + (row << 3)));
  const needed = placesNeeded();
  if (needed == 0 || needed > table.most) return false;
  const counts = table.counts;
  const wide = table.wide;
  const step = <usize>(table.unit / unit);
  // What has grown to one side is likely to go on so.
  if (!lay(table, <u32>needed, <i32>(greatest > <i64>after) - <i32>(least < <i64>before))) return false;
  let place = <usize>placeOf(table, before);
  for (let old: usize = first; old <= last; old++, place += step) {
    store<u32>(table.counts + (place << 2), load<u32>(counts + (old << 2)));
    if (wide) store<u64>(table.wide + (place << 3), load<u64>(wide + (old << 3)));
  }
  free(counts);
  free(wide);
  return true;
}

/** Lays out empty places for the values from `least` to `greatest`, with the room to spare below (`side` -1), above (1) or on both sides. */
export function lay(table: Direct, needed: u32, side: i32): bool {
  const places = roundUp(needed);
  const counts = alloc(places << 2);
  if (!counts) return false;
  if (table.wide) {
    const wide = alloc(places << 3);
    if (!wide) {
      free(counts);
      return false;
    }
    memory.fill(wide, 0, places << 3);
    table.wide = wide;
  }
  memory.fill(counts, 0, places << 2);
  const spare = places - needed;
  // No place is for a number that 64 bits do not hold.
  const below = min<u64>(side > 0 ? 0 : side < 0 ? spare : spare >> 1, <u64>(least - i64.MIN_VALUE) / unit);
  const base = least - <i64>(unit * below);
  table.counts = counts;
  table.places = <u32>min<u64>(places - 1, <u64>(i64.MAX_VALUE - base) / unit) + 1;
  table.base = <u64>base;
  table.unit = unit;
  table.shift = ctz(unit);
  table.inverse = inverseOf(unit >> table.shift);
  return true;
}

function commonDivisor(a: u64, b: u64): u64 {
  while (b) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** The inverse of an odd number modulo 2^64 (Newton): each step doubles the bits that are right, three at first. */
function inverseOf(odd: u64): u64 {
  let inverse = odd;
  for (let step = 0; step < 5; step++) inverse *= 2 - odd * inverse;
  return inverse;
}

function roundUp(count: u32): u32 {
  return count <= 16 ? 16 : 1 << (32 - clz(count - 1));
}

@inline
export function countAt(table: Direct, place: u32): u64 {
  return <u64>load<u32>(table.counts + (place << 2)) + (table.wide ? load<u64>(table.wide + (place << 3)) : 0);
}
