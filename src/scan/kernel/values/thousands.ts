// Numbers with separators of thousands, 1.234.567,89: they are read without these, as any other number is.
import { roomForText, setText, textFrom, textTo } from "./field-text";
import { decimalMark } from "./number-format";

let separator: i32 = 0;
export let hasThousands: bool = false;

/** The code of a point, comma, apostrophe, underscore or blank; 0 for none. An apostrophe and a blank have others that look like them. */
export function setThousands(mark: i32): void {
  separator = mark;
  hasThousands = mark != 0;
}

/**
 * Takes the separators out of the opened field. Groups have three digits but for the first, which begins with none but 1 to 9, and behind them
 * are decimals alone; a text that is none of this keeps its separators, with which it is no number.
 */
export function ungroup(): void {
  let at = textFrom;
  if (at < textTo && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
  const first = digitsFrom(at, 3);
  if (first == at || load<u8>(at) == 48 || widthAt(first) == 0) return;
  let end = first;
  for (let width = widthAt(end); width > 0; width = widthAt(end)) {
    const next = digitsFrom(end + width, 3);
    if (next - end - width != 3) return;
    end = next;
  }
  const groupsTo = end;
  if (end < textTo && load<u8>(end) == decimalMark) end = digitsFrom(end + 1, u32.MAX_VALUE);
  if (end == textTo) copyDigits(first, groupsTo);
}

/** Where up to `most` digits from `at` on end. */
function digitsFrom(at: usize, most: u32): usize {
  const from = at;
  while (at < textTo && at - from < most && <u32>load<u8>(at) - 48 < 10) at++;
  return at;
}

/** Bytes of the separator at a place, 0 where there is none. */
function widthAt(at: usize): u32 {
  if (at >= textTo) return 0;
  const byte = <i32>load<u8>(at);
  if (byte == separator) return 1;
  // U+00A0 and U+202F beside the blank, U+2019 beside the apostrophe.
  if (separator == 32 && byte == 0xc2) return at + 2 <= textTo && load<u8>(at, 1) == 0xa0 ? 2 : 0;
  if (byte != 0xe2 || at + 3 > textTo || load<u8>(at, 1) != 0x80) return 0;
  const last = <i32>load<u8>(at, 2);
  return (separator == 32 && last == 0xaf) || (separator == 39 && last == 0x99) ? 3 : 0;
}

/** Only digits and separators stand from `first` to `groupsTo`. The copy may lie where the text does: it is written no faster than that is read. */
function copyDigits(first: usize, groupsTo: usize): void {
  const from = textFrom;
  const to = textTo;
  const room = roomForText(<u32>(to - from));
  if (room == 0) return;
  let out = room;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    if (at >= first && at < groupsTo && <u32>byte - 48 > 9) continue;
    store<u8>(out++, byte);
  }
  setText(room, out);
}

/** Characters of a text of UTF-8, in which a separator may have more bytes than one. */
export function charsOf(from: usize, length: u32): u32 {
  let chars = length;
  for (let at = from; at < from + length; at++) chars -= <u32>((load<u8>(at) & 0xc0) == 0x80);
  return chars;
}
