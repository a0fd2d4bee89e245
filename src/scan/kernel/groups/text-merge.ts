// What is done with dictionaries when parts of a result are joined.
import { Table } from "../records";
import { dictAdd } from "../values/dictionary";
import { findKeys, hashFields, isLongOf, listedRow, NO_MARK, TOGETHER } from "../values/text-lookup";

/**
 * Adds texts given by `count` + 1 offsets into bytes, and writes their codes. What stands at `missing` is none: it is the group of the
 * rows without a text, and its code means nothing. The offsets become addresses. -1 when there is no memory.
 */
export function dictAddAll(dict: usize, offsets: usize, bytes: usize, count: i32, missing: i32, codes: usize): i32 {
  for (let i = 0; i <= count; i++) {
    const place = offsets + (<usize>i << 2);
    store<u32>(place, load<u32>(place) + <u32>bytes);
  }
  for (let done = 0; done < count; done += TOGETHER) {
    const some = min(count - done, TOGETHER);
    const starts = offsets + (<usize>done << 2);
    const out = codes + (<usize>done << 2);
    hashFields(starts, 0, starts + 4, 4, some, NO_MARK);
    const missed = findKeys(changetype<Table>(dict), some, out);
    for (let i = 0; i < missed; i++) {
      const row = listedRow(i);
      const place = out + (row << 2);
      const from: usize = load<u32>(starts + (row << 2));
      const length = load<u32>(starts + (row << 2), 4) - <u32>from;
      if (isLongOf(changetype<Table>(dict), row, load<u32>(place), from, length)) continue;
      const code = done + row == missing ? 0 : dictAdd(dict, from, length);
      if (code < 0) return -1;
      store<i32>(place, code);
    }
  }
  return 0;
}
