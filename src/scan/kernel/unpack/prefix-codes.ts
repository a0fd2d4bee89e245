// Prefix codes of Deflate (RFC 1951) as tables: as many bits of the text as a table is wide are the place of an entry, which says what they
// mean and how many of them do. Codes that are longer go on in a table behind it.

/** What an entry may say of a symbol. The low byte is the bits that it takes, with those that are added to its base. */
export const IS_LITERAL: u32 = 0x80000000;
/** Neither literal nor base: a table behind, the end of a block, or no code. */
export const IS_ODD: u32 = 0x8000;
export const IS_LINK: u32 = 0x4000;
export const IS_END: u32 = 0x2000;

export const LITERAL_BITS: u32 = 11;
export const DISTANCE_BITS: u32 = 9;
export const LENGTH_BITS: u32 = 7;

const LONGEST: u32 = 15;
/** Entries with the tables behind: no set of codes needs as many. */
const LITERAL_ROOM: u32 = 4096;
const DISTANCE_ROOM: u32 = 2048;

// The tables lie below what the module brings along (`scripts/scan-kernel.mjs` says where that begins), at places that the compiler knows.
export const literals: usize = 1024;
export const distances: usize = literals + 4 * 4096;
export const lengthCodes: usize = distances + 4 * 2048;
/** The longest code behind each place of a table. */
const depths: usize = lengthCodes + 4 * 128;
/** Codes of each length, and the next one of each. */
const counts: usize = depths + 4 * 2048;
const nexts: usize = counts + 4 * 16;
/** Of the codes that are read at the moment: 316 of a block, and as many as the last one may be repeated. */
export const lengths: usize = nexts + 4 * 16;

const LENGTHS: usize = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTHS_ADDED: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);

/** Makes the table of what stands in a text, from the length of each code; false where they are no codes. */
export function setLiterals(from: usize, symbols: u32): bool {
  return setTable(from, symbols, literals, LITERAL_BITS, LITERAL_ROOM, literalEntry);
}

export function setDistances(from: usize, symbols: u32): bool {
  return setTable(from, symbols, distances, DISTANCE_BITS, DISTANCE_ROOM, distanceEntry);
}

/** Of the codes in which the lengths of other codes are written. */
export function setLengthCodes(from: usize): bool {
  return countCodes(from, 19) > 0 && setTable(from, 19, lengthCodes, LENGTH_BITS, 1 << LENGTH_BITS, lengthEntry) && !isPart;
}

/** Entries without the bits of their codes: kind and value above, and the number of bits that are added to the value. */
function literalEntry(symbol: u32): u32 {
  if (symbol < 256) return IS_LITERAL | (symbol << 16);
  if (symbol == 256) return IS_ODD | IS_END;
  const i = symbol - 257;
  return i > 28 ? IS_ODD : (<u32>load<u16>(LENGTHS + (i << 1)) << 16) | load<u8>(LENGTHS_ADDED + i);
}

function distanceEntry(symbol: u32): u32 {
  if (symbol > 29) return IS_ODD;
  if (symbol < 4) return (symbol + 1) << 16;
  const added = (symbol >> 1) - 1;
  return ((((2 | (symbol & 1)) << added) + 1) << 16) | added;
}

function lengthEntry(symbol: u32): u32 {
  return IS_LITERAL | (symbol << 16);
}

/** The codes of the last table leave places over. */
let isPart: bool = false;

function setTable(
  from: usize,
  symbols: u32,
  table: usize,
  width: u32,
  room: u32,
  entryOf: (symbol: u32) => u32,
): bool {
  const size: u32 = 1 << width;
  const longest = countCodes(from, symbols);
  const left = startCodes();
  if (left < 0) return false;
  isPart = left > 0;
  // One code of one bit is a set, and none is one as long as nobody asks.
  if (isPart && longest > 1) return false;
  if (isPart) for (let i: u32 = 0; i < size; i++) store<u32>(table + (i << 2), IS_ODD);
  if (longest > width && !setLinks(from, symbols, table, width, room)) return false;
  startCodes();
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(from + symbol);
    if (length == 0) continue;
    const code = nextCode(length);
    const entry = entryOf(symbol);
    if (length <= width) fillTable(table, size, code, length, entry);
    else {
      const link = load<u32>(table + ((code & (size - 1)) << 2));
      const behind = table + (((link >> 16) & 0x7fff) << 2);
      fillTable(behind, 1 << ((link >> 8) & 31), code >> width, length - width, entry);
    }
  }
  return true;
}

/** The longest code. */
function countCodes(from: usize, symbols: u32): u32 {
  memory.fill(counts, 0, 64);
  let longest: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(from + symbol);
    const at = counts + (length << 2);
    store<u32>(at, load<u32>(at) + 1);
    longest = max(longest, length);
  }
  store<u32>(counts, 0);
  return longest;
}

/** The first code of each length; gives the codes of the greatest length that are left over, below zero where there are more than fit. */
function startCodes(): i32 {
  let code: u32 = 0;
  let left: i32 = 1;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    code = (code + load<u32>(counts + ((length - 1) << 2))) << 1;
    store<u32>(nexts + (length << 2), code);
    left = (left << 1) - load<i32>(counts + (length << 2));
    if (left < 0) return left;
  }
  return left;
}

/** Codes stand in a text with their first bit lowest. */
function nextCode(length: u32): u32 {
  const at = nexts + (length << 2);
  let code = load<u32>(at);
  store<u32>(at, code + 1);
  code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
  code = ((code & 0x0f0f) << 4) | ((code >> 4) & 0x0f0f);
  code = ((code & 0x00ff) << 8) | (code >> 8);
  return code >> (16 - length);
}

/** Room behind a table for its longer codes. */
function setLinks(from: usize, symbols: u32, table: usize, width: u32, room: u32): bool {
  const size: u32 = 1 << width;
  memory.fill(depths, 0, size << 2);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(from + symbol);
    if (length == 0) continue;
    const at = depths + ((nextCode(length) & (size - 1)) << 2);
    if (length > width) store<u32>(at, max(load<u32>(at), length - width));
  }
  let end = size;
  for (let place: u32 = 0; place < size; place++) {
    const depth = load<u32>(depths + (place << 2));
    if (depth == 0) continue;
    if (end + (1 << depth) > room) return false;
    store<u32>(table + (place << 2), IS_ODD | IS_LINK | (end << 16) | (depth << 8) | width);
    end += 1 << depth;
  }
  return true;
}

/** An entry stands in all places that begin with its code. */
function fillTable(table: usize, size: u32, code: u32, length: u32, entry: u32): void {
  const isBase = (entry & (IS_LITERAL | IS_ODD)) == 0;
  const whole = isBase ? (entry & 0xffff0000) | (length << 8) | (length + (entry & 0xff)) : entry | length;
  const step: u32 = 1 << length;
  for (let place = code; place < size; place += step) store<u32>(table + (place << 2), whole);
}
