// The least and the greatest of texts by their bytes.
import { alloc } from "../memory";

/** Bytes of a text that are compared and kept: 80 characters at least. */
const KEPT: u32 = 320;

/** What is known; its address is the handle that TypeScript holds. Its fields are read there at these places; the least text follows, and the greatest 320 bytes later. */
@unmanaged
export class TextRange {
  hasTexts: u32;
  leastLength: u32;
  greatestLength: u32;
  /** The first eight bytes of each as a number that compares like them. */
  leastWord: u64;
  greatestWord: u64;
}

/** Address of a new range; 0 when there is no memory. */
export function rangeNew(): usize {
  const handle = alloc(offsetof<TextRange>() + KEPT * 2);
  if (handle) memory.fill(handle, 0, offsetof<TextRange>());
  return handle;
}

/** Bytes before the least text. */
export function rangeHead(): u32 {
  return offsetof<TextRange>();
}

export function rangeTexts(handle: usize, offsets: usize, bytes: usize, rows: u32): void {
  let from = load<u32>(offsets);
  for (let row: u32 = 0; row < rows; row++) {
    const to = load<u32>(offsets + (row << 2), 4);
    rangeText(handle, bytes + from, to - from);
    from = to;
  }
}

export function rangeText(handle: usize, text: usize, length: u32): void {
  const range = changetype<TextRange>(handle);
  const word = firstWord(text, length);
  const kept = min(length, KEPT);
  if (!range.hasTexts || word < range.leastWord || (word == range.leastWord && compareKept(text, kept, handle + offsetof<TextRange>(), range.leastLength) < 0)) {
    memory.copy(handle + offsetof<TextRange>(), text, kept);
    range.leastLength = kept;
    range.leastWord = word;
  }
  if (!range.hasTexts || word > range.greatestWord || (word == range.greatestWord && compareKept(text, kept, handle + offsetof<TextRange>() + KEPT, range.greatestLength) > 0)) {
    memory.copy(handle + offsetof<TextRange>() + KEPT, text, kept);
    range.greatestLength = kept;
    range.greatestWord = word;
  }
  range.hasTexts = 1;
}

/** Joins another part. */
export function rangeMerge(into: usize, from: usize): void {
  const part = changetype<TextRange>(from);
  if (!part.hasTexts) return;
  rangeText(into, from + offsetof<TextRange>(), part.leastLength);
  rangeText(into, from + offsetof<TextRange>() + KEPT, part.greatestLength);
}

@inline
function firstWord(text: usize, length: u32): u64 {
  if (!length) return 0;
  const word = bswap(load<u64>(text));
  return length >= 8 ? word : (word >> ((8 - length) << 3)) << ((8 - length) << 3);
}

function compareKept(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const sign = memory.compare(a, b, min(aLength, bLength));
  return sign ? sign : <i32>aLength - <i32>bLength;
}
