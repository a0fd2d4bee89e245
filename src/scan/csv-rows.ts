import { Arena } from "./arena.ts";
import { FieldTable } from "./field-table.ts";
import type { Kernel } from "./kernel.ts";
import { RowFault } from "./row-fault.ts";
import type { Dialect } from "./table.ts";

/** Rows with another number of fields than there are columns, filled or skipped as the dialect says. */
export interface RaggedRows {
  readonly ragged: number;
  readonly skipped: number;
  /** The first of them, counted from the first row of the read, skipped ones included; -1 without one. */
  readonly firstRagged: number;
}

/** Blocks that a long row makes larger than this are read byte by byte, as an index of them would be larger still. */
const INDEX_BYTES = 4 * 1024 * 1024;
const MOST_ROWS = 32_768;
/** What the index may write past its last position. */
const SLACK = 64;
const NEWLINE_MODES = { lf: 0, crlf: 1, cr: 2, mixed: 3 } as const;
const RAGGED_POLICIES = { error: 0, fill: 1, skip: 2 } as const;

/** Finds the fields of the rows of one block after the other: by the index where all is regular, else byte by byte. */
export class CsvRows {
  /** No table of fields has more rows. */
  readonly maxRows: number;
  readonly #kernel: Kernel;
  readonly #dialect: Dialect;
  readonly #columns: number;
  readonly #escape: number;
  readonly #arena: Arena;
  readonly #fields = new FieldTable();
  #onRows: (fields: FieldTable) => void = () => {};
  #positions = 0;
  /** Bytes of text that there is room for the positions of. */
  #indexable = 0;
  /** Starts and ends of the fields of `maxRows` irregular rows. */
  #starts = 0;
  #ends = 0;
  #firstRow = 0;
  #rows = 0;
  #ragged = { ragged: 0, skipped: 0, firstRagged: -1 };

  constructor(kernel: Kernel, dialect: Dialect, columns: number, blockBytes: number) {
    this.#kernel = kernel;
    this.#dialect = dialect;
    this.#columns = columns;
    this.#escape = escapeOf(dialect);
    this.#arena = new Arena(kernel);
    this.maxRows = Math.min(MOST_ROWS, Math.max(1, Math.floor(blockBytes / columns)));
  }

  /** Rows that were handed out since `begin`. */
  get rows(): number {
    return this.#rows;
  }

  get ragged(): RaggedRows {
    return { ...this.#ragged };
  }

  begin(onRows: (fields: FieldTable) => void, firstRow: number): void {
    const { separator, quote, newline, ragged } = this.#dialect;
    const [mode, policy] = [NEWLINE_MODES[newline], RAGGED_POLICIES[ragged]];
    this.#kernel.calls.setDialect(codeOf(separator), codeOf(quote), this.#escape, mode, this.#columns, policy);
    this.#onRows = onRows;
    this.#firstRow = firstRow;
    this.#rows = 0;
    this.#ragged = { ragged: 0, skipped: 0, firstRagged: -1 };
  }

  /** Hands out the rows that begin before `stop` and end before `to`; the address after the last of them. */
  cut(from: number, to: number, stop: number, isLast: boolean): number {
    const { calls } = this.#kernel;
    if (this.#escape !== 0 || to - from > INDEX_BYTES) return this.#cutIrregular(from, to, stop, isLast, true);
    const positions = this.#positionsOf(to - from);
    const count = calls.indexBlock(from, to, positions);
    const rows = calls.rowEnds.value;
    const isWide = calls.nonAscii.value !== 0;
    if (calls.oddQuotes.value === 0) {
      if (rows === 0) return from;
      if (calls.checkRows(from, positions, count, rows) === 1) return this.#cutRegular(from, stop, rows, isWide);
    }
    return this.#cutIrregular(from, to, stop, isLast, isWide);
  }

  /** The text ends within the quotes of the next row. */
  openQuote(): RowFault {
    return this.#fault("E_OPEN_QUOTE", 0, "has a quoted field that is never closed", "close the quote in that row");
  }

  free(): void {
    this.#arena.free();
    this.#positions = 0;
    this.#indexable = 0;
    this.#starts = 0;
    this.#ends = 0;
  }

  #cutRegular(from: number, stop: number, found: number, isWide: boolean): number {
    const { calls } = this.#kernel;
    const fields = this.#fields;
    fields.starts = this.#positions - 4;
    fields.ends = this.#positions;
    fields.stride = 4 * this.#columns;
    fields.skip = calls.rowEndBytes.value;
    const rows = calls.rowsBefore(stop, fields.starts, fields.stride, fields.skip, found);
    const end = (calls.entryAt(fields.starts + rows * fields.stride) >>> 0) + fields.skip;
    this.#handOut(rows, isWide ? [from, end] : undefined);
    return end;
  }

  #cutIrregular(from: number, to: number, stop: number, isLast: boolean, isWide: boolean): number {
    const { calls } = this.#kernel;
    const fields = this.#fields;
    const bytes = 4 * this.#columns * this.maxRows;
    if (this.#starts === 0) this.#starts = this.#arena.take(bytes);
    if (this.#ends === 0) this.#ends = this.#arena.take(bytes);
    const { maxRows } = this;
    const rows = calls.irregularRows(from, to, stop, this.#starts, this.#ends, maxRows, isLast ? 1 : 0);
    // All that the call left is read before the rows are handed out, as those who get them may use the kernel.
    const end = calls.consumed.value >>> 0;
    const [ragged, skipped, refused] = [calls.raggedRows.value, calls.skippedRows.value, calls.isRefused.value];
    const [first, count] = [calls.firstRagged.value, calls.raggedFields.value];
    if (ragged > 0 && this.#ragged.firstRagged < 0) this.#ragged.firstRagged = this.#seen() + first;
    fields.starts = this.#starts;
    fields.ends = this.#ends;
    fields.stride = 4 * this.#columns;
    fields.skip = 1;
    this.#handOut(rows, isWide ? [from, end] : undefined);
    this.#ragged.ragged += ragged;
    this.#ragged.skipped += skipped;
    if (refused !== 0) throw this.#raggedRow(count);
    return end;
  }

  /** Hands the table out in pieces of at most `maxRows` rows, after a look at the text where it may be no UTF-8. */
  #handOut(rows: number, text: [from: number, end: number] | undefined): void {
    const fields = this.#fields;
    if (text) this.#checkText(text, rows);
    const { starts, ends, stride } = fields;
    for (let row = 0; row < rows; row += this.maxRows) {
      fields.starts = starts + row * stride;
      fields.ends = ends + row * stride;
      fields.rows = Math.min(this.maxRows, rows - row);
      fields.firstRow = this.#firstRow + this.#rows;
      this.#rows += fields.rows;
      this.#onRows(fields);
    }
  }

  #checkText([from, end]: [number, number], rows: number): void {
    const { calls, bytes } = this.#kernel;
    const bad = calls.invalidUtf8(from, end) >>> 0;
    if (bad === 0) return;
    const { starts, stride, skip } = this.#fields;
    const row = Math.max(0, calls.rowsBefore(bad + 1, starts, stride, skip, rows) - 1);
    const byte = bytes[bad]?.toString(16).padStart(2, "0");
    const hint = "if the text is Latin-1, say so: --encoding latin-1";
    throw this.#fault("E_ENCODING", row, `is not UTF-8: byte 0x${byte}`, hint);
  }

  #raggedRow(found: number): RowFault {
    if (found === 0)
      return this.#fault("E_RAGGED_ROW", 0, "has letters after a closing quote", "double the quotes within a field");
    const fields = found === 1 ? "1 field" : `${found} fields`;
    const hint = `mend that row, or say what separates the fields, as in --sep ";"`;
    return this.#fault("E_RAGGED_ROW", 0, `has ${fields} instead of ${this.#columns}`, hint);
  }

  #fault(code: `E_${string}`, row: number, problem: string, hint: string): RowFault {
    return new RowFault({ code, row: this.#firstRow + this.#seen() + row, problem, hint });
  }

  #seen(): number {
    return this.#rows + this.#ragged.skipped;
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
