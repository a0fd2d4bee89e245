// Lengths of texts in bytes and in characters, and texts of digits that a number would change.

const HIGH_BITS: u64 = 0x8080808080808080;

/** #N/A, "#N/A N/A", #NA, -NaN, -nan, <NA>, N/A, NA, NULL, NaN, None, n/a, nan and null as numbers. */
const NULL_WORDS: usize = memory.data<u64>([
  0x412f4e23, 0x412f4e20412f4e23, 0x414e23, 0x4e614e2d, 0x6e616e2d, 0x3e414e3c, 0x412f4e, 0x414e, 0x4c4c554e, 0x4e614e, 0x656e6f4e, 0x612f6e, 0x6e616e, 0x6c6c756e,
]);
const NULL_WORD_COUNT = 14;

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
  /** Texts that pandas takes for missing values. */
  nullWords: f64;
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
  let nullWords: u64 = 0;
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
    if (length <= 8 && isNullWord(text, length)) nullWords += times;
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
  lengths.nullWords += <f64>nullWords;
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
  lengths.nullWords += part.nullWords;
}

/** Has bytes beyond ASCII. Looks at up to 7 bytes past the end and leaves them out. */
@inline
function isWide(text: usize, length: u32): bool {
  let left = length;
  for (; left > 8; left -= 8, text += 8) if (load<u64>(text) & HIGH_BITS) return true;
  return left != 0 && ((load<u64>(text) << ((8 - left) << 3)) & HIGH_BITS) != 0;
}

/** Of at most 8 bytes; looks at all of them, which lie there. */
@inline
function isNullWord(text: usize, length: u32): bool {
  const first = load<u8>(text);
  if ((first | 0x20) != 110 && first != 35 && first != 45 && first != 60) return false;
  const word = length == 8 ? load<u64>(text) : load<u64>(text) & (((<u64>1) << (length << 3)) - 1);
  for (let i = 0; i < NULL_WORD_COUNT; i++) if (load<u64>(NULL_WORDS + (i << 3)) == word) return true;
  return false;
}

/** Bytes of UTF-8 that begin no character. */
function followingBytes(text: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) count += <u32>((load<u8>(text + i) & 0xc0) == 0x80);
  return count;
}
