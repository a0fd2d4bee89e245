import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { Kind } from "../table.ts";

/**
 * One column's values for a block of rows, in the kernel's memory and in few forms: whole numbers (integers, decimals at
 * their scale, booleans, days, microseconds) in 64 bits, doubles, or codes of texts in 32 bits.
 */
export class Lane {
  readonly type: Kind;
  /** Handle of the texts' dictionary; 0 for other columns. */
  readonly dictionary: number;
  /** Address of the values. */
  values = 0;
  /** Address of a byte a row, 0 where the value is missing; 0 when none is. A missing value is 0. */
  valid = 0;
  /** Missing values in the block, when they were counted. */
  nulls = 0;
  rows = 0;
  #words = 0;
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #maxRows: number;
  #scratch = 0;

  constructor(kernel: Kernel, arena: Arena, type: Kind, dictionary: number, maxRows: number) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.type = type;
    this.dictionary = dictionary;
    this.#maxRows = maxRows;
  }

  /** Values as the text is read: a byte for a boolean, 32 bits for a day. */
  read(values: number, valid: number, nulls: number, rows: number): void {
    this.set(values, valid, nulls, rows);
    if (this.type.kind === "bool") this.#kernel.calls.widenBytes(values, rows, this.#room());
    else if (this.type.kind === "date") this.#kernel.calls.widenInts(values, rows, this.#room());
    else return;
    this.values = this.#room();
  }

  /** Values in the form that they have here. */
  set(values: number, valid: number, nulls: number, rows: number): void {
    this.values = values;
    this.valid = nulls > 0 ? valid : 0;
    this.nulls = nulls;
    this.rows = rows;
    this.#words = 0;
  }

  /** Address of eight bytes a row that are equal for equal values. */
  get words(): number {
    if (this.#words === 0) this.#words = this.#makeWords();
    return this.#words;
  }

  #makeWords(): number {
    if (this.type.kind === "double") this.#kernel.calls.doubleKeys(this.values, this.rows, this.#room());
    else if (this.type.kind === "text") this.#kernel.calls.widenCodes(this.values, this.rows, this.#room());
    else return this.values;
    return this.#room();
  }

  #room(): number {
    if (this.#scratch === 0) this.#scratch = this.#arena.take(this.#maxRows * 8);
    return this.#scratch;
  }
}
