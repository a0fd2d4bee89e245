// Tables of records of one fixed size, one record a key. Records lie in segments and never move, so that their addresses
// stand for them; the first of each table is the trash, which takes the rows that a filter rejected.
import { alloc, free, regrow } from "../memory";

const SMALLEST_SEGMENT: u32 = 1 << 14;
const LARGEST_SEGMENT: u32 = 1 << 20;

/** Number of the trash in a table that numbers its records. */
export const TRASH: u32 = 0xffffffff;

/** What a table knows; its address is the handle that TypeScript holds. A record begins with its key of eight bytes. */
@unmanaged
export class Table {
  recordBytes: u32;
  /** A new record as it is before its first row. */
  template: usize;
  /** Where a record holds its number (u32), 0 when it holds none. */
  numberAt: u32;
  /** Records, the trash included. */
  size: u32;
  next: usize;
  end: usize;
  /** Pairs of a segment's start and end. */
  segments: usize;
  segmentCount: u32;
  segmentRoom: u32;
  trash: usize;
  /** The record of the missing key and its number; 0 until there is one. */
  nullRecord: usize;
  nullNumber: u32;
  /** Addresses of records (u32): by key less `low` in a direct table, by hash in a hashed one. */
  slots: usize;
  slotCount: u32;
  isHashed: bool;
  low: i64;
  shift: u64;
  used: u32;
  room: u32;
}

/**
 * A new table. `template` is copied; `bytes` is a multiple of 8; the record's number goes to `numberAt` unless that is 0.
 * Gives 0 when there is no memory.
 */
export function tableNew(bytes: u32, template: usize, numberAt: u32): usize {
  const block = alloc(offsetof<Table>());
  if (!block) return 0;
  memory.fill(block, 0, offsetof<Table>());
  const table = changetype<Table>(block);
  table.recordBytes = bytes;
  table.numberAt = numberAt;
  table.template = alloc(bytes);
  if (table.template) {
    if (template) memory.copy(table.template, template, bytes);
    else memory.fill(table.template, 0, bytes);
    table.trash = newRecord(table, 0);
    if (table.trash) return block;
  }
  tableFree(block);
  return 0;
}

export function tableFree(handle: usize): void {
  if (!handle) return;
  const table = changetype<Table>(handle);
  for (let i: u32 = 0; i < table.segmentCount; i++) free(load<u32>(table.segments + (i << 3)));
  free(table.segments);
  free(table.slots);
  free(table.template);
  free(handle);
}

/** Records without the trash. */
export function tableSize(handle: usize): u32 {
  return changetype<Table>(handle).size - 1;
}

/** Number of the missing key's record, -1 without one. */
export function tableNull(handle: usize): i32 {
  const table = changetype<Table>(handle);
  return table.nullRecord ? <i32>table.nullNumber : -1;
}

/** One field of all records in the order of their numbers; `bytes` is 4 or 8. */
export function tableField(handle: usize, at: u32, bytes: u32, out: usize): void {
  const table = changetype<Table>(handle);
  const step = table.recordBytes;
  for (let i: u32 = 0; i < table.segmentCount; i++) {
    const end = segmentEnd(table, i);
    let record = segmentStart(table, i) + (i ? 0 : step);
    if (bytes == 8) {
      for (; record < end; record += step, out += 8) store<u64>(out, load<u64>(record + at));
    } else {
      for (; record < end; record += step, out += 4) store<u32>(out, load<u32>(record + at));
    }
  }
}

/** Address of a new record under the key, 0 when there is no memory. */
export function newRecord(table: Table, key: u64): usize {
  const bytes = table.recordBytes;
  let record = table.next;
  if (record + bytes > table.end) {
    record = newSegment(table);
    if (!record) return 0;
  }
  table.next = record + bytes;
  const template = table.template;
  for (let at: u32 = 8; at < bytes; at += 8) store<u64>(record + at, load<u64>(template + at));
  store<u64>(record, key);
  if (table.numberAt) store<u32>(record + table.numberAt, table.size - 1);
  table.size++;
  return record;
}

/** The missing key's record, 0 when there is no memory. */
export function nullRecordOf(table: Table): usize {
  if (table.nullRecord) return table.nullRecord;
  table.nullRecord = newRecord(table, 0);
  table.nullNumber = table.size - 2;
  return table.nullRecord;
}

@inline
export function segmentStart(table: Table, index: u32): usize {
  return load<u32>(table.segments + (index << 3));
}

@inline
export function segmentEnd(table: Table, index: u32): usize {
  return index + 1 == table.segmentCount ? table.next : <usize>load<u32>(table.segments + (index << 3), 4);
}

function newSegment(table: Table): usize {
  const count = table.segmentCount;
  if (count == table.segmentRoom) {
    const room = count ? count * 2 : 16;
    const larger = regrow(table.segments, count << 3, room << 3);
    if (!larger) return 0;
    table.segments = larger;
    table.segmentRoom = room;
  }
  let bytes = min(LARGEST_SEGMENT, SMALLEST_SEGMENT << min(count, 6));
  while (bytes < table.recordBytes) bytes <<= 1;
  const segment = alloc(bytes);
  if (!segment) return 0;
  if (count) store<u32>(table.segments + ((count - 1) << 3), <u32>table.next, 4);
  store<u32>(table.segments + (count << 3), <u32>segment);
  table.segmentCount = count + 1;
  table.end = segment + bytes;
  return segment;
}
