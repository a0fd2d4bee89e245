// What is done with dictionaries when parts of a result are joined.
import { dictAdd } from "../values/dictionary";

/**
 * Adds texts given by `count` + 1 offsets into bytes, and writes their codes. What stands at `missing` is none: it is the group of the
 * rows without a text, and its code means nothing. -1 when there is no memory.
 */
export function dictAddAll(dict: usize, offsets: usize, bytes: usize, count: u32, missing: u32, codes: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const from = load<u32>(offsets + (i << 2));
    const code = i == missing ? 0 : dictAdd(dict, bytes + from, load<u32>(offsets + (i << 2), 4) - from);
    if (code < 0) return -1;
    store<i32>(codes + (i << 2), code);
  }
  return 0;
}
