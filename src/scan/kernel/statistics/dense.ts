// Values one behind the other, whatever their column's kind: without those of null rows, 64 bits wide, and of doubles the
// finite ones apart.

/** Copies the values (8 bytes) of the rows that have one. Gives how many. */
export function denseValues(values: usize, valid: usize, rows: u32, out: usize): u32 {
  let to = out;
  for (let row: u32 = 0; row < rows; row++) {
    store<u64>(to, load<u64>(values + (row << 3)));
    to += <usize>load<u8>(valid + row) << 3;
  }
  return <u32>(to - out) >> 3;
}

/** The same of days (i32) and, for `bytes` 1, of booleans. `valid` may be 0. */
export function denseNarrow(values: usize, bytes: u32, valid: usize, rows: u32, out: usize): u32 {
  let to = out;
  for (let row: u32 = 0; row < rows; row++) {
    store<i64>(to, bytes == 4 ? <i64>load<i32>(values + (row << 2)) : <i64>load<u8>(values + row));
    to += valid ? <usize>load<u8>(valid + row) << 3 : 8;
  }
  return <u32>(to - out) >> 3;
}

/** The same of codes (u32). */
export function denseCodes(codes: usize, valid: usize, rows: u32, out: usize): u32 {
  let to = out;
  for (let row: u32 = 0; row < rows; row++) {
    store<u32>(to, load<u32>(codes + (row << 2)));
    to += <usize>load<u8>(valid + row) << 2;
  }
  return <u32>(to - out) >> 2;
}

/** Leaves out the texts of null rows, which are empty, in place. Gives how many are left. */
export function denseTexts(offsets: usize, valid: usize, rows: u32): u32 {
  let to = offsets;
  for (let row: u32 = 0; row < rows; row++) {
    store<u32>(to, load<u32>(offsets + (row << 2)));
    to += <usize>load<u8>(valid + row) << 2;
  }
  store<u32>(to, load<u32>(offsets + (rows << 2)));
  return <u32>(to - offsets) >> 2;
}

/** Copies the doubles that are finite, and their weights (u64) where these are given. Gives how many. */
export function finiteDoubles(values: usize, weights: usize, rows: u32, out: usize, outWeights: usize): u32 {
  let to = out;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(values + (row << 3));
    store<f64>(to, value);
    if (weights) store<u64>(outWeights + (to - out), load<u64>(weights + (row << 3)));
    to += <usize>(value - value == 0) << 3;
  }
  return <u32>(to - out) >> 3;
}

/** Doubles with one pattern of bits for each value: 0 for -0 too, one NaN. Gives how many were not finite or -0. */
export function plainDoubles(values: usize, rows: u32, out: usize): u32 {
  let unusual: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(values + (row << 3));
    const bits = reinterpret<u64>(value);
    unusual += <u32>(value - value != 0 || bits == 0x8000000000000000);
    store<u64>(out + (row << 3), value == 0 ? 0 : value == value ? bits : 0x7ff8000000000000);
  }
  return unusual;
}

/** How often each code (u32) comes, added to counts (u64) that hold all codes. */
export function countCodes(codes: usize, rows: u32, counts: usize): void {
  const end = codes + (rows << 2);
  for (; codes < end; codes += 4) {
    const at = counts + (<usize>load<u32>(codes) << 3);
    store<u64>(at, load<u64>(at) + 1);
  }
}
