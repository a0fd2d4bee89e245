import type { Arena } from "../arena.ts";

/** Kernel memory that the columns of a table use one after another, so that it stays in the processor's cache. */
export class StatisticsRoom {
  readonly maxRows: number;
  readonly arena: Arena;
  /** Values of 8 bytes, codes or offsets of one block's rows. */
  readonly values: number;
  /** One byte a row. */
  readonly valid: number;
  #bytes = 0;
  #capacity = 0;

  constructor(arena: Arena, maxRows: number) {
    this.arena = arena;
    this.maxRows = maxRows;
    this.values = arena.take((maxRows + 1) * 8);
    this.valid = arena.take(maxRows + 1);
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
