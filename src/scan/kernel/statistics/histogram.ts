// How values are distributed: counts of fine bins whose width is a power of two and whose edges are multiples of it. When a
// value lies outside, bins are joined pairwise until all fit, so the counts are exact and depend on the values alone, not on
// their order nor on how they were split into parts. Equal bins of any range are cut out of the fine ones at the end.
import { alloc } from "../memory";

const BINS: u32 = 2048;
const BIN: u32 = 8;
/** Finer is no use: the width of the least significant bit of whole numbers, and what doubles can be scaled by without overflow. */
const LEAST_INT_WIDTH: i32 = 0;
const LEAST_DOUBLE_WIDTH: i32 = -1000;
const joined: usize = memory.data(2048 * 8);

/** What a histogram knows; its address is the handle that TypeScript holds. Its fields are read there at these places. */
@unmanaged
export class Histogram {
  /** Bins are 2^width wide, and the first begins at first * 2^width. */
  width: i32;
  isUsed: bool;
  first: i64;
  firstDouble: f64;
  least: i64;
  greatest: i64;
  leastDouble: f64;
  greatestDouble: f64;
}

/** Address of a new histogram; its bins (u64) come `histogramHead` bytes later. 0 when there is no memory. */
export function histogramNew(): usize {
  const handle = alloc(histogramHead() + BINS * BIN);
  if (handle) memory.fill(handle, 0, histogramHead() + BINS * BIN);
  return handle;
}

export function histogramHead(): u32 {
  return 64;
}

/** Adds whole numbers (i64) between two bounds (addresses of i64) of theirs, each `weights` (u64) times where these are given. */
export function histogramInts(handle: usize, values: usize, weights: usize, rows: u32, bounds: usize): void {
  if (!rows) return;
  const histogram = changetype<Histogram>(handle);
  coverInts(histogram, load<i64>(bounds), load<i64>(bounds, 8));
  const bins = handle + histogramHead() - (<usize>histogram.first << 3);
  const width = <i64>histogram.width;
  for (let i: u32 = 0; i < rows; i++) {
    const bin = bins + (<usize>(load<i64>(values + (i << 3)) >> width) << 3);
    store<u64>(bin, load<u64>(bin) + (weights ? load<u64>(weights + (i << 3)) : 1));
  }
}

/** The same of finite doubles. */
export function histogramDoubles(handle: usize, values: usize, weights: usize, rows: u32, bounds: usize): void {
  if (!rows) return;
  const histogram = changetype<Histogram>(handle);
  coverDoubles(histogram, load<f64>(bounds), load<f64>(bounds, 8));
  const bins = handle + histogramHead();
  const scale = powerOfTwo(-histogram.width);
  const first = histogram.firstDouble;
  for (let i: u32 = 0; i < rows; i++) {
    const bin = bins + (<usize>(floor(load<f64>(values + (i << 3)) * scale) - first) << 3);
    store<u64>(bin, load<u64>(bin) + (weights ? load<u64>(weights + (i << 3)) : 1));
  }
}

/** Adds another part's histogram of whole numbers. */
export function histogramMergeInts(into: usize, from: usize): void {
  const histogram = changetype<Histogram>(into);
  const part = changetype<Histogram>(from);
  if (!part.isUsed) return;
  coverInts(histogram, part.least, part.greatest);
  // A part's bins may be wider than these would be by the range alone only if its range is.
  const steps = <i64>(histogram.width - part.width);
  for (let i: u32 = 0; i < BINS; i++) {
    const count = load<u64>(from + histogramHead() + i * BIN);
    if (!count) continue;
    const bin = into + histogramHead() + (<usize>(((part.first + i) >> steps) - histogram.first) << 3);
    store<u64>(bin, load<u64>(bin) + count);
  }
}

/** Adds another part's histogram of doubles. */
export function histogramMergeDoubles(into: usize, from: usize): void {
  const histogram = changetype<Histogram>(into);
  const part = changetype<Histogram>(from);
  if (!part.isUsed) return;
  coverDoubles(histogram, part.leastDouble, part.greatestDouble);
  const scale = powerOfTwo(part.width - histogram.width);
  for (let i: u32 = 0; i < BINS; i++) {
    const count = load<u64>(from + histogramHead() + i * BIN);
    if (!count) continue;
    const bin = into + histogramHead() + (<usize>(floor((part.firstDouble + i) * scale) - histogram.firstDouble) << 3);
    store<u64>(bin, load<u64>(bin) + count);
  }
}

function coverInts(histogram: Histogram, least: i64, greatest: i64): void {
  if (histogram.isUsed && least >= histogram.least && greatest <= histogram.greatest) return;
  if (histogram.isUsed) {
    least = min(least, histogram.least);
    greatest = max(greatest, histogram.greatest);
  } else histogram.width = LEAST_INT_WIDTH;
  const before = histogram.width;
  let width = before;
  while (<u64>((greatest >> width) - (least >> width)) >= BINS) width++;
  const first = least >> width;
  if (histogram.isUsed) {
    memory.fill(joined, 0, BINS * BIN);
    for (let i: u32 = 0; i < BINS; i++) {
      const count = load<u64>(binOf(histogram, i));
      if (count) addTo(joined, <u32>(((histogram.first + i) >> (width - before)) - first), count);
    }
    memory.copy(binOf(histogram, 0), joined, BINS * BIN);
  }
  histogram.isUsed = true;
  histogram.width = width;
  histogram.first = first;
  histogram.least = least;
  histogram.greatest = greatest;
}

function coverDoubles(histogram: Histogram, least: f64, greatest: f64): void {
  if (histogram.isUsed && least >= histogram.leastDouble && greatest <= histogram.greatestDouble) return;
  if (histogram.isUsed) {
    least = min(least, histogram.leastDouble);
    greatest = max(greatest, histogram.greatestDouble);
  } else histogram.width = LEAST_DOUBLE_WIDTH;
  const before = histogram.width;
  let width = max(before, exponentOf(max(abs(least), abs(greatest))) - 52);
  while (floor(greatest * powerOfTwo(-width)) - floor(least * powerOfTwo(-width)) >= BINS) width++;
  const first = floor(least * powerOfTwo(-width));
  if (histogram.isUsed) {
    memory.fill(joined, 0, BINS * BIN);
    const scale = powerOfTwo(before - width);
    for (let i: u32 = 0; i < BINS; i++) {
      const count = load<u64>(binOf(histogram, i));
      if (count) addTo(joined, <u32>(floor((histogram.firstDouble + i) * scale) - first), count);
    }
    memory.copy(binOf(histogram, 0), joined, BINS * BIN);
  }
  histogram.isUsed = true;
  histogram.width = width;
  histogram.firstDouble = first;
  histogram.leastDouble = least;
  histogram.greatestDouble = greatest;
}

@inline
function binOf(histogram: Histogram, index: u32): usize {
  return changetype<usize>(histogram) + 64 + index * BIN;
}

@inline
function addTo(bins: usize, index: u32, count: u64): void {
  const bin = bins + index * BIN;
  store<u64>(bin, load<u64>(bin) + count);
}

/** 2^exponent; below the normal numbers the least of them, which brings every scaled value between -1 and 1 as well. */
@inline
function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(max(exponent, -1022) + 1023) << 52);
}

function exponentOf(value: f64): i32 {
  return <i32>((reinterpret<u64>(value) >> 52) & 0x7ff) - 1023;
}
