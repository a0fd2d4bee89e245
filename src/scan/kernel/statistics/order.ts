// Whether values rise or fall from row to row. A column is settled, and no more looked at, when it has done both.
import { compareTexts, lengthOfCode, textOfCode } from "../values/dictionary";
import { free, regrow } from "../memory";

/** Some value is greater than the one before, some is less, some is the same. */
const RISES: u32 = 1;
const FALLS: u32 = 2;
const STAYS: u32 = 4;
const PIECE: u32 = 1024;

/** The order of one stretch of rows; its address is the handle that TypeScript holds. Its fields are read there at these places. */
@unmanaged
export class Order {
  flags: u32;
  hasValues: bool;
  /** Bits of the first and the last value (i64 or f64); of texts their lengths. */
  first: u64;
  last: u64;
  /** Copies of the first and the last text. */
  firstText: usize;
  lastText: usize;
  lastRoom: u32;
}

export function orderBytes(): u32 {
  return offsetof<Order>();
}

/** Begins a stretch. The memory was cleared before the first one. */
export function orderStart(handle: usize): void {
  const order = changetype<Order>(handle);
  free(order.firstText);
  free(order.lastText);
  memory.fill(handle, 0, offsetof<Order>());
}

/** Follows whole numbers (i64). Gives the flags. */
export function orderInts(handle: usize, values: usize, rows: u32): u32 {
  const order = changetype<Order>(handle);
  if (!rows) return order.flags;
  const next = begin(order, load<u64>(values));
  let before = <i64>order.last;
  for (let from = next; from < rows && !isSettled(order); from += PIECE) {
    const end = values + (min(rows, from + PIECE) << 3);
    let rises: u32 = 0;
    let falls: u32 = 0;
    let stays: u32 = 0;
    for (let at = values + (from << 3); at < end; at += 8) {
      const value = load<i64>(at);
      rises |= <u32>(value > before);
      falls |= <u32>(value < before);
      stays |= <u32>(value == before);
      before = value;
    }
    order.flags |= rises | (falls << 1) | (stays << 2);
  }
  order.last = <u64>before;
  return order.flags;
}

/** Follows doubles; NaN is the greatest of all and equal to itself. Gives the flags. */
export function orderDoubles(handle: usize, values: usize, rows: u32): u32 {
  const order = changetype<Order>(handle);
  if (!rows) return order.flags;
  const next = begin(order, load<u64>(values));
  let before = reinterpret<f64>(order.last);
  for (let from = next; from < rows && !isSettled(order); from += PIECE) {
    const end = values + (min(rows, from + PIECE) << 3);
    for (let at = values + (from << 3); at < end; at += 8) {
      const value = load<f64>(at);
      const rises = value > before || (isNaN(value) && !isNaN(before));
      const falls = value < before || (isNaN(before) && !isNaN(value));
      order.flags |= rises ? RISES : falls ? FALLS : STAYS;
      before = value;
    }
  }
  order.last = reinterpret<u64>(before);
  return order.flags;
}

/** Follows texts by their bytes. Gives the flags, -1 when there is no memory. */
export function orderTexts(handle: usize, offsets: usize, bytes: usize, rows: u32): i32 {
  const order = changetype<Order>(handle);
  if (!rows) return order.flags;
  let text = bytes + load<u32>(offsets);
  let length = load<u32>(offsets, 4) - load<u32>(offsets);
  if (!beginText(order, text, length)) return -1;
  for (let row: u32 = 1; row < rows && !isSettled(order); row++) {
    const from = load<u32>(offsets + (row << 2));
    const next = bytes + from;
    const nextLength = load<u32>(offsets + (row << 2), 4) - from;
    order.flags |= flagOf(compare(next, nextLength, text, length));
    text = next;
    length = nextLength;
  }
  return endText(order, text, length) ? order.flags : -1;
}

/** The same of codes (u32) of a dictionary. */
export function orderCodes(handle: usize, dict: usize, codes: usize, rows: u32): i32 {
  const order = changetype<Order>(handle);
  if (!rows) return order.flags;
  let before = load<u32>(codes);
  if (!beginText(order, textOfCode(dict, before), lengthOfCode(dict, before))) return -1;
  for (let row: u32 = 1; row < rows && !isSettled(order); row++) {
    const code = load<u32>(codes + (row << 2));
    order.flags |= code == before ? STAYS : flagOf(compareTexts(dict, code, before));
    before = code;
  }
  return endText(order, textOfCode(dict, before), lengthOfCode(dict, before)) ? order.flags : -1;
}

function beginText(order: Order, text: usize, length: u32): bool {
  if (order.hasValues) {
    order.flags |= flagOf(compare(text, length, order.lastText, <u32>order.last));
    return true;
  }
  order.firstText = regrow(0, 0, length);
  if (!order.firstText) return false;
  memory.copy(order.firstText, text, length);
  order.first = length;
  order.hasValues = true;
  return true;
}

function endText(order: Order, text: usize, length: u32): bool {
  if (isSettled(order)) return true;
  if (length > order.lastRoom || !order.lastText) {
    const larger = regrow(order.lastText, 0, length);
    if (!larger) return false;
    order.lastText = larger;
    order.lastRoom = length;
  }
  memory.copy(order.lastText, text, length);
  order.last = length;
  return true;
}

/** The row to go on with: a stretch's first value has none before it. */
function begin(order: Order, first: u64): u32 {
  if (order.hasValues) return 0;
  order.hasValues = true;
  order.first = first;
  order.last = first;
  return 1;
}

@inline
function isSettled(order: Order): bool {
  return (order.flags & (RISES | FALLS)) == (RISES | FALLS);
}

function compare(text: usize, length: u32, before: usize, beforeLength: u32): i32 {
  const sign = memory.compare(text, before, min(length, beforeLength));
  return sign ? sign : <i32>length - <i32>beforeLength;
}

@inline
function flagOf(sign: i32): u32 {
  return sign > 0 ? RISES : sign < 0 ? FALLS : STAYS;
}
