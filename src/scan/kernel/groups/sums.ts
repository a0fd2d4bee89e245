// Counts and sums into the records of the rows' groups. A null row's value is 0 and changes no sum.

/** Counts rows. */
export function addRows(recs: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<u64>(state, load<u64>(state) + 1);
  }
}

/** Counts rows and adds integers in one loop, for a record that is not in the cache is fetched once. */
export function addRowsAndInts(recs: usize, values: usize, rows: i32, rowsAt: u32, sumAt: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const record: usize = load<u32>(recs + (i << 2));
    store<u64>(record + rowsAt, load<u64>(record + rowsAt) + 1);
    store<i64>(record + sumAt, load<i64>(record + sumAt) + load<i64>(values + (i << 3)));
  }
}

/** Counts null rows. */
export function addNulls(recs: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<u64>(state, load<u64>(state) + (load<u8>(valid + i) ^ 1));
  }
}

/** Adds integers of 64 bits: values, or counts of partial results. Whoever calls knows that no sum leaves 64 bits. */
export function sumInts(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<i64>(state, load<i64>(state) + load<i64>(values + (i << 3)));
  }
}

/** Adds integers of 64 bits into 128: the lower word, then the upper. */
export function sumWide(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    addWide(<usize>load<u32>(recs + (i << 2)) + at, <u64>value, <u64>(value >> 63));
  }
}

/** Adds sums of 128 bits. */
export function mergeWide(recs: usize, lows: usize, highs: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    addWide(<usize>load<u32>(recs + (i << 2)) + at, load<u64>(lows + (i << 3)), load<u64>(highs + (i << 3)));
  }
}

/** Adds doubles; state: the sum, then what rounding took from it (Neumaier's compensation, by Knuth's sum without branches). */
export function sumDoubles(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    addDouble(<usize>load<u32>(recs + (i << 2)) + at, load<f64>(values + (i << 3)), 0);
  }
}

/** Adds compensated sums. */
export function mergeDoubles(recs: usize, sums: usize, rests: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    addDouble(state, load<f64>(sums + (i << 3)), load<f64>(rests + (i << 3)));
  }
}

/** Counts rows and adds doubles in one loop, as `addRowsAndInts` does. */
export function addRowsAndDoubles(recs: usize, values: usize, rows: i32, rowsAt: u32, sumAt: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const record: usize = load<u32>(recs + (i << 2));
    store<u64>(record + rowsAt, load<u64>(record + rowsAt) + 1);
    addDouble(record + sumAt, load<f64>(values + (i << 3)), 0);
  }
}

/** Adds doubles and their sizes: what cancels out in a sum is seen from the sum of sizes, a third word. */
export function sumSizedDoubles(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    addSized(<usize>load<u32>(recs + (i << 2)) + at, value, 0, Math.abs(value));
  }
}

export function mergeSizedDoubles(recs: usize, sums: usize, rests: usize, sizes: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const row = i << 3;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    addSized(state, load<f64>(sums + row), load<f64>(rests + row), load<f64>(sizes + row));
  }
}

/** Counts values that are not 0: what any and all are made of, and the sum of booleans. NaN is not 0. */
export function countTrueInts(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<u64>(state, load<u64>(state) + <u64>(load<i64>(values + (i << 3)) != 0));
  }
}

export function countTrueDoubles(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    store<u64>(state, load<u64>(state) + <u64>(load<f64>(values + (i << 3)) != 0));
  }
}

/** A number that no value's magnitude exceeds, from the bits that any of them uses. */
export function magnitude(values: usize, rows: i32): f64 {
  let bits: u64 = 0;
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    bits |= <u64>(value ^ (value >> 63));
  }
  // A negative number's bits are those of the number above it.
  return <f64>bits + 1;
}

@inline
export function addWide(state: usize, low: u64, high: u64): void {
  const sum = load<u64>(state) + low;
  store<u64>(state, sum);
  store<u64>(state, load<u64>(state, 8) + high + <u64>(sum < low), 8);
}

@inline
function addSized(state: usize, value: f64, rest: f64, size: f64): void {
  addDouble(state, value, rest);
  store<f64>(state, load<f64>(state, 16) + size, 16);
}

@inline
function addDouble(state: usize, value: f64, rest: f64): void {
  const sum = load<f64>(state);
  const next = sum + value;
  const part = next - sum;
  store<f64>(state, next);
  store<f64>(state, load<f64>(state, 8) + (sum - (next - part) + (value - part)) + rest, 8);
}
