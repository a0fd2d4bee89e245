// Strings of JSON: where they end, and their escapes undone in place, as what they stand for is never longer.

/** Whether the string that `stringEnd` looked at has a backslash. */
export let hasEscapes: bool = false;

const QUOTE: i32 = 34;
const BACKSLASH: i32 = 92;

/** The address of the quote that ends a string of which the first byte after the opening quote is `at`; 0 without one. */
export function stringEnd(at: usize, to: usize): usize {
  hasEscapes = false;
  while (true) {
    at = nextSpecial(at, to);
    if (at >= to) return 0;
    const byte = <i32>load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH) return 0;
    hasEscapes = true;
    at += 2;
  }
}

/** The address of the next quote, backslash or control character; `to` or more when there is none before. */
@inline
function nextSpecial(from: usize, to: usize): usize {
  let at = from;
  if (ASC_FEATURE_SIMD) {
    for (; at < to; at += 16) {
      const bytes = v128.load(at);
      const letters = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)));
      const mask = i8x16.bitmask(v128.or(letters, i8x16.lt_u(bytes, i8x16.splat(32))));
      if (mask) return at + <usize>ctz(mask);
    }
    return at;
  }
  for (; at < to; at++) {
    const byte = <i32>load<u8>(at);
    if (byte == QUOTE || byte == BACKSLASH || byte < 32) return at;
  }
  return at;
}

/** Undoes the escapes between two addresses and pads with spaces; the new end, or 0 when an escape is none of JSON's. */
export function unescape(from: usize, to: usize): usize {
  let read = from;
  let write = from;
  while (read < to) {
    const byte = load<u8>(read++);
    if (byte != BACKSLASH) {
      store<u8>(write++, byte);
      continue;
    }
    const letter = <i32>load<u8>(read++);
    if (letter == 117) {
      let code = hexAt(read, to);
      if (code < 0) return 0;
      read += 4;
      if ((code & 0xfc00) == 0xd800 && read + 6 <= to && load<u16>(read) == 0x755c) {
        const low = hexAt(read + 2, to);
        if (low >= 0 && (low & 0xfc00) == 0xdc00) {
          code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
          read += 6;
        }
      }
      // Half of a surrogate pair is no character.
      if ((code & 0xfffff800) == 0xd800) return 0;
      write = writeCodePoint(write, <u32>code);
    } else {
      const plain = plainOf(letter);
      if (!plain) return 0;
      store<u8>(write++, <u8>plain);
    }
  }
  memory.fill(write, 32, to - write);
  return write;
}

/** What a letter after a backslash stands for; 0 for none. */
function plainOf(letter: i32): i32 {
  if (letter == QUOTE || letter == BACKSLASH || letter == 47) return letter;
  if (letter == 98) return 8;
  if (letter == 102) return 12;
  if (letter == 110) return 10;
  if (letter == 114) return 13;
  return letter == 116 ? 9 : 0;
}

function hexAt(at: usize, to: usize): i32 {
  if (at + 4 > to) return -1;
  let code: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = <i32>load<u8>(at + i);
    const letter = byte | 32;
    if (byte >= 48 && byte <= 57) code = (code << 4) | (byte - 48);
    else if (letter >= 97 && letter <= 102) code = (code << 4) | (letter - 87);
    else return -1;
  }
  return code;
}

function writeCodePoint(at: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(at, <u8>code);
    return at + 1;
  }
  if (code < 0x800) {
    store<u8>(at, <u8>(0xc0 | (code >> 6)));
    store<u8>(at + 1, <u8>(0x80 | (code & 0x3f)));
    return at + 2;
  }
  if (code < 0x10000) {
    store<u8>(at, <u8>(0xe0 | (code >> 12)));
    store<u8>(at + 1, <u8>(0x80 | ((code >> 6) & 0x3f)));
    store<u8>(at + 2, <u8>(0x80 | (code & 0x3f)));
    return at + 3;
  }
  store<u8>(at, <u8>(0xf0 | (code >> 18)));
  store<u8>(at + 1, <u8>(0x80 | ((code >> 12) & 0x3f)));
  store<u8>(at + 2, <u8>(0x80 | ((code >> 6) & 0x3f)));
  store<u8>(at + 3, <u8>(0x80 | (code & 0x3f)));
  return at + 4;
}
