import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { copyIn, copyOut, copyWords, made } from "./records.ts";

/** Up to so many different values are counted exactly. */
export const MOST_EXACT = 65_536;
/** 2^14 registers: one standard deviation of the estimate is 0.8 %. */
const PRECISION = 14;
const REGISTERS = 2 ** PRECISION;

/** Different values, or hashes of texts, and how often each comes. */
export interface CountsPart {
  readonly values: BigUint64Array<ArrayBuffer>;
  readonly counts: BigUint64Array<ArrayBuffer>;
  /** How much the counts may be too small. */
  readonly lost: number;
  /** Of HyperLogLog; undefined while all values are counted exactly. */
  readonly registers: Uint8Array<ArrayBuffer> | undefined;
  /** Texts behind the hashes, where they came more than once: length (u32) and bytes at each place but 0. */
  readonly places?: Uint32Array<ArrayBuffer> | undefined;
  readonly texts?: Uint8Array<ArrayBuffer> | undefined;
}

/** Entries of a table in kernel memory. */
export interface Entries {
  readonly values: number;
  readonly counts: number;
  readonly size: number;
}

/**
 * How often values come, in bounded memory: exactly while there are few, and then those that come most often with an
 * estimate of how many there are.
 */
export class ValueCounts {
  readonly #kernel: Kernel;
  readonly #isText: boolean;
  readonly table: number;
  #registers = 0;

  constructor(kernel: Kernel, isText: boolean) {
    const { textCountsNew, countsNew } = kernel.calls;
    this.#kernel = kernel;
    this.#isText = isText;
    this.table = made(isText ? textCountsNew(MOST_EXACT) : countsNew(MOST_EXACT), "counts");
  }

  get isExact(): boolean {
    return this.#registers === 0;
  }

  /** Entries that are counted one by one. */
  get size(): number {
    return this.#kernel.calls.countsSize(this.table) >>> 0;
  }

  /** How much the counts may be too small. */
  get lost(): number {
    return this.#kernel.calls.countsLost(this.table);
  }

  get distinct(): number {
    const { hllEstimate } = this.#kernel.calls;
    return this.isExact ? this.size : Math.round(hllEstimate(this.#registers, PRECISION));
  }

  /** The present entries, in memory of `arena`. */
  entries(arena: Arena): Entries {
    const { countsExport } = this.#kernel.calls;
    const { size } = this;
    const [values, counts] = [arena.take(size * 8 + 8), arena.take(size * 8 + 8)];
    countsExport(this.table, values, counts);
    return { values, counts, size };
  }

  /** Goes over to an estimate, which sees the present entries. */
  estimate({ values, size }: Entries): void {
    const { alloc, hllHashes, hllValues, countsEstimate, countsSketch } = this.#kernel.calls;
    const registers = made(alloc(REGISTERS), "an estimate");
    this.#kernel.bytes.fill(0, registers, registers + REGISTERS);
    this.#registers = registers;
    if (this.#isText) hllHashes(registers, PRECISION, values, size);
    else hllValues(registers, PRECISION, values, size);
    countsEstimate(this.table, registers, PRECISION);
    made(Number(countsSketch(this.table)), "a sketch");
  }

  /** Counts texts: `count` + 1 offsets (u32) of bytes, each `weights` (u64) times where these are not 0. */
  countTexts(offsets: number, bytes: number, weights: number, count: number, arena: Arena): void {
    const from = (row: number) => (weights === 0 ? 0 : weights + row * 8);
    this.#countAll(count, arena, (row) =>
      this.#kernel.calls.countTexts(this.table, offsets + row * 4, bytes, from(row), count - row),
    );
  }

  /** Adds another part's counts of texts. */
  mergeTexts(part: CountsPart, arena: Arena): void {
    if (part.registers && this.isExact) this.#estimateNow(arena);
    const { values, counts, places, texts } = part;
    const [hashes, times, at, area] = [values, counts, places, texts].map((array) => {
      const block = arena.take((array?.byteLength ?? 0) + 8);
      if (array) copyIn(this.#kernel, block, array);
      return block;
    }) as [number, number, number, number];
    const size = values.length;
    this.#countAll(size, arena, (row) =>
      this.#kernel.calls.countHashes(this.table, hashes + row * 8, times + row * 8, at + row * 4, area, size - row),
    );
    for (const block of [hashes, times, at, area]) arena.give(block);
    this.mergeEstimate(part, arena);
  }

  /** Adds what another part estimated and lost; its entries are counted like rows. */
  mergeEstimate({ registers, lost }: CountsPart, arena: Arena): void {
    if (!registers) return;
    const { hllMerge, countsAddLost } = this.#kernel.calls;
    const from = arena.take(REGISTERS);
    copyIn(this.#kernel, from, registers);
    hllMerge(this.#registers, from, PRECISION);
    countsAddLost(this.table, lost);
    arena.give(from);
  }

  part(arena: Arena): CountsPart {
    const kernel = this.#kernel;
    const { values, counts, size } = this.entries(arena);
    const part: CountsPart = {
      values: copyWords(kernel, values, size),
      counts: copyWords(kernel, counts, size),
      lost: this.lost,
      registers: this.isExact ? undefined : copyOut(kernel, this.#registers, REGISTERS),
      ...(this.#isText ? this.#texts(arena, size) : {}),
    };
    arena.give(values);
    arena.give(counts);
    return part;
  }

  free(): void {
    this.#kernel.calls.countsFree(this.table);
    this.#kernel.calls.free(this.#registers);
  }

  /** `countFrom` gives how many were counted from a row on; where the table is full it becomes an estimate. */
  #countAll(count: number, arena: Arena, countFrom: (row: number) => number): void {
    let done = countFrom(0) >>> 0;
    if (done === count) return;
    if (this.isExact) this.#estimateNow(arena);
    done += countFrom(done) >>> 0;
    made(Number(done === count), "a sketch");
  }

  #estimateNow(arena: Arena): void {
    const entries = this.entries(arena);
    this.estimate(entries);
    arena.give(entries.values);
    arena.give(entries.counts);
  }

  #texts(arena: Arena, size: number): Pick<CountsPart, "places" | "texts"> {
    const { textCountsExport, textCountsArea } = this.#kernel.calls;
    const places = arena.take(size * 4 + 4);
    const area = textCountsExport(this.table, places) >>> 0;
    const copied = new Uint32Array(copyOut(this.#kernel, places, size * 4).buffer);
    arena.give(places);
    return { places: copied, texts: copyOut(this.#kernel, area, textCountsArea(this.table) >>> 0) };
  }
}
