// Whether bytes are UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.

/** The address of the first byte of the first sequence that is not UTF-8; 0 when all is. */
export function invalidUtf8(from: usize, to: usize): usize {
  let at = from;
  while (true) {
    at = nextWide(at, to);
    if (at >= to) return 0;
    const length = sequenceLength(at, to);
    if (!length) return at;
    at += length;
  }
}

/** The address of the next byte that is not ASCII; `to` or more when there is none before. */
@inline
function nextWide(from: usize, to: usize): usize {
  let at = from;
  if (ASC_FEATURE_SIMD) {
    for (; at < to; at += 16) {
      const mask = i8x16.bitmask(v128.load(at));
      if (mask) return at + <usize>ctz(mask);
    }
    return at;
  }
  for (; at < to; at += 8) {
    const high = load<u64>(at) & 0x8080808080808080;
    if (high) return at + <usize>(ctz(high) >> 3);
  }
  return at;
}

/** Bytes of the well-formed sequence at `at`; 0 when there is none. */
function sequenceLength(at: usize, to: usize): usize {
  const first = <u32>load<u8>(at);
  if (first < 0xc2 || first > 0xf4) return 0;
  const length: usize = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > to) return 0;
  // The second byte rules out overlong forms, surrogates and what lies beyond the last code point.
  const second = <u32>load<u8>(at + 1);
  const least: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const most: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i: usize = 2; i < length; i++) if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  return length;
}
