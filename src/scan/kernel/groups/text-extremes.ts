// Least and greatest texts by their bytes, as codes of their dictionary.
import { compareTexts } from "../values/dictionary";

/** State before the first text; among the values it is no text. */
const NONE: u32 = 0xffffffff;

/** Codes of 32 bits, `stride` bytes apart. */
export function minTexts(
  recs: usize,
  codes: usize,
  stride: u32,
  valid: usize,
  rows: i32,
  dict: usize,
  at: u32,
): void {
  for (let i: i32 = 0; i < rows; i++, codes += stride) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const code = load<u32>(codes);
    const least = load<u32>(state);
    if (code == least || code == NONE) continue;
    if (least == NONE || compareTexts(dict, code, least) < 0) store<u32>(state, code);
  }
}

export function maxTexts(
  recs: usize,
  codes: usize,
  stride: u32,
  valid: usize,
  rows: i32,
  dict: usize,
  at: u32,
): void {
  for (let i: i32 = 0; i < rows; i++, codes += stride) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const code = load<u32>(codes);
    const most = load<u32>(state);
    if (code == most || code == NONE) continue;
    if (most == NONE || compareTexts(dict, code, most) > 0) store<u32>(state, code);
  }
}
