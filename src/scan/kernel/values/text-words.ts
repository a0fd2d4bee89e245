// A text as two registers: up to 15 bytes with their length as the last byte, so that two short texts are the same when
// both registers are. A longer one has its hash and LONG in that place.
import { addWord, seed } from "../hash";

/** The length byte of a text that does not lie in its two registers. */
export const LONG: u64 = 255;
export const LONGEST_SHORT: u32 = 15;

/** Masks for 0 to 15 bytes, 16 bytes each. */
const MASKS: usize = memory.data(256, 16);

function fillMasks(): void {
  for (let length = 0; length < 16; length++) memory.fill(MASKS + (length << 4), 255, length);
}
fillMasks();

@inline
export function shortLow(from: usize, length: u32): u64 {
  return load<u64>(from) & load<u64>(MASKS + (length << 4));
}

@inline
export function shortHigh(from: usize, length: u32): u64 {
  return shortLetters(from, length) | ((<u64>length) << 56);
}

/** The upper word without its byte of length. */
@inline
export function shortLetters(from: usize, length: u32): u64 {
  return load<u64>(from, 8) & load<u64>(MASKS + (length << 4), 8);
}

/**
 * Upper and lower bits are good: a product alone has in its lower half nothing of the last letters, and texts that begin
 * alike would all have one tag.
 */
@inline
export function hashOfShort(low: u64, high: u64): u64 {
  const product = (low ^ seed) * 0x9e3779b97f4a7c15 + rotl((high ^ seed) * 0xc2b2ae3d27d4eb4f, 31);
  return (product ^ (product >> 32)) * 0x9fb21c651e98df25;
}

/** Of a text of 16 bytes or more. */
export function hashOfLong(from: usize, length: u32): u64 {
  let hash = addWord(seed, length);
  const last = from + length - 8;
  for (let at = from; at < last; at += 8) hash = addWord(hash, load<u64>(at));
  hash = addWord(hash, load<u64>(last));
  return (hash ^ (hash >> 32)) * 0x9fb21c651e98df25;
}

/** Copies a text. Most are short, and a call for each would take longer than the copy. */
@inline
export function copyText(to: usize, from: usize, length: u32): void {
  if (length > 16) memory.copy(to, from, length);
  else if (length >= 8) {
    // The two words overlap.
    const last = load<u64>(from + length - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + length - 8, last);
  } else if (length >= 4) {
    const last = load<u32>(from + length - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + length - 4, last);
  } else for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}

/** Whether two texts of 8 bytes or more are the same. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  const last = length - 8;
  for (let at: u32 = 0; at < last; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  return load<u64>(a + last) == load<u64>(b + last);
}
