import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { Kind } from "../table.ts";
import type { ValueFigures } from "./column-figures.ts";
import { CountedValues } from "./counted-values.ts";
import { DirectCounts, type DirectPart, type EntriesReader, readPart } from "./direct-counts.ts";
import { numberFigures } from "./number-figures.ts";
import { NumberRecords, type NumberRecordsPart } from "./number-records.ts";
import { copyIn, made } from "./records.ts";
import { type OrderPart, Sortedness } from "./sortedness.ts";
import { type CountsPart, MOST_EXACT, ValueCounts } from "./value-counts.ts";

/** What a part of the rows says of a column of numbers, dates or booleans; it can be sent to another thread. */
export interface NumberPart {
  readonly counts: CountsPart;
  readonly direct: DirectPart | undefined;
  readonly order: OrderPart;
  readonly unusual: number;
  /** Undefined while all values are counted exactly, for then it follows from the counts. */
  readonly records: NumberRecordsPart | undefined;
}

/** So many different values first try whether they lie close together. */
const FIRST_TRY = 32;

/**
 * Statistics of values of 8 bytes. While the different values are few, or whole numbers that lie close together, they are
 * counted and nothing else is done; when there are too many, those counts and all later rows go into records of fixed size.
 * Which of it they are is a matter of the values alone, and not of the parts that they come in.
 */
export class NumberStatistics {
  readonly #kernel: Kernel;
  readonly #kind: Kind;
  readonly #maxRows: number;
  readonly #arena: Arena;
  readonly #mostPlaces: number;
  readonly #sortedness: Sortedness;
  /** Room for doubles with one pattern of bits for each value. */
  readonly #bits: number;
  #counts: ValueCounts;
  /** What counts while it is there; then the counts have nothing. */
  #direct: DirectCounts | undefined;
  /** So many different values try again whether they lie close together. */
  #nextTry: number;
  #records: NumberRecords | undefined;
  #unusual = 0;

  /** `mostPlaces` is a power of two: a table of counts may have so many. */
  constructor(kernel: Kernel, kind: Kind, maxRows: number, mostPlaces: number) {
    this.#kernel = kernel;
    this.#kind = kind;
    this.#maxRows = maxRows;
    this.#arena = new Arena(kernel);
    this.#mostPlaces = mostPlaces;
    this.#counts = new ValueCounts(kernel, false);
    this.#nextTry = kind.kind === "double" ? Number.POSITIVE_INFINITY : FIRST_TRY;
    this.#sortedness = new Sortedness(kernel, false);
    this.#bits = kind.kind === "double" ? this.#arena.take(maxRows * 8) : 0;
  }

  /** Adds values that lie one behind the other, of `rows` rows from `firstRow` on, of which some may have none. */
  add(values: number, count: number, firstRow: number, rows: number): void {
    const { orderInts, orderDoubles, plainDoubles } = this.#kernel.calls;
    if (!this.#sortedness.isSettled) {
      const record = this.#sortedness.record(firstRow, rows);
      this.#sortedness.note((this.#bits ? orderDoubles : orderInts)(record, values, count));
    }
    if (this.#bits) this.#unusual += plainDoubles(values, count, this.#bits);
    this.#count(this.#bits || values, 0, count);
  }

  part(): NumberPart {
    return {
      counts: this.#counts.part(this.#arena),
      direct: this.#direct?.part(),
      order: this.#sortedness.part(),
      unusual: this.#unusual,
      records: this.#records?.part(),
    };
  }

  /** Adds a part of other rows, in any order. */
  merge({ counts, direct, order, unusual, records }: NumberPart): void {
    this.#unusual += unusual;
    this.#sortedness.merge(order);
    if (direct) {
      readPart(this.#kernel, this.#arena, direct, (values, weights, count) => this.#count(values, weights, count));
      return;
    }
    if (records) this.#spill();
    const size = counts.values.length;
    const [values, weights] = [this.#arena.take(size * 8 + 8), this.#arena.take(size * 8 + 8)];
    copyIn(this.#kernel, values, counts.values);
    copyIn(this.#kernel, weights, counts.counts);
    if (records) {
      // What is in the part's sketch is in its records too.
      this.#sketch(values, weights, size);
      this.#counts.mergeEstimate(counts, this.#arena);
      this.#records?.merge(records);
    } else this.#count(values, weights, size);
    this.#arena.give(values);
    this.#arena.give(weights);
  }

  figures(): ValueFigures {
    const kernel = this.#kernel;
    const records = this.#records ?? this.#recordsOfCounts(false);
    const figures = numberFigures(this.#kind, records.part(), {
      read: (use) => this.#read((values, counts, size) => use(new CountedValues(kernel, values, counts, size))),
      isSorted: this.#direct !== undefined,
      lost: this.#records && this.#counts.lost,
      distinct: this.#direct?.distinct ?? this.#counts.distinct,
      sortedness: this.#sortedness,
      unusual: this.#unusual,
    });
    if (!this.#records) records.free();
    return figures;
  }

  free(): void {
    this.#records?.free();
    this.#direct?.free();
    this.#counts.free();
    this.#sortedness.free();
    this.#arena.free();
  }

  /** Counts values, each `weights` (u64) times where these are not 0. */
  #count(values: number, weights: number, count: number): void {
    if (this.#direct) return this.#countDirectly(this.#direct, values, weights, count);
    let done = 0;
    if (!this.#records) {
      done = this.#kernel.calls.countValues(this.#counts.table, values, weights, count) >>> 0;
      if (this.#counts.size >= this.#nextTry) this.#tryDirect();
    }
    if (done === count) return;
    const [at, times, some] = [values + done * 8, weights === 0 ? 0 : weights + done * 8, count - done];
    if (this.#direct) return this.#countDirectly(this.#direct, at, times, some);
    this.#spill();
    this.#sketch(at, times, some);
    this.#records?.note(at, times, some);
  }

  #countDirectly(direct: DirectCounts, values: number, weights: number, count: number): void {
    const done = direct.count(values, weights, count);
    if (done === count) return;
    this.#leaveDirect();
    this.#count(values + done * 8, weights === 0 ? 0 : weights + done * 8, count - done);
  }

  /** Goes over to a table, where the values that were counted lie close together. */
  #tryDirect(): void {
    const found = DirectCounts.of(this.#kernel, this.#counts.table, this.#mostPlaces);
    this.#nextTry = found === "never" ? Number.POSITIVE_INFINITY : Math.min(2 * this.#counts.size, MOST_EXACT);
    if (found === undefined || found === "never") return;
    this.#direct = found;
    this.#counts.free();
    this.#counts = new ValueCounts(this.#kernel, false);
  }

  /** Goes back to counts of single values: there came one that lies far away from the others. */
  #leaveDirect(): void {
    const direct = this.#direct;
    this.#direct = undefined;
    this.#nextTry = Number.POSITIVE_INFINITY;
    direct?.read(this.#arena, (values, counts, size) => this.#count(values, counts, size));
    direct?.free();
  }

  #sketch(values: number, weights: number, count: number): void {
    const done = this.#kernel.calls.countValues(this.#counts.table, values, weights, count) >>> 0;
    made(Number(done === count), "a sketch");
  }

  /** Goes over to records of fixed size, which see what was counted so far. */
  #spill(): void {
    if (this.#direct) this.#leaveDirect();
    if (this.#records) return;
    this.#records = this.#recordsOfCounts(true);
    const entries = this.#counts.entries(this.#arena);
    this.#counts.estimate(entries);
    this.#arena.give(entries.values);
    this.#arena.give(entries.counts);
  }

  /** Counts make a histogram of their own as long as all are there. */
  #recordsOfCounts(hasHistogram: boolean): NumberRecords {
    const records = new NumberRecords(this.#kernel, this.#kind, this.#maxRows, this.#arena);
    this.#read((values, counts, size) => records.note(values, counts, size, hasHistogram));
    return records;
  }

  /** Hands out what is counted. */
  #read(use: EntriesReader): void {
    if (this.#direct) return this.#direct.read(this.#arena, use);
    const { values, counts, size } = this.#counts.entries(this.#arena);
    use(values, counts, size);
    this.#arena.give(values);
    this.#arena.give(counts);
  }
}
