// A column of texts as codes of a dictionary. Of a million texts neither slots nor records are in the cache, so that some
// hundred rows are looked up together, one step for all of them before the next: the loads of a step do not wait for
// one another, and nothing that cannot be foretold decides what is loaded.
import { recordIn, Table } from "../records";
import { quote } from "../text/dialect";
import { dictAdd } from "./dictionary";
import { holdsLong, likelyNumber, NO_ROOM, NULL_CODE } from "./dictionary-table";
import { isTextLost, openField, textFrom, textTo } from "./field-text";
import { forgetMisfits } from "./misfits";
import { hashOfLong, hashOfShort, LONG, LONGEST_SHORT, shortHigh, shortLow } from "./text-words";

/** Rows that are looked up together. */
const TOGETHER: i32 = 512;
/** The upper word of no key. */
const NO_KEY: u64 = 254 << 56;

/** Of each row: the two words of the key that its text would have, and the hash. */
const keys: usize = memory.data(TOGETHER * 16, 16);
const hashes: usize = memory.data(TOGETHER * 8, 8);
/** Rows that were not found where they most likely are. */
const missed: usize = memory.data(TOGETHER * 4, 4);

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
    hashFields(starts, skip, ends, stride, some);
    const count = findKeys(changetype<Table>(dict), some, out);
    for (let i = 0; i < count; i++) {
      const row = load<i32>(missed + (i << 2));
      const from: usize = load<u32>(starts + row * stride) + skip;
      const code = codeOf(dict, row, from, load<u32>(ends + row * stride), load<u32>(out + (row << 2)) + 1);
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

function hashFields(starts: usize, skip: i32, ends: usize, stride: i32, rows: i32): void {
  // Without quotes a number that no byte is.
  const mark: i32 = quote == 0 ? 256 : quote;
  for (let i = 0; i < rows; i++, starts += stride, ends += stride) {
    const from: usize = load<u32>(starts) + skip;
    const length = <u32>(<usize>load<u32>(ends) - from);
    let low: u64 = 0;
    let high: u64 = NO_KEY;
    let hash: u64 = 0;
    if (length != 0 && <i32>load<u8>(from) != mark) {
      if (length <= LONGEST_SHORT) {
        low = shortLow(from, length);
        high = shortHigh(from, length);
        hash = hashOfShort(low, high);
      } else {
        low = hash = hashOfLong(from, length);
        high = LONG << 56;
      }
    }
    store<u64>(keys + (i << 4), low);
    store<u64>(keys + (i << 4), high, 8);
    store<u64>(hashes + (i << 3), hash);
  }
}

/** Writes the codes of those that are where their hash leads to; gives how many are not, which are listed. */
function findKeys(table: Table, rows: i32, out: usize): i32 {
  const slots = table.slots;
  const shift = table.shift;
  const mask = table.slotCount - 1;
  for (let i = 0; i < rows; i++) {
    store<u32>(out + (i << 2), likelyNumber(slots, shift, mask, load<u64>(hashes + (i << 3))));
  }
  const pages = table.pages;
  const bytes = table.recordBytes;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const number = load<u32>(out + (i << 2));
    const key = recordIn(pages, bytes, number);
    const low = load<u64>(key) ^ load<u64>(keys + (i << 4));
    const high = load<u64>(key, 8) ^ load<u64>(keys + (i << 4), 8);
    store<u32>(out + (i << 2), number - 1);
    store<i32>(missed + (count << 2), i);
    count += i32((low | high) != 0);
  }
  return count;
}

/** The code of a field that was not found; `number` is that of a record that may be a long text's. */
function codeOf(dict: usize, row: i32, from: usize, to: usize, number: u32): i32 {
  const table = changetype<Table>(dict);
  const length = <u32>(to - from);
  if (load<u64>(keys + (row << 4), 8) == LONG << 56) {
    const key = recordIn(table.pages, table.recordBytes, number);
    if (holdsLong(key, load<u64>(keys + (row << 4)), from, length)) return number - 1;
  }
  if (!openField(from, to)) return NULL_CODE;
  return isTextLost ? NO_ROOM : dictAdd(dict, textFrom, <u32>(textTo - textFrom));
}
