import type { Moved } from "../../threads/serve.ts";
import type { FieldTable } from "../rows/field-table.ts";

/** A value that does not read as what its column was taken for. */
export interface Misfit {
  /** Index in the table's columns. */
  readonly column: number;
  /** As the reader counts its rows. */
  readonly row: number;
  readonly reason: number;
  /** Where it begins, in bytes of the file as UTF-8 and unpacked. */
  readonly offset: number;
  /** Its beginning, without quotes. */
  readonly text: string;
}

/** What one thread makes of the rows that it reads. */
export interface Work<Block = FieldTable> {
  /** Takes the rows of a block; the block is another one's at the next call. */
  consume(block: Block): void;
  /** The chunk at hand gets no more rows. */
  endChunk?(): void;
  /** The first misfit of each column so far; the same array each time. */
  readonly misfits: readonly Misfit[];
  /** What was made of the rows so far, in parts for `merge` of another thread's, which may take one while the next is made. */
  parts(): Iterable<Moved>;
  merge(part: unknown): void;
  /** What the main thread gets, after all merging. */
  result(): Moved;
}
