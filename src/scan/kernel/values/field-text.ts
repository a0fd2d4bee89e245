// A field as the text that it means: without its quotes, doubled ones undone, null words recognised, outer blanks left out.
import { escape, quote } from "../text/dialect";
import { EMPTY_TEXT } from "../text/empty-text";
import { alloc, free } from "../memory";
import { nullWord } from "./nulls";

/** Where the text of the last opened field lies; valid until the next one is opened. */
export let textFrom: usize = 0;
export let textTo: usize = 0;

let scratch: usize = 0;
let scratchBytes: u32 = 0;

/** Some field with doubled quotes was too long for the memory that is left. */
export let isTextLost: bool = false;

/** Finds the text of a field; false when it is missing: empty (but for the empty text that is a value) or a null word. */
export function openField(from: usize, to: usize): bool {
  textFrom = from;
  textTo = to;
  isTextLost = false;
  if (from >= to) return from == EMPTY_TEXT;
  if (quote != 0 && load<u8>(from) == quote) unquote(from, to);
  return textFrom < textTo && nullWord(textFrom, textTo) < 0;
}

/** Leaves out blanks and tabulators around the text. */
export function trimField(): void {
  while (textFrom < textTo && isBlank(load<u8>(textFrom))) textFrom++;
  while (textFrom < textTo && isBlank(load<u8>(textTo - 1))) textTo--;
}

@inline
function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}

/** What stands alone behind a closing quote was found to be ragged before; without a closing quote the field is taken as it is. */
function unquote(from: usize, to: usize): void {
  if (to - from < 2 || load<u8>(to - 1) != quote) return;
  textFrom = from + 1;
  textTo = to - 1;
  const sign = <u8>(escape != 0 ? escape : quote);
  let at = textFrom;
  while (at < textTo && load<u8>(at) != sign) at++;
  if (at == textTo) return;
  const room = roomForText(<u32>(textTo - textFrom));
  if (room == 0) return;
  let out = room;
  for (at = textFrom; at < textTo; at++) {
    // An escape makes the next byte a letter; at the very end it stands for itself.
    if (load<u8>(at) == sign && at + 1 < textTo && isEscaped(load<u8>(at + 1), sign)) at++;
    store<u8>(out++, load<u8>(at));
  }
  textFrom = room;
  textTo = out;
}

@inline
function isEscaped(byte: u8, sign: u8): bool {
  return byte == quote || byte == sign;
}

/** The text of the opened field is somewhere else now. */
export function setText(from: usize, to: usize): void {
  textFrom = from;
  textTo = to;
}

/** Room for the opened field's text written otherwise, in which it may lie already; 0 where there is no memory left for it. */
export function roomForText(bytes: u32): usize {
  if (bytes <= scratchBytes) return scratch;
  free(scratch);
  scratch = alloc(bytes);
  scratchBytes = scratch ? bytes : 0;
  isTextLost = scratch == 0;
  return scratch;
}
