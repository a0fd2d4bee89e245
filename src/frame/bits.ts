/** Validity as Arrow has it: one bit a row, least significant first, 1 where there is a value. */
export type Bits = Uint8Array;

export function isSet(bits: Bits, i: number): boolean {
  return (((bits[i >> 3] as number) >> (i & 7)) & 1) === 1;
}

/** Bits from a test of each row; undefined when every row passes. */
export function bitsWhere(length: number, test: (i: number) => boolean): Bits | undefined {
  const bits = new Uint8Array((length + 7) >> 3);
  let all = true;
  for (let i = 0; i < length; i++) {
    if (test(i)) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
    else all = false;
  }
  return all ? undefined : bits;
}

/** One byte a row, 0 or 1, from bits that start anywhere. */
export function unpack(bits: Bits, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = ((bits[(offset + i) >> 3] as number) >> ((offset + i) & 7)) & 1;
  return bytes;
}

/** Bits of a stretch of rows; undefined when all of them are set. */
export function sliceBits(bits: Bits | undefined, from: number, length: number): Bits | undefined {
  return bits && bitsWhere(length, (i) => isSet(bits, from + i));
}

/** How many of the first `length` bits are not set. */
export function countUnset(bits: Bits | undefined, length: number): number {
  if (!bits) return 0;
  let unset = 0;
  for (let i = 0; i < length; i++) if (!isSet(bits, i)) unset++;
  return unset;
}
