// What is done with dictionaries when parts of a result are joined.
import { addTexts } from "../values/text-rows";

/**
 * Adds texts given by `count` + 1 offsets into bytes, and writes their codes. What stands at `missing` is none: it is the group of the
 * rows without a text, and its code means nothing. The offsets become addresses. -1 when there is no memory.
 */
export function dictAddAll(dict: usize, offsets: usize, bytes: usize, count: i32, missing: i32, codes: usize): i32 {
  for (let i = 0; i <= count; i++) {
    const place = offsets + (<usize>i << 2);
    store<u32>(place, load<u32>(place) + <u32>bytes);
  }
  return addTexts(dict, offsets, count, 0, missing, codes);
}
