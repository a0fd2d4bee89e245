// Counts of texts by their hash. Of values that come more than once the beginning of the text is kept beside, so that what
// comes most often can be shown; of the many that come once it would be work for nothing.
import { Counts, countsFree, countsNew, makeRoom, SLOT } from "./counts";
import { hllAdd } from "./hyperloglog";
import { alloc, free, regrow } from "./memory";
import { hashText } from "./text-hash";

/** Bytes that are kept of a text: 80 characters at least. */
const KEPT: u32 = 320;

/** A table for texts; 0 when there is no memory. */
export function textCountsNew(most: u32): usize {
  const handle = countsNew(most);
  if (!handle) return 0;
  const table = changetype<Counts>(handle);
  table.places = alloc(table.slotCount << 2);
  if (!table.places) {
    countsFree(handle);
    return 0;
  }
  memory.fill(table.places, 0, table.slotCount << 2);
  // A place of 0 means none.
  table.areaUsed = 4;
  return handle;
}

/** Counts texts, `weights` (u64) times where these are given. Gives the first row that was refused, `rows` for none. */
export function countTexts(handle: usize, offsets: usize, bytes: usize, weights: usize, rows: u32): u32 {
  const table = changetype<Counts>(handle);
  let row = countFrom(table, offsets, bytes, weights, 0, rows);
  while (row < rows && makeRoom(table)) {
    if (table.isSketch && table.areaBytes) compact(table);
    row = countFrom(table, offsets, bytes, weights, row, rows);
  }
  return row;
}

/** Counts what another table exported: hashes, counts (u64) and places (u32) in its area. */
export function countHashes(handle: usize, hashes: usize, weights: usize, places: usize, area: usize, rows: u32): u32 {
  const table = changetype<Counts>(handle);
  let row = countHashesFrom(table, hashes, weights, places, area, 0, rows);
  while (row < rows && makeRoom(table)) {
    if (table.isSketch && table.areaBytes) compact(table);
    row = countHashesFrom(table, hashes, weights, places, area, row, rows);
  }
  return row;
}

/** Bytes of the area. */
export function textCountsArea(handle: usize): u32 {
  return changetype<Counts>(handle).areaUsed;
}

/** Places in the area (u32), or 0, in the order of `countsExport`; at a place are length (u32) and bytes. Gives the area. */
export function textCountsExport(handle: usize, places: usize): usize {
  const table = changetype<Counts>(handle);
  for (let i: u32 = 0; i < table.slotCount; i++) {
    if (!load<u64>(table.slots + i * SLOT, 8)) continue;
    store<u32>(places, load<u32>(table.places + (i << 2)));
    places += 4;
  }
  return table.area;
}

function countFrom(table: Counts, offsets: usize, bytes: usize, weights: usize, row: u32, rows: u32): u32 {
  const registers = table.registers;
  for (; row < rows; row++) {
    const from = load<u32>(offsets + (row << 2));
    const length = load<u32>(offsets + (row << 2), 4) - from;
    const hash = hashText(bytes + from, length);
    if (registers) hllAdd(registers, table.precision, hash);
    if (!countOne(table, hash, weights ? load<u64>(weights + (row << 3)) : 1, bytes + from, length)) return row;
  }
  return rows;
}

function countHashesFrom(table: Counts, hashes: usize, weights: usize, places: usize, area: usize, row: u32, rows: u32): u32 {
  for (; row < rows; row++) {
    const place = load<u32>(places + (row << 2));
    const text = place ? area + place : 0;
    const hash = load<u64>(hashes + (row << 3));
    if (table.registers) hllAdd(table.registers, table.precision, hash);
    if (!countOne(table, hash, load<u64>(weights + (row << 3)), text ? text + 4 : 0, text ? load<u32>(text) : 0)) return row;
  }
  return rows;
}

/** False when there is no room for a new hash. `text` is 0 where it is not known. */
// @ts-ignore: decorator
@inline
function countOne(table: Counts, hash: u64, times: u64, text: usize, length: u32): bool {
  const mask = (table.slotCount - 1) * SLOT;
  let at = (<u32>hash * SLOT) & mask;
  for (;;) {
    const slot = table.slots + at;
    const before = load<u64>(slot, 8);
    if (before && load<u64>(slot) != hash) {
      at = (at + SLOT) & mask;
      continue;
    }
    if (!before) {
      if (table.size == table.room) return false;
      table.size++;
      store<u64>(slot, hash);
    }
    store<u64>(slot, before + times, 8);
    if (before + times > 1 && text && !load<u32>(table.places + (at >> 2))) keep(table, at, text, length);
    return true;
  }
}

/** Without memory the text is not kept, and then not shown. */
function keep(table: Counts, at: u32, text: usize, length: u32): void {
  const kept = min(length, KEPT);
  const needed = table.areaUsed + 4 + kept;
  if (needed > table.areaBytes) {
    const larger = regrow(table.area, table.areaUsed, max(256, needed * 2));
    if (!larger) return;
    table.area = larger;
    table.areaBytes = max(256, needed * 2);
  }
  const place = table.areaUsed;
  store<u32>(table.area + place, kept);
  memory.copy(table.area + place + 4, text, kept);
  store<u32>(table.places + (at >> 2), place);
  table.areaUsed = place + 4 + ((kept + 3) & ~3);
}

/** Leaves out of the area the texts whose entries a purge removed. Without memory they stay. */
function compact(table: Counts): void {
  const area = alloc(table.areaBytes);
  if (!area) return;
  let used: u32 = 4;
  for (let i: u32 = 0; i < table.slotCount; i++) {
    const place = load<u32>(table.places + (i << 2));
    if (!place) continue;
    const bytes = 4 + ((load<u32>(table.area + place) + 3) & ~3);
    memory.copy(area + used, table.area + place, bytes);
    store<u32>(table.places + (i << 2), used);
    used += bytes;
  }
  free(table.area);
  table.area = area;
  table.areaUsed = used;
}
