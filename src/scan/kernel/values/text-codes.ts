// A column of texts as codes of a dictionary.
import { Table } from "../records";
import { quote } from "../text/dialect";
import { EMPTY_TEXT } from "../text/empty-text";
import { dictAdd } from "./dictionary";
import { NO_ROOM, NULL_CODE } from "./dictionary-table";
import { isTextLost, openField, textFrom, textTo } from "./field-text";
import { forgetMisfits } from "./misfits";
import { codeOfShort, findKeys, hashFields, isLongOf, isShort, listedRow, NO_MARK, TOGETHER } from "./text-lookup";

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
  const mark: i32 = quote == 0 ? NO_MARK : quote;
  let nulls = 0;
  for (let done = 0; done < rows; done += TOGETHER) {
    const some = min(rows - done, TOGETHER);
    hashFields(starts, skip, ends, stride, some, mark);
    const count = findKeys(changetype<Table>(dict), some, out);
    for (let i = 0; i < count; i++) {
      const row = listedRow(i);
      const from: usize = load<u32>(starts + row * stride) + skip;
      const code = codeOf(dict, row, from, load<u32>(ends + row * stride), load<u32>(out + (row << 2)));
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
function codeOf(dict: usize, row: i32, from: usize, to: usize, likely: u32): i32 {
  if (from == to && from != EMPTY_TEXT) return NULL_CODE;
  if (isShort(row)) return codeOfShort(changetype<Table>(dict), row, from, to);
  if (isLongOf(changetype<Table>(dict), row, likely, from, <u32>(to - from))) return likely;
  if (!openField(from, to)) return NULL_CODE;
  return isTextLost ? NO_ROOM : dictAdd(dict, textFrom, <u32>(textTo - textFrom));
}
