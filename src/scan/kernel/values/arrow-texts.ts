// Texts in Arrow's layout, offsets into bytes, as codes of a dictionary.
import { dictAdd } from "./dictionary";
import { addTexts } from "./text-rows";

/** In place of codes: no memory; a code of a batch stands for no text. */
const NO_MEMORY: i32 = -1;
const NO_TEXT: i32 = -2;
/** In a map of codes: not looked at yet; the place of a missing value. */
const UNKNOWN: i32 = -1;

/**
 * Makes offsets, one more than there are texts and of 8 bytes where they are wide, addresses in `bytes`, which begin with the first of them and are
 * `length` in all. False where they are in no order or one leads into the middle of a letter.
 */
export function placeTexts(offsets: usize, isWide: bool, count: i32, bytes: usize, length: u32, places: usize): bool {
  const first = isWide ? load<i64>(offsets) : <i64>load<i32>(offsets);
  let before: i64 = 0;
  for (let i: i32 = 0; i <= count; i++) {
    const at = (isWide ? load<i64>(offsets + (i << 3)) : <i64>load<i32>(offsets + (i << 2))) - first;
    if (at < before || at > <i64>length) return false;
    if (at < <i64>length && (load<u8>(bytes + <usize>at) & 0xc0) == 0x80) return false;
    store<u32>(places + (i << 2), <u32>(bytes + <usize>at));
    before = at;
  }
  return true;
}

/** Writes the codes of texts at `places`, adding new ones; a missing row has the code 0. -1 when there is no memory. */
export function codesOfTexts(dict: usize, places: usize, valid: usize, rows: i32, codes: usize): i32 {
  return addTexts(dict, places, rows, valid, -1, codes);
}

/**
 * The same of rows that hold codes (of 8 bytes) of `count` texts at `places`, of which those are added that a row has: `map` has what is known of each. A
 * row whose text is missing becomes missing. Gives the missing rows; -1 when there is no memory, -2 where a code stands for no text.
 */
export function codesOfCodes(
  dict: usize,
  given: usize,
  valid: usize,
  rows: i32,
  places: usize,
  count: i32,
  map: usize,
  codes: usize,
): i32 {
  let missing = 0;
  for (let i: i32 = 0; i < rows; i++) {
    store<i32>(codes + (i << 2), 0);
    if (!load<u8>(valid + i)) {
      missing++;
      continue;
    }
    const text = load<u64>(given + (i << 3));
    if (text >= <u64>count) return NO_TEXT;
    const known = map + (<usize>text << 2);
    let code = load<i32>(known);
    if (code == UNKNOWN) {
      const from: usize = load<u32>(places + (<usize>text << 2));
      code = dictAdd(dict, from, load<u32>(places + (<usize>text << 2), 4) - <u32>from);
      if (code < 0) return NO_MEMORY;
      store<i32>(known, code);
    }
    if (code < 0) {
      store<u8>(valid + i, 0);
      missing++;
    } else store<i32>(codes + (i << 2), code);
  }
  return missing;
}
