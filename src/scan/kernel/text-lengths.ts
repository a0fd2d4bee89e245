// Lengths of texts in bytes and in characters, and texts of digits that a number would change.

const HIGH_BITS: u64 = 0x8080808080808080;

/** What is known of a column's texts; its address is the handle that TypeScript holds. Its fields are read there at these places. */
@unmanaged
export class Lengths {
  count: f64;
  bytes: f64;
  chars: f64;
  /** Texts with characters beyond ASCII. */
  wide: f64;
  /** Texts that begin with a zero and another digit. */
  zeros: f64;
  longest: f64;
}

export function lengthsBytes(): u32 {
  return offsetof<Lengths>();
}

/** Adds up the lengths of texts, each `weights` (u64) times where these are given. */
export function measureTexts(handle: usize, offsets: usize, bytes: usize, weights: usize, rows: u32): void {
  const lengths = changetype<Lengths>(handle);
  let longest: u32 = 0;
  let from = load<u32>(offsets);
  for (let row: u32 = 0; row < rows; row++) {
    const to = load<u32>(offsets + (row << 2), 4);
    const times = weights ? <f64>load<u64>(weights + (row << 3)) : 1;
    addLength(lengths, bytes + from, to - from, times);
    longest = max(longest, to - from);
    from = to;
  }
  lengths.longest = max(lengths.longest, <f64>longest);
}

/** Joins another part. */
export function lengthsMerge(into: usize, from: usize): void {
  const lengths = changetype<Lengths>(into);
  const part = changetype<Lengths>(from);
  lengths.count += part.count;
  lengths.bytes += part.bytes;
  lengths.chars += part.chars;
  lengths.wide += part.wide;
  lengths.zeros += part.zeros;
  lengths.longest = max(lengths.longest, part.longest);
}

// @ts-ignore: decorator
@inline
export function addLength(lengths: Lengths, text: usize, length: u32, times: f64): void {
  lengths.count += times;
  lengths.bytes += times * <f64>length;
  const following = followingBytes(text, length);
  lengths.chars += times * <f64>(length - following);
  if (following) lengths.wide += times;
  if (load<u8>(text) == 48 && length > 1 && <u32>load<u8>(text, 1) - 48 < 10) lengths.zeros += times;
}

/** Bytes of UTF-8 that begin no character. Looks at up to 7 bytes past the end. */
// @ts-ignore: decorator
@inline
function followingBytes(text: usize, length: u32): u32 {
  let at: u32 = 0;
  for (; at + 8 < length; at += 8) if (load<u64>(text + at) & HIGH_BITS) return countFollowing(text, length);
  const left = length - at;
  return left && (load<u64>(text + at) << ((8 - left) << 3)) & HIGH_BITS ? countFollowing(text, length) : 0;
}

function countFollowing(text: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) count += <u32>((load<u8>(text + i) & 0xc0) == 0x80);
  return count;
}
