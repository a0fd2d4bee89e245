// Columns in Arrow's layout as the values that a block of text would have given.

/** Bits, from one of them on, as a byte each; gives how many are 0. */
export function unpackBits(bits: usize, from: i32, rows: i32, out: usize): i32 {
  let ones = 0;
  for (let i: i32 = 0; i < rows; i++) {
    const bit = from + i;
    const flag = (<i32>load<u8>(bits + (bit >> 3)) >> (bit & 7)) & 1;
    store<u8>(out + i, flag);
    ones += flag;
  }
  return rows - ones;
}

/** Whole numbers of 1, 2 or 4 bytes in 8. */
export function widenWholes(values: usize, bytes: i32, isSigned: bool, rows: i32, out: usize): void {
  if (bytes == 1) isSigned ? widen<i8>(values, rows, out) : widen<u8>(values, rows, out);
  else if (bytes == 2) isSigned ? widen<i16>(values, rows, out) : widen<u16>(values, rows, out);
  else isSigned ? widen<i32>(values, rows, out) : widen<u32>(values, rows, out);
}

/** Doubles of 4 bytes in 8. */
export function widenFloats(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<f64>(out + (i << 3), <f64>load<f32>(values + (i << 2)));
}

/** Makes whole numbers the nearest doubles, in place. */
export function wholesToDoubles(values: usize, rows: i32): void {
  for (let i: i32 = 0; i < rows; i++) store<f64>(values + (i << 3), <f64>load<i64>(values + (i << 3)));
}

/** Whole numbers of 128 bits in 64; false where one that is not missing has more. */
export function narrowWholes(values: usize, valid: usize, rows: i32, out: usize): bool {
  let lost: u64 = 0;
  for (let i: i32 = 0; i < rows; i++) {
    const low = load<i64>(values + (i << 4));
    lost |= <u64>((low >> 63) ^ load<i64>(values + (i << 4), 8)) * <u64>load<u8>(valid + i);
    store<i64>(out + (i << 3), low);
  }
  return lost == 0;
}

/** Multiplies whole numbers in place; false where a product has more than 64 bits. */
export function multiplyWholes(values: usize, factor: i32, rows: i32): bool {
  const most = i64.MAX_VALUE / factor;
  let isWhole = true;
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    isWhole = isWhole && value <= most && value >= -most;
    store<i64>(values + (i << 3), value * factor);
  }
  return isWhole;
}

/** Divides whole numbers in place, rounding down. */
export function divideWholes(values: usize, divisor: i32, rows: i32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    const quotient = value / divisor;
    store<i64>(values + (i << 3), quotient - i64(quotient * divisor > value));
  }
}

/** Whether the highest bit of any word is set: a whole number or a double below 0. */
export function hasSign(values: usize, rows: i32): bool {
  let bits: u64 = 0;
  for (let i: i32 = 0; i < rows; i++) bits |= load<u64>(values + (i << 3));
  return bits >> 63 != 0;
}

/** Makes missing values, of 1, 4 or 8 bytes, 0. */
export function clearMissing(values: usize, bytes: i32, valid: usize, rows: i32): void {
  if (bytes == 8) clear<u64>(values, valid, rows);
  else if (bytes == 4) clear<u32>(values, valid, rows);
  else clear<u8>(values, valid, rows);
}

@inline
function widen<T>(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    store<i64>(out + (i << 3), <i64>load<T>(values));
    values += sizeof<T>();
  }
}

@inline
function clear<T>(values: usize, valid: usize, rows: i32): void {
  for (let i: i32 = 0; i < rows; i++) {
    store<T>(values, <T>(load<T>(values) * <T>load<u8>(valid + i)));
    values += sizeof<T>();
  }
}
