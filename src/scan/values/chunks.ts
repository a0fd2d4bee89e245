import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { type ChunkColumn, TypedChunkColumn } from "./chunk-column.ts";
import { TextChunkColumn } from "./chunk-texts.ts";
import type { ColumnReader } from "./columns.ts";
import type { SentChunk, SentEnd } from "./sent-chunk.ts";

/** What a chunk is to be. */
export interface ChunkStart {
  /** Its number among all chunks of the scan. */
  readonly number: number;
  readonly rows: number;
  /** Rows in front of it that somebody has already. */
  readonly pass: number;
}

export interface ChunkOptions {
  /** No chunk has more rows. */
  readonly rows: number;
  /** Asked when a chunk begins; every chunk but the last has exactly the rows that it says. */
  readonly begin: () => ChunkStart;
  /** Who makes the chunks. Default 0. */
  readonly thread?: number | undefined;
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
  readonly #begin: () => ChunkStart;
  readonly #thread: number;
  readonly #onChunk: (chunk: SentChunk) => void;
  #chunk: ChunkStart | undefined;
  #filled = 0;
  /** Rows that are yet to be passed over. */
  #pass = 0;
  /** The block whose rows came last. */
  #block: Omit<SentEnd, "pass"> | undefined;
  /** Rows of it that came before those of now. */
  #before = 0;

  constructor(
    kernel: Kernel,
    arena: Arena,
    readers: readonly ColumnReader[],
    { rows, begin, thread = 0, maxRows, onChunk, dictionaryBytes = DICTIONARY_BYTES }: ChunkOptions,
  ) {
    this.#kernel = kernel;
    const room = dictionaryBytes / Math.max(1, readers.filter(({ kind }) => kind.kind === "text").length);
    this.#columns = readers.map((reader) =>
      reader.kind.kind === "text"
        ? new TextChunkColumn(kernel, arena, reader, rows, maxRows, room)
        : new TypedChunkColumn(kernel, arena, reader, rows, maxRows),
    );
    this.#begin = begin;
    this.#thread = thread;
    this.#onChunk = onChunk;
  }

  /** Reads a block's rows, those whose byte at `mask` is 1 alone; 0 takes all. */
  read(fields: FieldTable, mask = 0): void {
    for (const column of this.#columns) column.read(fields, mask);
  }

  /** Takes of what was read the rows that stand among the first `sound` of the block. */
  append(fields: FieldTable, mask = 0, sound = fields.rows): void {
    const rows = mask === 0 ? sound : countOnes(this.#kernel.bytes.subarray(mask, mask + sound));
    if (fields.before === 0) {
      this.#block = { offset: fields.block + fields.fileOffset, row: fields.firstRow };
      this.#before = 0;
    }
    for (let from = 0; from < rows; ) {
      const chunk = this.#current();
      const passed = Math.min(rows - from, this.#pass);
      this.#pass -= passed;
      from += passed;
      const count = Math.min(rows - from, chunk.rows - this.#filled);
      if (count === 0) continue;
      for (const column of this.#columns) column.append(from, count, this.#filled);
      from += count;
      this.#filled += count;
      if (this.#filled === chunk.rows) this.#cut(this.#before + from);
    }
    this.#before += rows;
  }

  /** Hands out the rows that are left, and a chunk without rows when there were none at all. */
  finish(): void {
    const { number } = this.#current();
    if (this.#filled > 0 || number === 0) this.#cut(this.#before);
  }

  free(): void {
    for (const column of this.#columns) column.free();
  }

  #current(): ChunkStart {
    if (this.#chunk) return this.#chunk;
    const chunk = this.#begin();
    this.#chunk = chunk;
    this.#pass = chunk.pass;
    return chunk;
  }

  #cut(pass: number): void {
    const rows = this.#filled;
    const { number } = this.#current();
    this.#chunk = undefined;
    this.#filled = 0;
    const end = this.#block && { ...this.#block, pass };
    const columns = this.#columns.map((column) => column.cut(rows));
    this.#onChunk({ number, thread: this.#thread, rows, end, columns });
  }
}

function countOnes(mask: Uint8Array): number {
  let ones = 0;
  for (const flag of mask) ones += flag;
  return ones;
}
