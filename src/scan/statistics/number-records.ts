import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { Kind } from "../table.ts";
import { copyIn, copyOut, made } from "./records.ts";

/** What the kernel's records hold, as bytes. */
export interface NumberRecordsPart {
  readonly summary: Uint8Array<ArrayBuffer>;
  readonly histogram: Uint8Array<ArrayBuffer>;
  readonly narrow: Uint8Array<ArrayBuffer>;
}

/** Where the kernel's summary holds the least value; the greatest follows. */
const [LEAST_INT, LEAST_DOUBLE] = [8, 40];
const FINE_BINS = 2048;

/** Range, sum, spread, distribution and float32 of values of 8 bytes, in memory of fixed size. */
export class NumberRecords {
  readonly #kernel: Kernel;
  readonly #kind: Kind;
  readonly #maxRows: number;
  readonly #arena: Arena;
  readonly #summary: number;
  readonly #histogram: number;
  readonly #narrow: number;
  /** Room for finite doubles and for their weights. */
  readonly #finite: number;

  constructor(kernel: Kernel, kind: Kind, maxRows: number, arena: Arena) {
    const { summaryBytes, summaryStart, float32Bytes, histogramNew } = kernel.calls;
    this.#kernel = kernel;
    this.#kind = kind;
    this.#maxRows = maxRows;
    this.#arena = arena;
    this.#summary = arena.take(summaryBytes());
    summaryStart(this.#summary);
    this.#narrow = arena.take(float32Bytes());
    kernel.bytes.fill(0, this.#narrow, this.#narrow + float32Bytes());
    this.#finite = kind.kind === "double" ? arena.take(maxRows * 16) : 0;
    this.#histogram = made(histogramNew(), "a histogram");
  }

  /** Notes values, each `weights` (u64) times where these are not 0. */
  note(values: number, weights: number, count: number, hasHistogram = true): void {
    for (let from = 0; from < count; from += this.#maxRows) {
      const some = Math.min(this.#maxRows, count - from);
      const [at, times] = [values + from * 8, weights === 0 ? 0 : weights + from * 8];
      if (this.#kind.kind === "double") this.#noteDoubles(at, times, some, hasHistogram);
      else this.#noteInts(at, times, some, hasHistogram);
    }
  }

  part(): NumberRecordsPart {
    const { summaryBytes, float32Bytes } = this.#kernel.calls;
    return {
      summary: copyOut(this.#kernel, this.#summary, summaryBytes()),
      histogram: copyOut(this.#kernel, this.#histogram, this.#histogramBytes),
      narrow: copyOut(this.#kernel, this.#narrow, float32Bytes()),
    };
  }

  merge(part: NumberRecordsPart): void {
    const { summaryMerge, histogramMergeInts, histogramMergeDoubles, float32Merge } = this.#kernel.calls;
    const from = this.#arena.take(this.#histogramBytes);
    copyIn(this.#kernel, from, part.summary);
    summaryMerge(this.#summary, from);
    copyIn(this.#kernel, from, part.narrow);
    float32Merge(this.#narrow, from);
    copyIn(this.#kernel, from, part.histogram);
    const merge = this.#kind.kind === "double" ? histogramMergeDoubles : histogramMergeInts;
    merge(this.#histogram, from);
    this.#arena.give(from);
  }

  free(): void {
    for (const block of [this.#summary, this.#narrow, this.#finite]) this.#arena.give(block);
    this.#kernel.calls.free(this.#histogram);
  }

  #noteInts(values: number, weights: number, count: number, hasHistogram: boolean): void {
    const { summarizeInts, histogramInts, float32Decimals } = this.#kernel.calls;
    summarizeInts(this.#summary, values, weights, count);
    if (hasHistogram) histogramInts(this.#histogram, values, weights, count, this.#summary + LEAST_INT);
    if (this.#kind.kind === "decimal") float32Decimals(this.#narrow, values, this.#kind.scale, weights, count);
  }

  #noteDoubles(values: number, weights: number, count: number, hasHistogram: boolean): void {
    const { finiteDoubles, summarizeDoubles, histogramDoubles, float32Doubles } = this.#kernel.calls;
    float32Doubles(this.#narrow, values, weights, count);
    const finite = this.#finite;
    const times = weights === 0 ? 0 : finite + this.#maxRows * 8;
    const some = finiteDoubles(values, weights, count, finite, times);
    summarizeDoubles(this.#summary, finite, times, some);
    if (hasHistogram) histogramDoubles(this.#histogram, finite, times, some, this.#summary + LEAST_DOUBLE);
  }

  get #histogramBytes(): number {
    return this.#kernel.calls.histogramHead() + FINE_BINS * 8;
  }
}
