import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { Kind } from "../table.ts";
import type { ValueFigures } from "./column-figures.ts";
import { numberFigures } from "./number-figures.ts";
import { NumberRecords, type NumberRecordsPart } from "./number-records.ts";
import { copyIn, made } from "./records.ts";
import { type OrderPart, Sortedness } from "./sortedness.ts";
import { type CountsPart, ValueCounts } from "./value-counts.ts";

/** What a part of the rows says of a column of numbers, dates or booleans; it can be sent to another thread. */
export interface NumberPart {
  readonly counts: CountsPart;
  readonly order: OrderPart;
  readonly unusual: number;
  /** Undefined while all values are counted exactly, for then it follows from the counts. */
  readonly records: NumberRecordsPart | undefined;
}

/**
 * Statistics of values of 8 bytes. While the different values are few they are counted and nothing else is done; when there
 * are too many, those counts and all later rows go into records of fixed size.
 */
export class NumberStatistics {
  readonly #kernel: Kernel;
  readonly #kind: Kind;
  readonly #maxRows: number;
  readonly #arena: Arena;
  readonly #counts: ValueCounts;
  readonly #sortedness: Sortedness;
  /** Room for doubles with one pattern of bits for each value. */
  readonly #bits: number;
  #records: NumberRecords | undefined;
  #unusual = 0;

  constructor(kernel: Kernel, kind: Kind, maxRows: number) {
    this.#kernel = kernel;
    this.#kind = kind;
    this.#maxRows = maxRows;
    this.#arena = new Arena(kernel);
    this.#counts = new ValueCounts(kernel, false);
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
      order: this.#sortedness.part(),
      unusual: this.#unusual,
      records: this.#records?.part(),
    };
  }

  /** Adds a part of other rows, in any order. */
  merge({ counts, order, unusual, records }: NumberPart): void {
    this.#unusual += unusual;
    this.#sortedness.merge(order);
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
    const records = this.#records ?? this.#recordsOfCounts();
    const figures = numberFigures(this.#kind, records.part(), {
      counts: this.#counts.part(this.#arena),
      distinct: this.#counts.distinct,
      sortedness: this.#sortedness,
      unusual: this.#unusual,
    });
    if (!this.#records) records.free();
    return figures;
  }

  free(): void {
    this.#records?.free();
    this.#counts.free();
    this.#sortedness.free();
    this.#arena.free();
  }

  /** Counts values, each `weights` (u64) times where these are not 0. */
  #count(values: number, weights: number, count: number): void {
    let done = 0;
    if (!this.#records) {
      done = this.#kernel.calls.countValues(this.#counts.table, values, weights, count) >>> 0;
      if (done === count) return;
      this.#spill();
    }
    const [at, times, some] = [values + done * 8, weights === 0 ? 0 : weights + done * 8, count - done];
    this.#sketch(at, times, some);
    this.#records?.note(at, times, some);
  }

  #sketch(values: number, weights: number, count: number): void {
    const done = this.#kernel.calls.countValues(this.#counts.table, values, weights, count) >>> 0;
    made(Number(done === count), "a sketch");
  }

  /** Goes over to records of fixed size, which see what was counted so far. */
  #spill(): void {
    if (this.#records) return;
    this.#records = this.#recordsOfCounts();
    const entries = this.#counts.entries(this.#arena);
    this.#counts.estimate(entries);
    this.#arena.give(entries.values);
    this.#arena.give(entries.counts);
  }

  #recordsOfCounts(): NumberRecords {
    const records = new NumberRecords(this.#kernel, this.#kind, this.#maxRows, this.#arena);
    const { values, counts, size } = this.#counts.entries(this.#arena);
    records.note(values, counts, size);
    this.#arena.give(values);
    this.#arena.give(counts);
    return records;
  }
}
