import type { Histogram } from "./column-figures.ts";

const BINS = 20;

/** Counts between fine edges: bin `i` goes from (first + i) * width to the next. */
export interface FineBins {
  readonly first: number;
  readonly width: number;
  readonly counts: Float64Array;
}

/** Equal bins of values of which each is known with its count; those outside of the range, which are no numbers, are left out. */
export function histogramOfCounts(
  values: Float64Array,
  counts: Float64Array,
  least: number,
  greatest: number,
): Histogram {
  const edges = edgesBetween(least, greatest);
  const bins = new Array<number>(edges.length - 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < least || value > greatest || Number.isNaN(value)) continue;
    const bin = least === greatest ? 0 : Math.min(BINS - 1, Math.floor(share(value, least, greatest) * BINS));
    bins[bin] = (bins[bin] ?? 0) + (counts[i] ?? 0);
  }
  return { edges, counts: bins, exact: true };
}

/** Equal bins out of finer ones; of a fine bin that an edge cuts each side gets its share. */
export function histogramOfBins({ first, width, counts }: FineBins, least: number, greatest: number): Histogram {
  const edges = edgesBetween(least, greatest);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const below = new Array<number>(edges.length).fill(0).with(-1, total);
  let before = 0;
  let edge = 1;
  for (const [i, count] of counts.entries()) {
    // The outermost fine bins are filled from the least and to the greatest value only.
    const [from, to] = [Math.max(least, (first + i) * width), Math.min(greatest, (first + i + 1) * width)];
    for (; edge < BINS && (edges[edge] as number) <= to; edge++) {
      const part = to > from ? ((edges[edge] as number) - from) / (to - from) : 1;
      below[edge] = Math.round(before + count * Math.max(0, part));
    }
    before += count;
  }
  return { edges, counts: below.slice(1).map((sum, i) => sum - (below[i] as number)), exact: false };
}

function edgesBetween(least: number, greatest: number): number[] {
  if (least === greatest) return [least, greatest];
  const range = greatest - least;
  // The difference of two doubles may be infinite.
  const at = (i: number) =>
    Number.isFinite(range) ? least + range * (i / BINS) : least + i * (greatest / BINS - least / BINS);
  return Array.from({ length: BINS + 1 }, (_, i) => (i === BINS ? greatest : at(i)));
}

function share(value: number, least: number, greatest: number): number {
  const range = greatest - least;
  return Number.isFinite(range) ? (value - least) / range : (value / 2 - least / 2) / (greatest / 2 - least / 2);
}
