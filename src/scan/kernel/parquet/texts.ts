// Texts of a page, each with its length before it, as codes of the kernel's dictionary.
import { invalidUtf8 } from "../text/utf8";
import { dictAdd } from "../values/dictionary";
import { addTexts } from "../values/text-rows";

/** In place of codes: no memory; a code of a page stands for no text; a text is none in UTF-8. */
const NO_MEMORY: i32 = -1;
const NO_TEXT: i32 = -2;
const NO_UTF8: i32 = -3;
/** In the map of a page's codes: not asked for yet. */
const UNKNOWN: i32 = -1;
const LENGTH: usize = 4;

/** Writes the addresses of texts, of which the first has its length at `from`; gives the address behind the last, 0 where one goes beyond `end`. */
export function placePageTexts(from: usize, end: usize, count: i32, places: usize): usize {
  for (let i: i32 = 0; i < count; i++) {
    if (end - from < LENGTH || <usize>load<u32>(from) > end - from - LENGTH) return 0;
    store<u32>(places + (i << 2), <u32>from);
    from += LENGTH + load<u32>(from);
  }
  return from;
}

/** Writes the codes of rows that have codes of `count` texts at `places`, of which those are added that a row has: `map` has what is known of each. */
export function codesOfPage(dict: usize, given: usize, rows: i32, places: usize, count: u32, map: usize, out: usize): i32 {
  for (let i: i32 = 0; i < rows; i++) {
    const text = load<u32>(given + (i << 2));
    if (text >= count) return NO_TEXT;
    const known = map + (<usize>text << 2);
    let code = load<i32>(known);
    if (code == UNKNOWN) {
      const place: usize = load<u32>(places + (<usize>text << 2));
      const length = load<u32>(place);
      if (invalidUtf8(place + LENGTH, place + LENGTH + length) != 0) return NO_UTF8;
      code = dictAdd(dict, place + LENGTH, length);
      if (code < 0) return NO_MEMORY;
      store<i32>(known, code);
    }
    store<i32>(out + (i << 2), code);
  }
  return 0;
}

/** The same of the texts themselves: they are brought together, in place, so that one ends where the next begins. */
export function codesOfPageTexts(dict: usize, places: usize, rows: i32, codes: usize): i32 {
  if (rows == 0) return 0;
  const start: usize = load<u32>(places);
  let to = start;
  let isWhole = true;
  for (let i: i32 = 0; i < rows; i++) {
    const place: usize = load<u32>(places + (i << 2));
    const length = load<u32>(place);
    // Its first byte begins a letter.
    isWhole = isWhole && (length == 0 || (load<u8>(place + LENGTH) & 0xc0) != 0x80);
    memory.copy(to, place + LENGTH, length);
    store<u32>(places + (i << 2), <u32>to);
    to += length;
  }
  store<u32>(places + (rows << 2), <u32>to);
  if (!isWhole || invalidUtf8(start, to) != 0) return NO_UTF8;
  return addTexts(dict, places, rows, 0, -1, codes);
}
