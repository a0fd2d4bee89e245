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
  let count: u64 = 0;
  let sum: u64 = 0;
  let following: u64 = 0;
  let wide: u64 = 0;
  let zeros: u64 = 0;
  let from = load<u32>(offsets);
  for (let row: u32 = 0; row < rows; row++) {
    const to = load<u32>(offsets + (row << 2), 4);
    const text = bytes + from;
    const length = to - from;
    const times = weights ? load<u64>(weights + (row << 3)) : 1;
    count += times;
    sum += times * length;
    longest = max(longest, length);
    if (load<u8>(text) == 48 && length > 1 && <u32>load<u8>(text, 1) - 48 < 10) zeros += times;
    if (isWide(text, length)) {
      wide += times;
      following += times * followingBytes(text, length);
    }
    from = to;
  }
  lengths.count += <f64>count;
  lengths.bytes += <f64>sum;
  lengths.chars += <f64>(sum - following);
  lengths.wide += <f64>wide;
  lengths.zeros += <f64>zeros;
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

/** Has bytes beyond ASCII. Looks at up to 7 bytes past the end and leaves them out. */
@inline
function isWide(text: usize, length: u32): bool {
  let left = length;
  for (; left > 8; left -= 8, text += 8) if (load<u64>(text) & HIGH_BITS) return true;
  return left != 0 && ((load<u64>(text) << ((8 - left) << 3)) & HIGH_BITS) != 0;
}

/** Bytes of UTF-8 that begin no character. */
function followingBytes(text: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) count += <u32>((load<u8>(text + i) & 0xc0) == 0x80);
  return count;
}
