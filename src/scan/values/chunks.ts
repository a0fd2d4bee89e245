import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { type ChunkColumn, TypedChunkColumn } from "./chunk-column.ts";
import { TextChunkColumn } from "./chunk-texts.ts";
import type { ColumnReader } from "./columns.ts";
import type { SentChunk, SentEnd } from "./sent-chunk.ts";

export interface ChunkOptions {
  /** Every chunk but the last has exactly so many rows, unless `rowsOf` has fewer for it. */
  readonly rows: number;
  /** Asked when a chunk begins. */
  readonly rowsOf?: ((chunk: number) => number) | undefined;
  /** Rows at the start that somebody has already. Default 0. */
  readonly pass?: number | undefined;
  /** The most rows of a block. */
  readonly maxRows: number;
  readonly onChunk: (chunk: SentChunk) => void;
  /** Bytes for the dictionaries of all columns of texts together. Default 64 MiB. */
  readonly dictionaryBytes?: number | undefined;
}

const DICTIONARY_BYTES = 64 * 2 ** 20;

/** Makes chunks of exactly so many rows out of blocks of any size. */
export class ChunkCutter {
  readonly #kernel: Kernel;
  readonly #columns: readonly ChunkColumn[];
  readonly #rowsOf: (chunk: number) => number;
  readonly #onChunk: (chunk: SentChunk) => void;
  #rows: number;
  #filled = 0;
  #cuts = 0;
  #pass: number;
  /** The block whose rows came last. */
  #block: Omit<SentEnd, "pass"> | undefined;
  /** Rows of it that came before those of now. */
  #before = 0;

  constructor(
    kernel: Kernel,
    arena: Arena,
    readers: readonly ColumnReader[],
    { rows, rowsOf = () => rows, pass = 0, maxRows, onChunk, dictionaryBytes = DICTIONARY_BYTES }: ChunkOptions,
  ) {
    this.#kernel = kernel;
    const room = dictionaryBytes / Math.max(1, readers.filter(({ kind }) => kind.kind === "text").length);
    this.#columns = readers.map((reader) =>
      reader.kind.kind === "text"
        ? new TextChunkColumn(kernel, arena, reader, rows, maxRows, room)
        : new TypedChunkColumn(kernel, arena, reader, rows, maxRows),
    );
    this.#rowsOf = rowsOf;
    this.#pass = pass;
    this.#rows = rowsOf(0);
    this.#onChunk = onChunk;
  }

  /** Takes a block's rows, those whose byte at `mask` is 1 alone; 0 takes all. */
  append(fields: FieldTable, mask = 0): void {
    for (const column of this.#columns) column.read(fields, mask);
    const rows = mask === 0 ? fields.rows : countOnes(this.#kernel.bytes.subarray(mask, mask + fields.rows));
    if (fields.before === 0) {
      this.#block = { offset: fields.block + fields.fileOffset, row: fields.firstRow };
      this.#before = 0;
    }
    const passed = Math.min(rows, this.#pass);
    this.#pass -= passed;
    for (let from = passed; from < rows; ) {
      const count = Math.min(rows - from, this.#rows - this.#filled);
      for (const column of this.#columns) column.append(from, count, this.#filled);
      from += count;
      this.#filled += count;
      if (this.#filled === this.#rows) this.#cut(this.#before + from);
    }
    this.#before += rows;
  }

  /** Hands out the rows that are left, and a chunk without rows when there were none at all. */
  finish(): void {
    if (this.#filled > 0 || this.#cuts === 0) this.#cut(this.#before);
  }

  free(): void {
    for (const column of this.#columns) column.free();
  }

  #cut(pass: number): void {
    const rows = this.#filled;
    this.#filled = 0;
    this.#cuts++;
    const end = this.#block && { ...this.#block, pass };
    this.#onChunk({ rows, end, columns: this.#columns.map((column) => column.cut(rows)) });
    this.#rows = this.#rowsOf(this.#cuts);
  }
}

function countOnes(mask: Uint8Array): number {
  let ones = 0;
  for (const flag of mask) ones += flag;
  return ones;
}
