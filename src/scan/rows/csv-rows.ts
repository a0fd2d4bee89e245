import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { Dialect } from "../table.ts";
import { FieldTable } from "./field-table.ts";
import { NOTHING_UNUSUAL, type RowCounts, type RowCutter } from "./row-cutter.ts";
import type { RowFault } from "./row-fault.ts";
import { RowOutlet } from "./row-outlet.ts";

/** Blocks that a long row makes larger than this are read byte by byte, as an index of them would be larger still. */
const INDEX_BYTES = 4 * 1024 * 1024;
const MOST_ROWS = 32_768;
/** What the index may write past its last position. */
const SLACK = 64;
const NEWLINE_MODES = { lf: 0, crlf: 1, cr: 2, mixed: 3 } as const;
const RAGGED_POLICIES = { error: 0, fill: 1, skip: 2 } as const;

/** The rows of CSV: by the index where all is regular, else byte by byte. */
export class CsvRows implements RowCutter {
  readonly maxRows: number;
  readonly #kernel: Kernel;
  readonly #dialect: Dialect;
  readonly #columns: number;
  readonly #escape: number;
  readonly #arena: Arena;
  readonly #outlet: RowOutlet;
  readonly #fields = new FieldTable();
  #positions = 0;
  /** Bytes of text that there is room for the positions of. */
  #indexable = 0;
  /** Starts and ends of the fields of `maxRows` irregular rows. */
  #starts = 0;
  #ends = 0;
  /** For each skipped row of a block how many rows were kept before it. */
  #skips = 0;
  #ragged = 0;
  #firstRagged = -1;

  constructor(kernel: Kernel, dialect: Dialect, columns: number, blockBytes: number) {
    this.#kernel = kernel;
    this.#dialect = dialect;
    this.#columns = columns;
    this.#escape = escapeOf(dialect);
    this.#arena = new Arena(kernel);
    this.maxRows = Math.min(MOST_ROWS, Math.max(1, Math.floor(blockBytes / columns)));
    this.#outlet = new RowOutlet(kernel, this.maxRows);
  }

  get terminator(): number {
    return this.#dialect.newline === "cr" ? 13 : 10;
  }

  get counts(): RowCounts {
    const { rows, skipped } = this.#outlet;
    return { ...NOTHING_UNUSUAL, rows, ragged: this.#ragged, skipped, firstRagged: this.#firstRagged };
  }

  set fileOffset(bytes: number) {
    this.#outlet.fileOffset = bytes;
  }

  get fileOffset(): number {
    return this.#outlet.fileOffset;
  }

  begin(onRows: (fields: FieldTable) => void, firstRow: number): void {
    const { separator, quote, newline, ragged } = this.#dialect;
    const [mode, policy] = [NEWLINE_MODES[newline], RAGGED_POLICIES[ragged]];
    this.#kernel.calls.setDialect(codeOf(separator), codeOf(quote), this.#escape, mode, this.#columns, policy);
    this.#outlet.begin(onRows, firstRow);
    this.#ragged = 0;
    this.#firstRagged = -1;
  }

  cut(from: number, to: number, stop: number, isLast: boolean): number {
    const { calls, bytes } = this.#kernel;
    // A CR at the end of what was read may be half of a row end.
    const end = this.#dialect.newline === "mixed" && !isLast && bytes[to - 1] === 13 ? to - 1 : to;
    const isEscaped = this.#escape !== 0 && calls.hasByte(from, end, this.#escape);
    if (isEscaped || end - from > INDEX_BYTES) return this.#cutIrregular(from, end, stop, 0, 0, isLast, true);
    const positions = this.#positionsOf(end - from);
    const count = calls.indexBlock(from, end, positions);
    const rows = calls.rowEnds.value;
    const isWide = calls.nonAscii.value !== 0;
    if (calls.oddQuotes.value !== 0) return this.#cutIrregular(from, end, stop, 0, 0, isLast, isWide);
    if (rows === 0) return from;
    if (calls.checkRows(from, positions, count, rows) === 1) return this.#cutRegular(from, stop, rows, isWide);
    return this.#cutIrregular(from, end, stop, positions, count, isLast, isWide);
  }

  guess(from: number, to: number, isAll: boolean): number {
    return this.#kernel.calls.guessRow(from, to, isAll ? 1 : 0) >>> 0;
  }

  unfinished(from: number): RowFault {
    return this.#outlet.fault(
      "E_OPEN_QUOTE",
      0,
      from,
      "has a quoted field that is never closed",
      "close the quote in that row",
    );
  }

  free(): void {
    this.#arena.free();
    this.#positions = 0;
    this.#indexable = 0;
    this.#starts = 0;
    this.#ends = 0;
    this.#skips = 0;
  }

  #cutRegular(from: number, stop: number, found: number, isWide: boolean): number {
    const { calls } = this.#kernel;
    const fields = this.#fields;
    fields.block = from;
    fields.starts = this.#positions - 4;
    fields.ends = this.#positions;
    fields.stride = 4 * this.#columns;
    fields.skip = calls.rowEndBytes.value;
    const rows = calls.rowsBefore(stop, fields.starts, fields.stride, fields.skip, found);
    const end = (calls.entryAt(fields.starts + rows * fields.stride) >>> 0) + fields.skip;
    if (isWide) this.#outlet.checkText(from, end, fields, rows);
    this.#outlet.handOn(fields, rows);
    return end;
  }

  /** Reads rows one by one: by `count` positions of an index, or by the bytes when `positions` is 0. */
  #cutIrregular(
    from: number,
    to: number,
    stop: number,
    positions: number,
    count: number,
    isLast: boolean,
    isWide: boolean,
  ): number {
    const { calls } = this.#kernel;
    const fields = this.#fields;
    const outlet = this.#outlet;
    const bytes = 4 * this.#columns * this.maxRows;
    if (this.#starts === 0) this.#starts = this.#arena.take(bytes);
    if (this.#ends === 0) this.#ends = this.#arena.take(bytes);
    if (this.#skips === 0) this.#skips = this.#arena.take(4 * this.maxRows);
    const [starts, ends, last] = [this.#starts, this.#ends, isLast ? 1 : 0];
    const rows = calls.irregularRows(from, to, stop, positions, count, starts, ends, this.#skips, this.maxRows, last);
    // All that the call left is read before the rows are handed out, as those who get them may use the kernel.
    const end = calls.consumed.value >>> 0;
    const [ragged, skipped, refused] = [calls.raggedRows.value, calls.skippedRows.value, calls.isRefused.value];
    const found = calls.raggedFields.value;
    if (ragged > 0 && this.#firstRagged < 0) this.#firstRagged = outlet.seen + calls.firstRagged.value;
    fields.block = from;
    fields.starts = starts;
    fields.ends = ends;
    fields.stride = 4 * this.#columns;
    fields.skip = 1;
    fields.skips = skipped > 0 ? new Uint32Array(this.#kernel.bytes.buffer, this.#skips, skipped).slice() : undefined;
    if (isWide) outlet.checkText(from, end, fields, rows);
    outlet.handOn(fields, rows);
    fields.skips = undefined;
    this.#ragged += ragged;
    outlet.skipped += skipped;
    if (refused !== 0) throw this.#raggedRow(found, end);
    return end;
  }

  #raggedRow(found: number, at: number): RowFault {
    if (found === 0) {
      const hint = "double the quotes within a field";
      return this.#outlet.fault("E_RAGGED_ROW", 0, at, "has letters after a closing quote", hint);
    }
    const fields = found === 1 ? "1 field" : `${found} fields`;
    const hint = `mend that row, leave such rows out with --bad-rows skip, or say what separates the fields, as in --sep ";"`;
    return this.#outlet.fault("E_RAGGED_ROW", 0, at, `has ${fields} instead of ${this.#columns}`, hint);
  }

  /** Room for an entry before the first position, and for one position a byte. */
  #positionsOf(bytes: number): number {
    if (bytes > this.#indexable) {
      if (this.#positions !== 0) this.#arena.give(this.#positions - 4);
      this.#positions = this.#arena.take(4 * (1 + bytes + SLACK)) + 4;
      this.#indexable = bytes;
    }
    return this.#positions;
  }
}

/** 0 where quotes are doubled, as is the rule. */
function escapeOf(dialect: Dialect): number {
  return dialect.quote === undefined || dialect.escape === dialect.quote ? 0 : codeOf(dialect.escape);
}

function codeOf(character: string | undefined): number {
  return character === undefined ? 0 : character.charCodeAt(0);
}
