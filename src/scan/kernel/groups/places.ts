// Where nearly every key of a range is there, a record's place follows from its key: no slot leads to it and no key lies in
// it, so that a row touches one line of memory, and half as much of it is in use.
import { alloc, free } from "../memory";
import { freeBlocks, KEY_BYTES, newRecord, nullRecordOf, recordAt, startRecords, Table } from "../records";

/** Whether a table of slots holds so many of its range's keys that places for all of them take no more room. */
export function isCrowded(table: Table): bool {
  return (
    !table.isHashed &&
    !table.places &&
    table.slotCount != 0 &&
    // A slot's four bytes are saved, too.
    <u64>table.size << 3 >= <u64>table.slotCount * 3 &&
    table.numberAt == 0 &&
    table.usedBytes > KEY_BYTES
  );
}

/** Moves the records from pages to places. False when there is no memory: then they may be lost. */
export function spread(table: Table): bool {
  const step = table.usedBytes - KEY_BYTES;
  const bytes = <u64>table.slotCount * step;
  // Without room for it, all stays as it is.
  const places: usize = bytes > 0x80000000 ? 0 : alloc(<u32>bytes);
  if (!places) return true;
  fillPlaces(table, places);
  const missing = table.nullRecord;
  for (let number: u32 = 1; number < table.size; number++) {
    const record = recordAt(table, number);
    const place = load<u64>(record) - <u64>table.low;
    if (record != missing) memory.copy(places + <usize>place * step, record + KEY_BYTES, step);
  }
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
  table.places = places;
  return true;
}

/** Moves the records back to pages, and gives them slots. False when there is no memory. */
export function gather(table: Table): bool {
  const step = table.usedBytes - KEY_BYTES;
  const places = table.places;
  const slots = alloc(table.slotCount << 2);
  if (!slots) return false;
  memory.fill(slots, 0, table.slotCount << 2);
  for (let i: u32 = 0; i < table.slotCount; i++) {
    const place = places + <usize>i * step;
    if (!load<u64>(place)) continue;
    const record = newRecord(table);
    if (!record) return false;
    store<u64>(record, <u64>table.low + i);
    memory.copy(record + KEY_BYTES, place, step);
    store<u32>(slots + (i << 2), <u32>record);
  }
  free(places);
  table.places = 0;
  table.slots = slots;
  return true;
}

/** Each place as a record is before its first row. */
function fillPlaces(table: Table, places: usize): void {
  const step = table.usedBytes - KEY_BYTES;
  const before = table.template + KEY_BYTES;
  const end = places + <usize>table.slotCount * step;
  for (let place = places; place < end; place += step)
    for (let at: u32 = 0; at < step; at += 8) store<u64>(place + at, load<u64>(before + at));
}
