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
  /** Counts (u8) modulo 256: a million of them stay in a core's cache, which takes half the time of wider ones. */
  counts: usize;
  /** How many times 256 each count is more (u32); 0 while none is. */
  carries: usize;
  places: u32;
  /** Places that the values may need. */
  most: u32;
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
  const carries = table.carries;
  const step = <usize>(table.unit / unit);
  // What has grown to one side is likely to go on so.
  if (!lay(table, <u32>needed, <i32>(greatest > <i64>after) - <i32>(least < <i64>before))) return false;
  let place = <usize>placeOf(table, before);
  for (let old: usize = first; old <= last; old++, place += step) {
    store<u8>(table.counts + place, load<u8>(counts + old));
    if (carries) store<u32>(table.carries + (place << 2), load<u32>(carries + (old << 2)));
  }
  free(counts);
  free(carries);
  return true;
}

/** Lays out empty places for the values from `least` to `greatest`, with the room to spare below (`side` -1), above (1) or on both sides. */
export function lay(table: Direct, needed: u32, side: i32): bool {
  const places = roundUp(needed);
  const counts = alloc(places);
  if (!counts) return false;
  if (table.carries) {
    const carries = alloc(places << 2);
    if (!carries) {
      free(counts);
      return false;
    }
    memory.fill(carries, 0, places << 2);
    table.carries = carries;
  }
  memory.fill(counts, 0, places);
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
  return <u64>load<u8>(table.counts + place) + (table.carries ? <u64>load<u32>(table.carries + (place << 2)) << 8 : 0);
}

/** Counts a place so many times; false when there is no memory, or no room for so large a count. */
export function countPlace(table: Direct, place: u64, times: u64): bool {
  const at = table.counts + <usize>place;
  const sum = <u64>load<u8>(at) + times;
  if (sum > 255) {
    if (!table.carries && !startCarries(table)) return false;
    const carry = table.carries + (<usize>place << 2);
    const carried = <u64>load<u32>(carry) + (sum >> 8);
    if (carried > 0xffffffff) return false;
    store<u32>(carry, <u32>carried);
  }
  store<u8>(at, <u8>sum);
  return true;
}

function startCarries(table: Direct): bool {
  table.carries = alloc(table.places << 2);
  if (!table.carries) return false;
  memory.fill(table.carries, 0, table.places << 2);
  return true;
}
