// Range, sum and spread of the values of one column, from rows or from different values with their counts. Sums of whole
// numbers are exact; the spread is Welford's, of pieces that stay in the cache, joined as Chan does.

/** What is known of a column's numbers; its address is the handle that TypeScript holds. Its fields are read there at these places. */
@unmanaged
export class Summary {
  /** Values; finite ones of doubles. */
  rows: f64;
  /** Of whole numbers. */
  least: i64;
  greatest: i64;
  /** The exact sum is high * 2^32 + low. */
  low: u64;
  high: i64;
  /** Of doubles. */
  leastDouble: f64;
  greatestDouble: f64;
  mean: f64;
  /** Sum of squared distances from the mean. */
  squares: f64;
}

const PIECE: u32 = 1024;

/** Begins a summary in memory of `summaryBytes`. */
export function summaryStart(handle: usize): void {
  const summary = changetype<Summary>(handle);
  memory.fill(handle, 0, offsetof<Summary>());
  summary.least = i64.MAX_VALUE;
  summary.greatest = i64.MIN_VALUE;
  summary.leastDouble = Infinity;
  summary.greatestDouble = -Infinity;
}

export function summaryBytes(): u32 {
  return offsetof<Summary>();
}

/** Notes whole numbers (i64), each `weights` (u64) times where these are given. */
export function summarizeInts(handle: usize, values: usize, weights: usize, rows: u32): void {
  const summary = changetype<Summary>(handle);
  for (let from: u32 = 0; from < rows; from += PIECE) {
    const count = min(PIECE, rows - from);
    if (weights) weightedInts(summary, values + (from << 3), weights + (from << 3), count);
    else plainInts(summary, values + (from << 3), count);
  }
}

/** Notes finite doubles, each `weights` (u64) times where these are given. */
export function summarizeDoubles(handle: usize, values: usize, weights: usize, rows: u32): void {
  const summary = changetype<Summary>(handle);
  for (let from: u32 = 0; from < rows; from += PIECE) {
    const count = min(PIECE, rows - from);
    doubles(summary, values + (from << 3), weights ? weights + (from << 3) : 0, count);
  }
}

/** Joins another part's summary. */
export function summaryMerge(into: usize, other: usize): void {
  const summary = changetype<Summary>(into);
  const part = changetype<Summary>(other);
  summary.least = min(summary.least, part.least);
  summary.greatest = max(summary.greatest, part.greatest);
  summary.leastDouble = min(summary.leastDouble, part.leastDouble);
  summary.greatestDouble = max(summary.greatestDouble, part.greatestDouble);
  addHalves(summary, part.low, part.high);
  join(summary, part.rows, part.mean, part.squares);
}

function plainInts(summary: Summary, values: usize, rows: u32): void {
  const end = values + (rows << 3);
  let least = summary.least;
  let greatest = summary.greatest;
  let low: u64 = 0;
  let high: i64 = 0;
  for (let at = values; at < end; at += 8) {
    const value = load<i64>(at);
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    low += <u64>value & 0xffffffff;
    high += value >> 32;
  }
  summary.least = least;
  summary.greatest = greatest;
  addHalves(summary, low, high);
  // Distances from a value of the piece keep a constant column's spread at exactly 0.
  const base = load<i64>(values);
  let sum: f64 = 0;
  for (let at = values; at < end; at += 8) sum += <f64>load<i64>(at) - <f64>base;
  const shift = sum / <f64>rows;
  let squares: f64 = 0;
  for (let at = values; at < end; at += 8) {
    const distance = <f64>load<i64>(at) - <f64>base - shift;
    squares += distance * distance;
  }
  join(summary, <f64>rows, <f64>base + shift, squares);
}

function weightedInts(summary: Summary, values: usize, weights: usize, rows: u32): void {
  const base = <f64>load<i64>(values);
  let count: f64 = 0;
  let sum: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    const times = load<u64>(weights + (i << 3));
    summary.least = min(summary.least, value);
    summary.greatest = max(summary.greatest, value);
    addHalves(summary, (<u64>value & 0xffffffff) * times, (value >> 32) * <i64>times);
    count += <f64>times;
    sum += (<f64>value - base) * <f64>times;
  }
  const shift = sum / count;
  let squares: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const distance = <f64>load<i64>(values + (i << 3)) - base - shift;
    squares += distance * distance * <f64>load<u64>(weights + (i << 3));
  }
  join(summary, count, base + shift, squares);
}

function doubles(summary: Summary, values: usize, weights: usize, rows: u32): void {
  const base = load<f64>(values);
  let least = summary.leastDouble;
  let greatest = summary.greatestDouble;
  let count: f64 = 0;
  let sum: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    const times = weights ? <f64>load<u64>(weights + (i << 3)) : 1;
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    count += times;
    sum += (value - base) * times;
  }
  summary.leastDouble = least;
  summary.greatestDouble = greatest;
  const shift = sum / count;
  let squares: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const distance = load<f64>(values + (i << 3)) - base - shift;
    squares += distance * distance * (weights ? <f64>load<u64>(weights + (i << 3)) : 1);
  }
  join(summary, count, base + shift, squares);
}

/** Keeps the lower half below 2^32, so that no sum of a file's rows wraps. */
// @ts-ignore: decorator
@inline
function addHalves(summary: Summary, low: u64, high: i64): void {
  const sum = summary.low + low;
  summary.low = sum & 0xffffffff;
  summary.high += high + <i64>(sum >> 32);
}

function join(summary: Summary, rows: f64, mean: f64, squares: f64): void {
  if (rows == 0) return;
  const all = summary.rows + rows;
  const distance = mean - summary.mean;
  if (summary.rows == 0) summary.mean = mean;
  else if (distance != 0) summary.mean += (distance * rows) / all;
  summary.squares += squares + (distance * distance * summary.rows * rows) / all;
  summary.rows = all;
}
