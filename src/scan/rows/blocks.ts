import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import type { Dialect } from "../table.ts";
import { CsvRows } from "./csv-rows.ts";
import type { FieldTable } from "./field-table.ts";
import { type JsonKey, JsonRows } from "./json-rows.ts";
import type { RowCounts, RowCutter } from "./row-cutter.ts";
import { type ByteSource, TextBuffer } from "./text-buffer.ts";

export interface BlockOptions {
  /** Bytes of text that are worked on at a time. Default 128 KiB, which stays in the processor's cache. */
  readonly blockBytes?: number;
  /** Bytes that are read at a time, at least twice `blockBytes`. Default 512 KiB. */
  readonly bufferBytes?: number;
  /** The text is JSON Lines, and these are the keys that are its columns. */
  readonly keys?: readonly JsonKey[] | undefined;
}

/** A piece of a file. */
export interface ByteRange {
  /** Offset in the file of the first byte that the source yields. */
  readonly start?: number;
  /** Rows that begin before this offset are read, the last of them to its end. */
  readonly stop?: number;
  /** No row need start at `start`: reading begins with the first row that starts AFTER that byte, as far as can be guessed. */
  readonly isGuess?: boolean;
  /** The number of the first row. */
  readonly firstRow?: number;
  /** No more rows are read. */
  readonly rows?: number;
}

export interface ReadResult extends RowCounts {
  /** Offset in the file where the first row starts; -1 when a guess found none before `stop`. */
  readonly startedAt: number;
  /** Offset in the file of the first row that was not read. */
  readonly endedAt: number;
}

const BLOCK_BYTES = 128 * 1024;
const BUFFER_BYTES = 512 * 1024;
/** Blocks are no smaller where the last rows are looked for. */
const LEAST_BYTES = 256;
const ALL = Number.POSITIVE_INFINITY;
const LONGEST_ROW = 512 * 1024 * 1024;
/** What a guess looks at first. */
const GUESS_BYTES = 16 * 1024;

/** Cuts a text into rows and fields, block by block, within a bounded memory. */
export class BlockReader {
  readonly #blockBytes: number;
  readonly #buffer: TextBuffer;
  readonly #cutter: RowCutter;
  #startedAt = -1;
  #onReuse: (() => void) | undefined;
  /** Bytes of a row, as far as is known. */
  #rowBytes = 0;

  constructor(kernel: Kernel, dialect: Dialect, columns: number, options: BlockOptions = {}) {
    const { blockBytes = BLOCK_BYTES, bufferBytes = BUFFER_BYTES, keys } = options;
    this.#blockBytes = blockBytes;
    this.#cutter = keys ? new JsonRows(kernel, keys, blockBytes) : new CsvRows(kernel, dialect, columns, blockBytes);
    this.#buffer = new TextBuffer(kernel, Math.max(bufferBytes, 2 * blockBytes), this.#cutter.terminator);
  }

  /** No table of fields has more rows. */
  get maxRows(): number {
    return this.#cutter.maxRows;
  }

  /** Where the first row of the last read starts, known before it is handed out; -1 as in the result. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Hands out the rows of a source, or of a range of it, in order. A fault of the data is a `RowFault`. */
  read(source: ByteSource, onRows: (fields: FieldTable) => void, range: ByteRange = {}): ReadResult {
    const { start = 0, stop = Number.POSITIVE_INFINITY, isGuess = false, firstRow = 0, rows = ALL } = range;
    const buffer = this.#buffer;
    this.#startedAt = -1;
    this.#cutter.begin(onRows, firstRow, rows);
    buffer.open(source, start, this.#onReuse);
    const startedAt = isGuess ? this.#seekRow(stop) : start;
    this.#startedAt = startedAt;
    if (startedAt >= 0) this.#readRows(stop, rows);
    const endedAt = startedAt < 0 ? -1 : buffer.offsetOf(buffer.at);
    const { counts } = this.#cutter;
    if (rows !== ALL && counts.rows > 0) this.#rowBytes = (endedAt - startedAt) / counts.rows;
    return { startedAt, endedAt, ...counts };
  }

  /**
   * From here on rows that were handed out stay where they are, also over several reads, until `onReuse` is called or rows are kept anew. There
   * is room for `rows`, if rows are as long as those that were read last, and if `most` bytes are enough for them.
   */
  keep(rows: number, most: number, onReuse: () => void): void {
    const bytes = Math.min(most, Math.ceil(1.1 * rows * this.#rowBytes) + 2 * this.#blockBytes);
    this.#onReuse = onReuse;
    this.#buffer.clear(bytes);
    this.#cutter.keepPlaces(onReuse, bytes);
  }

  free(): void {
    this.#buffer.free();
    this.#cutter.free();
  }

  #readRows(stop: number, rows: number): void {
    const buffer = this.#buffer;
    let size = this.#sizeFor(rows);
    while (buffer.offsetOf(buffer.at) < stop && this.#cutter.counts.rows < rows) {
      buffer.fill(size, Math.min(stop, buffer.offsetOf(buffer.at) + this.#bytesOf(rows)));
      const from = buffer.at;
      if (from === buffer.end) return;
      const to = Math.min(from + size, buffer.end);
      const isLast = buffer.isEnded && to === buffer.end;
      this.#cutter.fileOffset = buffer.offsetOf(from) - from;
      buffer.at = this.#cutter.cut(from, to, Math.min(to, buffer.addressOf(stop)), isLast);
      if (buffer.at > from) size = this.#sizeFor(rows);
      else if (isLast) throw this.#cutter.unfinished(from);
      else if (size >= LONGEST_ROW) throw new ScanRefused("long-row", `a row is longer than ${LONGEST_ROW} bytes`);
      else size *= 2;
    }
  }

  /** Bytes of a block: what is more than the last rows take would be read for nothing. */
  #sizeFor(rows: number): number {
    return Math.min(this.#blockBytes, this.#bytesOf(rows));
  }

  /** About the bytes of the rows that are yet to be read. */
  #bytesOf(rows: number): number {
    if (rows === ALL || this.#rowBytes === 0) return ALL;
    return Math.ceil(1.01 * this.#rowBytes * (rows - this.#cutter.counts.rows)) + LEAST_BYTES;
  }

  /** Moves to the first row that starts after the first byte and returns its offset; -1 when there is none before the stop. */
  #seekRow(stop: number): number {
    const buffer = this.#buffer;
    for (let window = GUESS_BYTES; ; window *= 2) {
      buffer.fill(window, stop);
      const to = Math.min(buffer.end, buffer.at + window);
      const isAll = buffer.isEnded && to === buffer.end;
      const start = this.#cutter.guess(buffer.at, to, isAll);
      if (start > 0 || isAll) {
        buffer.at = start === 0 ? buffer.end : start;
        return buffer.offsetOf(buffer.at);
      }
      if (buffer.offsetOf(buffer.at + window) >= stop || window >= LONGEST_ROW) return -1;
    }
  }
}
