// What variances are made of. Of integers the sum of squares, exact in 192 bits, so that neither order nor parts show; of
// doubles Welford's count, mean and sum of squared deviations.

/** Adds the squares of integers; state: three words, the lowest first. */
export function sumSquares(recs: usize, values: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    const size = <u64>(value < 0 ? -value : value);
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    if (size >> 32 == 0) {
      addSquare(state, size * size, 0, 0);
      continue;
    }
    const low = size & 0xffffffff;
    const high = size >> 32;
    const cross = low * high;
    const lower = low * low + (cross << 33);
    addSquare(state, lower, high * high + (cross >> 31) + <u64>(lower < cross << 33), 0);
  }
}

/** Adds sums of squares, given by their words. */
export function mergeSquares(recs: usize, lows: usize, middles: usize, highs: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const row = i << 3;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    addSquare(state, load<u64>(lows + row), load<u64>(middles + row), load<u64>(highs + row));
  }
}

/** Adds doubles; state: count, mean, sum of squared deviations. What is not finite leaves NaN. */
export function addMoments(recs: usize, values: usize, valid: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const value = load<f64>(values + (i << 3));
    const count = load<f64>(state) + 1;
    const mean = load<f64>(state, 8);
    const away = value - mean;
    const next = mean + away / count;
    store<f64>(state, count);
    store<f64>(state, next, 8);
    store<f64>(state, load<f64>(state, 16) + away * (value - next), 16);
  }
}

/** Joins counts, means and sums of squared deviations (Chan, Golub and LeVeque). */
export function mergeMoments(recs: usize, counts: usize, means: usize, squares: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const more = load<f64>(counts + (i << 3));
    if (more == 0) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const have = load<f64>(state);
    const count = have + more;
    const mean = load<f64>(state, 8);
    const away = load<f64>(means + (i << 3)) - mean;
    const between = have == 0 ? 0 : away * away * ((have * more) / count);
    store<f64>(state, count);
    store<f64>(state, have == 0 ? mean + away : mean + away * (more / count), 8);
    store<f64>(state, load<f64>(state, 16) + load<f64>(squares + (i << 3)) + between, 16);
  }
}

@inline
function addSquare(state: usize, low: u64, middle: u64, high: u64): void {
  const first = load<u64>(state) + low;
  const carried = middle + <u64>(first < low);
  const second = load<u64>(state, 8) + carried;
  store<u64>(state, first);
  store<u64>(state, second, 8);
  // A sum of squares and a carry stay below 2^64 in the middle word.
  if (second < carried || high) store<u64>(state, load<u64>(state, 16) + high + <u64>(second < carried), 16);
}
