// Values of any size as eight bytes a row, the form in which keys, first values and distinct values are compared.

export function widenBytes(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<u64>(out + (i << 3), load<u8>(values + i));
}

/** Signed integers of 32 bits. */
export function widenInts(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<i64>(out + (i << 3), load<i32>(values + (i << 2)));
}

export function widenCodes(codes: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<u64>(out + (i << 3), load<u32>(codes + (i << 2)));
}

/** The bits of doubles, the same for both zeros and for every NaN. */
export function doubleKeys(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    store<f64>(out + (i << 3), value != value ? NaN : value + 0.0);
  }
}

/** Two codes a row as one key: `first` in the upper half, `second` in the lower. */
export function pairKeys(first: usize, second: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    store<u64>(out + (i << 3), (<u64>load<u32>(first + (i << 2)) << 32) | load<u32>(second + (i << 2)));
  }
}
