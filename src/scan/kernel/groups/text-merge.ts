// What is done with dictionaries when parts of a result are joined.
import { dictAdd } from "../values/dictionary";
import { NO_ROOM } from "../values/dictionary-table";

/**
 * Adds texts given by `count` + 1 offsets into bytes, and writes their codes; of the empty text, which stands for the missing
 * one, it means nothing. -1 when there is no memory.
 */
export function dictAddAll(dict: usize, offsets: usize, bytes: usize, count: u32, codes: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const from = load<u32>(offsets + (i << 2));
    const code = dictAdd(dict, bytes + from, load<u32>(offsets + (i << 2), 4) - from);
    if (code == NO_ROOM) return -1;
    store<i32>(codes + (i << 2), max(code, 0));
  }
  return 0;
}
