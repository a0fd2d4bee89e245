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
/** Distances up to here have squares whose sum over a piece fits into 64 bits. */
const NARROW: u64 = 1 << 26;
/** Distances up to here have a sum over a piece that fits into 64 bits. */
const WIDE: u64 = 1 << 52;

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

/** Distances from a value of the piece are small, and keep a constant column's spread at exactly 0. */
function plainInts(summary: Summary, values: usize, rows: u32): void {
  if (<u64>(summary.greatest - summary.least) > NARROW && summary.rows) return wideInts(summary, values, rows);
  const end = values + (rows << 3);
  const base = load<i64>(values);
  let least = base;
  let greatest = base;
  let sum: i64 = 0;
  let squares: i64 = 0;
  for (let at = values; at < end; at += 8) {
    const value = load<i64>(at);
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    const distance = value - base;
    sum += distance;
    squares += distance * distance;
  }
  if (<u64>(greatest - least) > NARROW) return wideInts(summary, values, rows);
  joinInts(summary, base, least, greatest, sum, <f64>squares, rows);
}

/** The same where squares do not fit into 64 bits. */
function wideInts(summary: Summary, values: usize, rows: u32): void {
  const end = values + (rows << 3);
  const base = load<i64>(values);
  let least = base;
  let greatest = base;
  let sum: i64 = 0;
  let squares: f64 = 0;
  for (let at = values; at < end; at += 8) {
    const value = load<i64>(at);
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    const distance = value - base;
    sum += distance;
    squares += <f64>distance * <f64>distance;
  }
  if (<u64>(greatest - least) > WIDE) widestInts(summary, values, rows, least, greatest);
  else joinInts(summary, base, least, greatest, sum, squares, rows);
}

/** The same where distances do not fit into 64 bits. */
function widestInts(summary: Summary, values: usize, rows: u32, least: i64, greatest: i64): void {
  const end = values + (rows << 3);
  let low: u64 = 0;
  let high: i64 = 0;
  let mean: f64 = 0;
  for (let at = values; at < end; at += 8) {
    const value = load<i64>(at);
    low += <u64>value & 0xffffffff;
    high += value >> 32;
    mean += <f64>value / <f64>rows;
  }
  let squares: f64 = 0;
  for (let at = values; at < end; at += 8) {
    const distance = <f64>load<i64>(at) - mean;
    squares += distance * distance;
  }
  summary.least = min(summary.least, least);
  summary.greatest = max(summary.greatest, greatest);
  addHalves(summary, low, high);
  join(summary, <f64>rows, mean, squares);
}

/** Joins a piece whose `sum` and `squares` are of distances from `base`. */
function joinInts(summary: Summary, base: i64, least: i64, greatest: i64, sum: i64, squares: f64, rows: u32): void {
  summary.least = min(summary.least, least);
  summary.greatest = max(summary.greatest, greatest);
  addHalves(summary, (<u64>base & 0xffffffff) * rows, (base >> 32) * <i64>rows);
  addHalves(summary, <u64>sum & 0xffffffff, sum >> 32);
  const shift = <f64>sum / <f64>rows;
  // No value of the piece is further from the mean than its spread, so that this loses no more than three digits.
  join(summary, <f64>rows, <f64>base + shift, max(0, squares - shift * <f64>sum));
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
