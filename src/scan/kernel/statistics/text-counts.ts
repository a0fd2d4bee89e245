// Counts of texts by their hash. Of values that come more than once the beginning of the text is kept beside, so that what
// comes most often can be shown; of the many that come once it would be work for nothing.
import { Counts, SLOT, slotOf } from "./count-table";
import { countsFree, countsNew, makeRoom } from "./counts";
import { hllAdd } from "./hyperloglog";
import { alloc, free, regrow } from "../memory";
import { isChosen, isTracked, limitOf, STEP, tickOf, track } from "./sketch";
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
  while (row < rows && makeTextRoom(table)) row = countFrom(table, offsets, bytes, weights, row, rows);
  return row;
}

/** Counts what another table exported: hashes, counts (u64) and places (u32) in its area. */
export function countHashes(handle: usize, hashes: usize, weights: usize, places: usize, area: usize, rows: u32): u32 {
  const table = changetype<Counts>(handle);
  let row = countHashesFrom(table, hashes, weights, places, area, 0, rows);
  while (row < rows && makeTextRoom(table)) row = countHashesFrom(table, hashes, weights, places, area, row, rows);
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

function makeTextRoom(table: Counts): bool {
  if (!makeRoom(table)) return false;
  if (table.tracked && table.areaBytes) compact(table);
  return true;
}

function countFrom(table: Counts, offsets: usize, bytes: usize, weights: usize, row: u32, rows: u32): u32 {
  const registers = table.registers;
  const tracked: usize = weights ? 0 : table.tracked;
  const limit = limitOf(table);
  let tick = tickOf(table);
  const first = row;
  for (; row < rows; row++) {
    const from = load<u32>(offsets + (row << 2));
    const length = load<u32>(offsets + (row << 2), 4) - from;
    const hash = hashText(bytes + from, length);
    if (registers) hllAdd(registers, table.precision, hash);
    let mayEnter = true;
    if (tracked) {
      mayEnter = isChosen(hash, tick, limit);
      tick += STEP;
      if (!mayEnter && !isTracked(tracked, hash)) continue;
    }
    if (!countOne(table, hash, weights ? load<u64>(weights + (row << 3)) : 1, bytes + from, length, mayEnter)) break;
  }
  if (tracked) table.seen += row - first;
  return row;
}

function countHashesFrom(table: Counts, hashes: usize, weights: usize, places: usize, area: usize, row: u32, rows: u32): u32 {
  for (; row < rows; row++) {
    const place = load<u32>(places + (row << 2));
    const text = place ? area + place : 0;
    const hash = load<u64>(hashes + (row << 3));
    if (table.registers) hllAdd(table.registers, table.precision, hash);
    if (!countOne(table, hash, load<u64>(weights + (row << 3)), text ? text + 4 : 0, text ? load<u32>(text) : 0, true)) return row;
  }
  return rows;
}

/** False when there is no room for a new hash. `text` is 0 where it is not known. */
@inline
function countOne(table: Counts, hash: u64, times: u64, text: usize, length: u32, mayEnter: bool): bool {
  const slot = slotOf(table.slots, (table.slotCount - 1) * SLOT, hash, hash);
  const before = load<u64>(slot, 8);
  if (!before) {
    if (!mayEnter) return true;
    if (table.size == table.room) return false;
    table.size++;
    store<u64>(slot, hash);
    if (table.tracked) track(table, hash);
  }
  store<u64>(slot, before + times, 8);
  const place = table.places + ((slot - table.slots) >> 2);
  if (before + times > 1 && text && !load<u32>(place)) keep(table, place, text, length);
  return true;
}

/** Without memory the text is not kept, and then not shown. */
function keep(table: Counts, placeOfSlot: usize, text: usize, length: u32): void {
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
  store<u32>(placeOfSlot, place);
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
