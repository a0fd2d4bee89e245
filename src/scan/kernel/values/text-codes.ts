// A column of texts as codes of a dictionary.
import { recordAt, Table } from "../records";
import { dictAdd } from "./dictionary";
import { holdsLong, NO_ROOM, NULL_CODE } from "./dictionary-table";
import { isTextLost, openField, textFrom, textTo } from "./field-text";
import { forgetMisfits } from "./misfits";
import { findKeys, hashFields, listedRow, LONG_KEY, TOGETHER } from "./text-lookup";

const keys: usize = memory.data(TOGETHER * 16, 16);

/** Writes the codes of a column's fields, adding new texts; gives the number of nulls, -1 when there is no memory. */
export function parseCodes(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  dict: usize,
  out: usize,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  let nulls = 0;
  for (let done = 0; done < rows; done += TOGETHER) {
    const some = min(rows - done, TOGETHER);
    hashFields(starts, skip, ends, stride, some, keys);
    const count = findKeys(changetype<Table>(dict), keys, some, out);
    for (let i = 0; i < count; i++) {
      const row = listedRow(i);
      const from: usize = load<u32>(starts + row * stride) + skip;
      const code = codeOf(dict, keys + (row << 4), from, load<u32>(ends + row * stride), load<u32>(out + (row << 2)));
      if (code == NO_ROOM) return NO_ROOM;
      store<i32>(out + (row << 2), max(code, 0));
      if (code != NULL_CODE) continue;
      store<u8>(valid + row, 0);
      nulls++;
    }
    starts += some * stride;
    ends += some * stride;
    out += some << 2;
    valid += some;
  }
  return nulls;
}

/** The code of a field that was not found; `likely` is that of a text that a long one may be. */
function codeOf(dict: usize, key: usize, from: usize, to: usize, likely: u32): i32 {
  const record = recordAt(changetype<Table>(dict), likely + 1);
  if (load<u64>(key, 8) == LONG_KEY && holdsLong(record, load<u64>(key), from, <u32>(to - from))) return likely;
  if (!openField(from, to)) return NULL_CODE;
  return isTextLost ? NO_ROOM : dictAdd(dict, textFrom, <u32>(textTo - textFrom));
}
