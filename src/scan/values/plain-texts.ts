import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldColumn, FieldTable } from "../rows/field-table.ts";
import type { BlockValues, ColumnReader } from "./columns.ts";
import type { SentTexts } from "./sent-chunk.ts";

const FIRST_BYTES = 65_536;

/** Texts of a column one behind the other: first those of a block in the kernel's memory, then those of a chunk. */
export class PlainTexts {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #reader: ColumnReader;
  readonly #rows: number;
  readonly #offsets: number;
  readonly #valid: number;
  /** Places of the fields that passed the tests. */
  readonly #keptStarts: number;
  readonly #keptEnds: number;
  #block: number;
  #capacity = FIRST_BYTES;
  #bytes = new Uint8Array(FIRST_BYTES);
  #ends: Uint32Array<ArrayBuffer>;
  #count = 0;

  constructor(kernel: Kernel, arena: Arena, reader: ColumnReader, rows: number, maxRows: number) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.#reader = reader;
    this.#rows = rows;
    this.#offsets = arena.take(4 * (maxRows + 1));
    this.#valid = arena.take(Math.max(1, maxRows));
    this.#keptStarts = arena.take(Math.max(1, 4 * maxRows));
    this.#keptEnds = arena.take(Math.max(1, 4 * maxRows));
    this.#block = arena.take(FIRST_BYTES);
    this.#ends = new Uint32Array(rows + 1);
  }

  read(fields: FieldTable, mask: number): BlockValues {
    let column: FieldColumn = this.#reader.fieldsOf(fields);
    let rows = fields.rows;
    if (mask !== 0) {
      const { starts, skip, ends, stride } = column;
      const { calls } = this.#kernel;
      rows = calls.keepFields(starts, skip, ends, stride, mask, rows, this.#keptStarts, this.#keptEnds);
      column = { starts: this.#keptStarts, ends: this.#keptEnds, stride: 4, skip: 1 };
    }
    const nulls = this.#parse(column, rows);
    return { values: 0, valid: nulls === 0 ? 0 : this.#valid, nulls, rows };
  }

  /** Copies rows of the block that was read last. */
  append(from: number, count: number): void {
    this.appendFrom(this.#offsets, this.#block, from, count);
  }

  /** Copies rows whose offsets and bytes lie in the kernel's memory. */
  appendFrom(offsets: number, bytes: number, from: number, count: number): void {
    const { buffer } = this.#kernel.calls.memory;
    const places = new Uint32Array(buffer, offsets + 4 * from, count + 1);
    const start = places[0] as number;
    const length = (places[count] as number) - start;
    const before = this.#ends[this.#count] as number;
    this.#reserve(before + length);
    this.#bytes.set(new Uint8Array(buffer, bytes + start, length), before);
    for (let i = 1; i <= count; i++) this.#ends[this.#count + i] = (places[i] as number) - start + before;
    this.#count += count;
  }

  /** The texts of the chunk; the next one begins. */
  cut(): SentTexts {
    const offsets = this.#ends.slice(0, this.#count + 1);
    const bytes = this.#bytes.slice(0, offsets[this.#count]);
    this.#ends = new Uint32Array(this.#rows + 1);
    this.#count = 0;
    return { offsets, bytes };
  }

  #parse(column: FieldColumn, rows: number): number {
    for (;;) {
      const [offsets, bytes, capacity, valid] = [this.#offsets, this.#block, this.#capacity, this.#valid];
      const nulls = this.#reader.parseTexts(column, rows, { offsets, bytes, capacity, valid });
      if (nulls >= 0) return nulls;
      // Long rows; when it is the memory that does not do, this says so.
      this.#capacity *= 2;
      this.#arena.give(this.#block);
      this.#block = this.#arena.take(this.#capacity);
    }
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
