// Where a byte is among 64, as bits.

/** Bit i says whether the byte at `at + i` is the one wanted. */
export function byteMask(at: usize, byte: i32): u64 {
  if (ASC_FEATURE_SIMD) {
    const bytes = i8x16.splat(<i8>byte);
    return maskOf(
      i8x16.eq(v128.load(at), bytes),
      i8x16.eq(v128.load(at, 16), bytes),
      i8x16.eq(v128.load(at, 32), bytes),
      i8x16.eq(v128.load(at, 48), bytes),
    );
  }
  const pattern = <u64>byte * 0x0101010101010101;
  let mask: u64 = 0;
  for (let i: usize = 0; i < 64; i += 8) {
    const x = load<u64>(at + i) ^ pattern;
    const zero = ~(((x & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | x) & 0x8080808080808080;
    mask |= (((zero >> 7) * 0x0102040810204080) >> 56) << i;
  }
  return mask;
}

/** The same of four vectors of comparisons. */
@inline
export function maskOf(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16);
  const high = <u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16);
  return <u64>low | (<u64>high << 32);
}

/** Whether a byte is anywhere between two addresses, or among the 63 after. */
export function hasByte(from: usize, to: usize, byte: i32): bool {
  for (let at = from; at < to; at += 64) if (byteMask(at, byte)) return true;
  return false;
}

/** How often a byte stands between two addresses. */
export function countByte(from: usize, to: usize, byte: i32): u32 {
  let count: u32 = 0;
  for (let at = from; at < to; at += 64) {
    const mask = byteMask(at, byte);
    count += <u32>popcnt(to - at < 64 ? mask & (((<u64>1) << (to - at)) - 1) : mask);
  }
  return count;
}

/** The address of the next of three bytes; `to` or more when there is none before. */
@inline
export function nextByte(from: usize, to: usize, first: i32, second: i32, third: i32): usize {
  let at = from;
  if (ASC_FEATURE_SIMD) {
    for (; at < to; at += 16) {
      const bytes = v128.load(at);
      const either = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>first)), i8x16.eq(bytes, i8x16.splat(<i8>second)));
      const mask = i8x16.bitmask(v128.or(either, i8x16.eq(bytes, i8x16.splat(<i8>third))));
      if (mask) return at + <usize>ctz(mask);
    }
    return at;
  }
  for (; at < to; at++) {
    const byte = <i32>load<u8>(at);
    if (byte == first || byte == second || byte == third) return at;
  }
  return at;
}
