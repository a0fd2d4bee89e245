import type { Arena } from "../arena.ts";

/** Places in tables of counts of a thread's columns together, of one byte each, or five where one of a table counts beyond 255; and the fewest and the most of one column. */
const [ALL_PLACES, FEWEST_PLACES, MOST_PLACES] = [2 ** 23, 2 ** 16, 2 ** 20];

/** Kernel memory that the columns of a table use one after another, so that it stays in the processor's cache. */
export class StatisticsRoom {
  readonly maxRows: number;
  readonly arena: Arena;
  /** Values of 8 bytes, codes or offsets of one block's rows. */
  readonly values: number;
  /** One byte a row. */
  readonly valid: number;
  /** Places that a column's table of counts may have, a power of two. */
  readonly places: number;
  #bytes = 0;
  #capacity = 0;

  constructor(arena: Arena, maxRows: number, columns: number) {
    this.arena = arena;
    this.maxRows = maxRows;
    this.values = arena.take((maxRows + 1) * 8);
    this.valid = arena.take(maxRows + 1);
    const share = 2 ** Math.floor(Math.log2(ALL_PLACES / Math.max(1, columns)));
    this.places = Math.min(MOST_PLACES, Math.max(FEWEST_PLACES, share));
  }

  /** Room for the texts of a block. */
  bytes(capacity: number): number {
    if (capacity > this.#capacity) {
      this.arena.give(this.#bytes);
      this.#capacity = 0;
      this.#bytes = this.arena.take(capacity);
      this.#capacity = capacity;
    }
    return this.#bytes;
  }
}
