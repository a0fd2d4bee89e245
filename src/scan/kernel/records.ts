// Tables of records of one fixed size, one record a key. Records are numbered from 1 and lie in pages that never move, so
// that an address stands for a record as well as its number does; number 0 is the trash, which takes the rows that a filter
// rejected. Where nearly every key of a range is there, they lie in places by their keys instead (groups/places.ts).
import { alloc, free, regrow } from "./memory";
import { Move } from "./moves";

/** Records of a page, as a power of two. */
const PAGE_BITS: u32 = 8;
const LARGEST_BLOCK: u32 = 1 << 20;
/** A block begins with the address of the one before; its pages begin a cache line later. */
const BLOCK_HEAD: u32 = 64;

/** Bytes of a key of numbers, which a record in a place does without. */
export const KEY_BYTES: u32 = 8;

/** Code of the trash in a table whose records hold theirs. */
export const TRASH: u32 = 0xffffffff;

/** What a table knows; its address is the handle that TypeScript holds. A record begins with its key. */
@unmanaged
export class Table {
  recordBytes: u32;
  /** The same without what fills a record up. */
  usedBytes: u32;
  /** A new record as it is before its first row. */
  template: usize;
  /** Where a record holds its code (u32), its number less 1; 0 when it holds none. */
  numberAt: u32;
  /** Records, the trash included: the next one's number. */
  size: u32;
  /** Addresses of the pages. */
  pages: usize;
  pageRoom: u32;
  /** Where the next record of the newest page lies. */
  next: usize;
  /** The newest block of pages, and what is left of it. */
  block: usize;
  blockAt: usize;
  blockEnd: usize;
  trash: usize;
  /** The record of the missing key; 0 until there is one. */
  nullRecord: usize;
  nullCode: u32;
  /** By key less `low` in a direct table, by hash in a hashed one. */
  slots: usize;
  slotCount: u32;
  isHashed: bool;
  low: i64;
  shift: u64;
  /** A record without its key for each of `slotCount` keys from `low` on, in place of slots; 0 when records lie in pages. */
  places: usize;
  /** The records have come back from places for a key beyond these: first there must be a slot for it. */
  isGathered: bool;
  /** Records in the slots, and how many these take. */
  used: u32;
  room: u32;
  /** Texts that are longer than a key of texts, in a dictionary. */
  pool: usize;
  /** What is under way while the table grows (groups/growth.ts), and how far it is. */
  move: Move;
  moved: u32;
  /** What moves: the slots, places or pages before, or the places to be. */
  other: usize;
  otherCount: u32;
  otherLow: i64;
  otherBytes: u32;
  otherBlock: usize;
  otherTemplate: usize;
}

/** Records that are half of a cache line, or some whole ones, are filled up to it, where that costs no more than a word of each. */
const HALF_LINE: u32 = 32;

/**
 * A new table. `template` is copied; `bytes` is a multiple of 8; the record's code goes to `numberAt` unless that is 0.
 * Records without a code that hold more than a key count their rows in the word behind it. Gives 0 when there is no memory.
 */
export function tableNew(bytes: u32, template: usize, numberAt: u32): usize {
  const block = alloc(offsetof<Table>());
  if (!block) return 0;
  memory.fill(block, 0, offsetof<Table>());
  if (startRecords(changetype<Table>(block), bytes, template, numberAt)) return block;
  tableFree(block);
  return 0;
}

export function tableFree(handle: usize): void {
  if (!handle) return;
  const table = changetype<Table>(handle);
  freeBlocks(table.block);
  free(table.pages);
  free(table.slots);
  free(table.places);
  free(table.other);
  freeBlocks(table.otherBlock);
  free(table.otherTemplate);
  free(table.template);
  free(handle);
}

/** Records without the trash. */
export function tableSize(handle: usize): u32 {
  return tableCount(handle, 1, tableMost(handle) + 1);
}

/** How many records `tableField` gives. */
export function tableCount(handle: usize, from: u32, to: u32): u32 {
  const table = changetype<Table>(handle);
  const size = table.size;
  const numbered = from < size ? min(to, size) - from : 0;
  return numbered + (table.places && to > size ? usedPlaces(table, max(from, size) - size, to - size) : 0);
}

/** A number that is no less than the table's size, and found at once. */
export function tableMost(handle: usize): u32 {
  const table = changetype<Table>(handle);
  return table.size - 1 + (table.places ? table.slotCount : 0);
}

/** Code of the missing key's record, -1 without one. */
export function tableNull(handle: usize): i32 {
  const table = changetype<Table>(handle);
  return table.nullRecord ? <i32>table.nullCode : -1;
}

/**
 * One field of eight bytes of some records, and how many these are: of those with the numbers `from` to `to`, in the order of their codes, behind which
 * the places count on.
 */
export function tableField(handle: usize, at: u32, from: u32, to: u32, out: usize): u32 {
  const table = changetype<Table>(handle);
  const step = table.recordBytes;
  const first = out;
  const last = min(to, table.size);
  for (let number = from; number < last; ) {
    const end = min(last, (number | ((1 << PAGE_BITS) - 1)) + 1);
    let field = recordAt(table, number) + at;
    for (; number < end; number++, field += step, out += 8) store<u64>(out, load<u64>(field));
  }
  if (table.places && to > table.size) out = placedField(table, at, max(from, table.size) - table.size, to - table.size, out);
  return <u32>(out - first) >> 3;
}

/** The same of records in pages by their codes (u32). */
export function tableFieldAt(handle: usize, at: u32, codes: usize, count: u32, out: usize): void {
  const table = changetype<Table>(handle);
  for (let i: u32 = 0; i < count; i++)
    store<u64>(out + (<usize>i << 3), load<u64>(recordAt(table, load<u32>(codes + (<usize>i << 2)) + 1) + at));
}

/** A table's only record, the trash, of a new size; what it had before is forgotten, but not given back. False when there is no memory. */
export function startRecords(table: Table, bytes: u32, template: usize, numberAt: u32): bool {
  const padded = (bytes + 8) % HALF_LINE == 0 ? bytes + 8 : bytes;
  const copy = alloc(padded);
  if (!copy) return false;
  memory.fill(copy, 0, padded);
  if (template) memory.copy(copy, template, bytes);
  table.recordBytes = padded;
  table.usedBytes = bytes;
  table.numberAt = numberAt;
  table.template = copy;
  table.size = 0;
  table.block = table.blockAt = table.blockEnd = 0;
  table.nullRecord = 0;
  table.trash = newRecord(table);
  return table.trash != 0;
}

/** Address of a record by its number. */
@inline
export function recordAt(table: Table, number: u32): usize {
  return recordIn(table.pages, table.recordBytes, number);
}

/** The same for loops that have loaded what the table says. */
@inline
export function recordIn(pages: usize, bytes: u32, number: u32): usize {
  return <usize>load<u32>(pages + (<usize>(number >> PAGE_BITS) << 2)) + (number & ((1 << PAGE_BITS) - 1)) * bytes;
}

/** Address of a new record, whose key is yet to be written; 0 when there is no memory. */
export function newRecord(table: Table): usize {
  const bytes = table.recordBytes;
  if ((table.size & ((1 << PAGE_BITS) - 1)) == 0 && !newPage(table)) return 0;
  const record = table.next;
  table.next = record + bytes;
  const template = table.template;
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(record + at, load<u64>(template + at));
  if (table.numberAt) store<u32>(record + table.numberAt, table.size - 1);
  table.size++;
  return record;
}

/** The missing key's record, 0 when there is no memory. */
export function nullRecordOf(table: Table): usize {
  if (table.nullRecord) return table.nullRecord;
  table.nullRecord = newRecord(table);
  table.nullCode = table.size - 2;
  return table.nullRecord;
}

export function freeBlocks(block: usize): void {
  while (block) {
    const before: usize = load<u32>(block);
    free(block);
    block = before;
  }
}

/** Places that are taken, of some: every record there has counted a row. */
function usedPlaces(table: Table, from: u32, to: u32): u32 {
  const step = table.usedBytes - KEY_BYTES;
  let place = table.places + <usize>from * step;
  let used: u32 = 0;
  for (let i = from; i < to; i++, place += step) used += u32(load<u64>(place) != 0);
  return used;
}

/** One field of the records in some places, in the order of their keys; gives where it ended. */
function placedField(table: Table, at: u32, from: u32, to: u32, out: usize): usize {
  const step = table.usedBytes - KEY_BYTES;
  let place = table.places + <usize>from * step;
  for (let i = from; i < to; i++, place += step) {
    if (!load<u64>(place)) continue;
    store<u64>(out, at == 0 ? <u64>table.low + i : load<u64>(place + at - KEY_BYTES));
    out += 8;
  }
  return out;
}

function newPage(table: Table): bool {
  const index = table.size >> PAGE_BITS;
  if (index == table.pageRoom) {
    const room = max(index * 2, 16);
    const larger = regrow(table.pages, index << 2, room << 2);
    if (!larger) return false;
    table.pages = larger;
    table.pageRoom = room;
  }
  const bytes = table.recordBytes << PAGE_BITS;
  if (table.blockAt + bytes > table.blockEnd && !newBlock(table, bytes, index)) return false;
  table.next = table.blockAt;
  table.blockAt += bytes;
  store<u32>(table.pages + (index << 2), <u32>table.next);
  return true;
}

/** A block for as many pages again as there are, within limits. */
function newBlock(table: Table, pageBytes: u32, pages: u32): bool {
  const wanted = <u32>min(<u64>pageBytes * pages, <u64>LARGEST_BLOCK);
  // Blocks are powers of two.
  const bytes: u32 = 1 << (32 - clz(max(wanted, pageBytes + BLOCK_HEAD) - 1));
  const block = alloc(bytes);
  if (!block) return false;
  store<u32>(block, <u32>table.block);
  table.block = block;
  table.blockAt = block + BLOCK_HEAD;
  table.blockEnd = block + bytes;
  return true;
}
