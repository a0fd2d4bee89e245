// Where nearly every key of a range is there, a record's place follows from its key: no slot leads to it and no key lies in
// it, so that a row touches one line of memory, and half as much of it is in use.
import { alloc, free } from "../memory";
import { LARGE, Move, RECORDS_AT_ONCE } from "../moves";
import { freeBlocks, KEY_BYTES, newRecord, nullRecordOf, recordAt, startRecords, Table } from "../records";

/** Whether a table of slots holds so many of its range's keys that places for all of them take no more room. */
export function isCrowded(table: Table): bool {
  return (
    !table.isHashed &&
    !table.places &&
    !table.isGathered &&
    table.slotCount != 0 &&
    // A slot's four bytes are saved, too.
    <u64>table.size << 3 >= <u64>table.slotCount * 3 &&
    table.numberAt == 0 &&
    table.usedBytes > KEY_BYTES
  );
}

/** Moves the records from pages to places. False when it has only begun, or there is no memory: then they may be lost. */
export function spread(table: Table): bool {
  const bytes = <u64>table.slotCount * (table.usedBytes - KEY_BYTES);
  // Without room for it, all stays as it is.
  const places: usize = bytes > 0x80000000 ? 0 : alloc(<u32>bytes);
  if (!places) return true;
  table.other = places;
  return move(table, Move.Spread);
}

/** Moves the records back to pages, and gives them slots. False when it has only begun, or there is no memory. */
export function gather(table: Table): bool {
  const slots = alloc(table.slotCount << 2);
  if (!slots) return false;
  table.slots = slots;
  table.isGathered = true;
  return move(table, Move.Gather);
}

/** Few records move at once; with many it has begun. */
function move(table: Table, way: Move): bool {
  table.move = way;
  table.moved = 0;
  if (table.slotCount >= LARGE) return false;
  let left = 1;
  while (left > 0) left = way == Move.Spread ? spreadSome(table) : gatherSome(table);
  return left == 0;
}

/** A step: some places are made, or, when all are, get some records. 1 while there is more to do, 0, -1 when there is no memory. */
export function spreadSome(table: Table): i32 {
  const at = table.moved;
  const count = table.slotCount;
  if (at < count) {
    table.moved = min(at + RECORDS_AT_ONCE, count);
    fillPlaces(table, at, table.moved);
    return 1;
  }
  const step = table.usedBytes - KEY_BYTES;
  const first = at - count + 1;
  const end = min(first + RECORDS_AT_ONCE, table.size);
  for (let number = first; number < end; number++) {
    const record = recordAt(table, number);
    const place = load<u64>(record) - <u64>table.low;
    if (record != table.nullRecord) memory.copy(table.other + <usize>place * step, record + KEY_BYTES, step);
  }
  table.moved = at + RECORDS_AT_ONCE;
  if (end < table.size) return 1;
  return leavePages(table) ? 0 : -1;
}

/** Only the trash and the missing key's record stay in pages. */
function leavePages(table: Table): bool {
  const missing = table.nullRecord;
  const pages = table.pages;
  const block = table.block;
  const template = table.template;
  table.pages = 0;
  table.pageRoom = 0;
  if (!startRecords(table, table.usedBytes, template, 0)) return false;
  if (missing) {
    if (!nullRecordOf(table)) return false;
    memory.copy(table.nullRecord, missing, table.recordBytes);
  }
  freeBlocks(block);
  free(pages);
  free(template);
  free(table.slots);
  table.slots = 0;
  table.places = table.other;
  table.other = 0;
  table.move = Move.None;
  return true;
}

/** A step: the records of some places. 1 while there is more to do, 0, -1 when there is no memory. */
export function gatherSome(table: Table): i32 {
  const step = table.usedBytes - KEY_BYTES;
  const first = table.moved;
  const end = min(first + RECORDS_AT_ONCE, table.slotCount);
  memory.fill(table.slots + (<usize>first << 2), 0, (end - first) << 2);
  for (let i = first; i < end; i++) {
    const place = table.places + <usize>i * step;
    if (!load<u64>(place)) continue;
    const record = newRecord(table);
    if (!record) return -1;
    store<u64>(record, <u64>table.low + i);
    memory.copy(record + KEY_BYTES, place, step);
    store<u32>(table.slots + (<usize>i << 2), <u32>record);
  }
  table.moved = end;
  if (end < table.slotCount) return 1;
  free(table.places);
  table.places = 0;
  table.move = Move.None;
  return 0;
}

/** Some places as a record is before its first row. */
function fillPlaces(table: Table, from: u32, to: u32): void {
  const step = table.usedBytes - KEY_BYTES;
  const before = table.template + KEY_BYTES;
  const end = table.other + <usize>to * step;
  for (let place = table.other + <usize>from * step; place < end; place += step)
    for (let at: u32 = 0; at < step; at += 8) store<u64>(place + at, load<u64>(before + at));
}
