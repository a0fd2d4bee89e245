// Least and greatest values. A state begins as the value that every other one replaces; whether a group has a value at
// all is known from its counts. NaN is greater than every number.

/** State before the first value: the greatest integer. */
export function minInts(recs: usize, values: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const value = load<i64>(values + (i << 3));
    if (value < load<i64>(state) && (!valid || load<u8>(valid + i))) store<i64>(state, value);
  }
}

/** State before the first value: the least integer. */
export function maxInts(recs: usize, values: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const value = load<i64>(values + (i << 3));
    if (value > load<i64>(state) && (!valid || load<u8>(valid + i))) store<i64>(state, value);
  }
}

/** State before the first value: NaN, which is what the least of nothing but NaN is too. */
export function minDoubles(recs: usize, values: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const value = load<f64>(values + (i << 3));
    const least = load<f64>(state);
    // The instruction puts -0 before 0, so that the order of rows does not show.
    store<f64>(state, least != least ? value : value != value ? least : min(value, least));
  }
}

/** State before the first value: -Infinity. */
export function maxDoubles(recs: usize, values: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<f64>(state, max(load<f64>(state), load<f64>(values + (i << 3))));
  }
}
