// Texts as they stand, without quotes or words of missing values, as codes of a dictionary.
import { Table } from "../records";
import { dictAdd } from "./dictionary";
import { findKeys, hashFields, isLongOf, listedRow, NO_MARK, TOGETHER } from "./text-lookup";

/**
 * Writes the codes of texts, given by one address more than there are texts, and adds new ones. What `valid`, unless it is 0, says is missing is not
 * added and has the code 0, and so is what stands at `missing`. -1 when there is no memory.
 */
export function addTexts(dict: usize, places: usize, count: i32, valid: usize, missing: i32, codes: usize): i32 {
  for (let done = 0; done < count; done += TOGETHER) {
    const some = min(count - done, TOGETHER);
    const starts = places + (<usize>done << 2);
    const out = codes + (<usize>done << 2);
    hashFields(starts, 0, starts + 4, 4, some, NO_MARK);
    const missed = findKeys(changetype<Table>(dict), some, out);
    for (let i = 0; i < missed; i++) {
      const row = listedRow(i);
      if (valid && !load<u8>(valid + done + row)) continue;
      const place = out + (row << 2);
      const from: usize = load<u32>(starts + (row << 2));
      const length = load<u32>(starts + (row << 2), 4) - <u32>from;
      if (isLongOf(changetype<Table>(dict), row, load<u32>(place), from, length)) continue;
      const code = done + row == missing ? 0 : dictAdd(dict, from, length);
      if (code < 0) return -1;
      store<i32>(place, code);
    }
  }
  if (valid) for (let i = 0; i < count; i++) if (!load<u8>(valid + i)) store<i32>(codes + (i << 2), 0);
  return 0;
}
