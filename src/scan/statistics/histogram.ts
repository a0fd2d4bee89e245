import type { Histogram } from "./column-figures.ts";
import type { CountedValues } from "./counted-values.ts";
import { wordAt } from "./records.ts";

const BINS = 20;

/** Counts between fine edges: bin `i` goes from (first + i) * width to the next. */
export interface FineBins {
  readonly first: number;
  readonly width: number;
  /** Words of 64 bits, the lower half first. */
  readonly counts: Uint32Array;
}

/** Equal bins of values of which each is known with its count; those outside of the range, which are no numbers, are left out. */
export class CountedBins {
  readonly #least: number;
  readonly #greatest: number;
  readonly #edges: readonly number[];
  readonly #bins: Float64Array;

  constructor(least: number, greatest: number) {
    this.#least = least;
    this.#greatest = greatest;
    this.#edges = edgesBetween(least, greatest);
    this.#bins = new Float64Array(this.#edges.length - 1);
  }

  /** `valueAt` gives each of the values. */
  add(counted: CountedValues, valueAt: (index: number) => number, isSorted: boolean): void {
    if (isSorted) return this.#addSorted(counted, valueAt);
    const bins = this.#bins;
    const { counts, size } = counted;
    for (let index = 0; index < size; index++) {
      const bin = this.#binOf(valueAt(index));
      if (bin !== undefined) bins[bin] = (bins[bin] as number) + wordAt(counts, index);
    }
  }

  /** Those of one bin at a time; there may be a million values, and only where a bin ends do they matter. */
  #addSorted(counted: CountedValues, valueAt: (index: number) => number): void {
    const bins = this.#bins;
    for (let from = 0; from < counted.size; ) {
      const bin = this.#binOf(valueAt(from));
      let [to, beyond] = [from + 1, counted.size];
      while (to < beyond) {
        const middle = (to + beyond) >>> 1;
        if (this.#binOf(valueAt(middle)) === bin) to = middle + 1;
        else beyond = middle;
      }
      if (bin !== undefined) bins[bin] = (bins[bin] as number) + counted.sum(from, to);
      from = to;
    }
  }

  #binOf(value: number): number | undefined {
    const [least, greatest] = [this.#least, this.#greatest];
    if (!(value >= least && value <= greatest)) return undefined;
    return least === greatest ? 0 : Math.min(BINS - 1, Math.floor(share(value, least, greatest) * BINS));
  }

  get histogram(): Histogram {
    return { edges: this.#edges, counts: [...this.#bins], exact: true };
  }
}

/** Equal bins out of finer ones; of a fine bin that an edge cuts each side gets its share. */
export function histogramOfBins({ first, width, counts }: FineBins, least: number, greatest: number): Histogram {
  const edges = edgesBetween(least, greatest);
  const sizes = Array.from({ length: counts.length / 2 }, (_, i) => wordAt(counts, i));
  const total = sizes.reduce((sum, count) => sum + count, 0);
  const below = new Array<number>(edges.length).fill(0).with(-1, total);
  let before = 0;
  let edge = 1;
  for (const [i, count] of sizes.entries()) {
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
