import { CsvRows, type RaggedRows } from "./csv-rows.ts";
import type { FieldTable } from "./field-table.ts";
import { guessRowStart } from "./guess.ts";
import type { Kernel } from "./kernel.ts";
import { ScanRefused } from "./refused.ts";
import type { Dialect } from "./table.ts";
import { type ByteSource, TextBuffer } from "./text-buffer.ts";

export interface BlockOptions {
  /** Bytes of text that are worked on at a time. Default 128 KiB, which stays in the processor's cache. */
  readonly blockBytes?: number;
  /** Bytes that are read at a time, at least twice `blockBytes`. Default 1 MiB. */
  readonly bufferBytes?: number;
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
}

export interface ReadResult extends RaggedRows {
  /** Offset in the file where the first row starts; -1 when a guess found none before `stop`. */
  readonly startedAt: number;
  /** Offset in the file of the first row that was not read. */
  readonly endedAt: number;
  /** Rows that were handed out. */
  readonly rows: number;
}

const BLOCK_BYTES = 128 * 1024;
const BUFFER_BYTES = 1024 * 1024;
const LONGEST_ROW = 512 * 1024 * 1024;
/** What a guess looks at first. */
const GUESS_BYTES = 16 * 1024;

/** Cuts a text into rows and fields, block by block, within a bounded memory. */
export class BlockReader {
  readonly #kernel: Kernel;
  readonly #dialect: Dialect;
  readonly #columns: number;
  readonly #blockBytes: number;
  readonly #buffer: TextBuffer;
  readonly #rows: CsvRows;
  #startedAt = -1;

  constructor(kernel: Kernel, dialect: Dialect, columns: number, options: BlockOptions = {}) {
    const { blockBytes = BLOCK_BYTES, bufferBytes = BUFFER_BYTES } = options;
    const terminator = dialect.newline === "cr" ? 13 : 10;
    this.#kernel = kernel;
    this.#dialect = dialect;
    this.#columns = columns;
    this.#blockBytes = blockBytes;
    this.#buffer = new TextBuffer(kernel, Math.max(bufferBytes, 2 * blockBytes), terminator);
    this.#rows = new CsvRows(kernel, dialect, columns, blockBytes);
  }

  /** No table of fields has more rows. */
  get maxRows(): number {
    return this.#rows.maxRows;
  }

  /** Where the first row of the read begins that goes on or was the last, also when it failed; -1 when none was found. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Hands out the rows of a source, or of a range of it, in order. A fault of the data is a `RowFault`. */
  read(source: ByteSource, onRows: (fields: FieldTable) => void, range: ByteRange = {}): ReadResult {
    const { start = 0, stop = Number.POSITIVE_INFINITY, isGuess = false, firstRow = 0 } = range;
    const [buffer, rows] = [this.#buffer, this.#rows];
    this.#startedAt = -1;
    rows.begin(onRows, firstRow);
    buffer.open(source, start);
    const startedAt = isGuess ? this.#seekRow(stop) : start;
    this.#startedAt = startedAt;
    if (startedAt >= 0) this.#readRows(stop);
    const endedAt = startedAt < 0 ? -1 : buffer.offsetOf(buffer.at);
    return { startedAt, endedAt, rows: rows.rows, ...rows.ragged };
  }

  free(): void {
    this.#buffer.free();
    this.#rows.free();
  }

  #readRows(stop: number): void {
    const [buffer, rows] = [this.#buffer, this.#rows];
    let size = this.#blockBytes;
    while (buffer.offsetOf(buffer.at) < stop) {
      buffer.fill(size, stop);
      const from = buffer.at;
      if (from === buffer.end) return;
      const to = this.#wholeEnd(Math.min(from + size, buffer.end));
      const isLast = buffer.isEnded && to === buffer.end;
      const stopAt = Math.min(to, buffer.addressOf(stop));
      buffer.at = rows.cut(from, to, stopAt, isLast);
      if (buffer.at > from) size = this.#blockBytes;
      else if (isLast) throw rows.openQuote();
      else if (size >= LONGEST_ROW) throw new ScanRefused("long-row", `a row is longer than ${LONGEST_ROW} bytes`);
      else size *= 2;
    }
  }

  /** In mixed mode a CR at the end of what was read may be half of a row end. */
  #wholeEnd(to: number): number {
    const { at, end, isEnded } = this.#buffer;
    const mayBeHalf = this.#dialect.newline === "mixed" && !isEnded && to === end && to > at;
    return mayBeHalf && this.#kernel.bytes[to - 1] === 13 ? to - 1 : to;
  }

  /** Moves to the first row that starts after the first byte and returns its offset; -1 when there is none before the stop. */
  #seekRow(stop: number): number {
    const buffer = this.#buffer;
    for (let window = GUESS_BYTES; ; window *= 2) {
      buffer.fill(window, stop);
      const text = this.#kernel.bytes.subarray(buffer.at, Math.min(buffer.end, buffer.at + window));
      const isAll = buffer.isEnded && text.length === buffer.end - buffer.at;
      const start = guessRowStart(text, this.#dialect, this.#columns, isAll);
      if (start < 0 && !isAll) {
        if (buffer.offsetOf(buffer.at + window) >= stop || window >= LONGEST_ROW) return -1;
        continue;
      }
      buffer.at = start < 0 ? buffer.end : buffer.at + start;
      return buffer.offsetOf(buffer.at);
    }
  }
}
