import type { Kernel } from "../kernel.ts";
import type { Dialect } from "../table.ts";
import { FieldRoom } from "./field-room.ts";
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
  readonly #outlet: RowOutlet;
  readonly #fields = new FieldTable();
  readonly #room: FieldRoom;
  #mostRows = 0;
  #ragged = 0;
  #firstRagged = -1;

  constructor(kernel: Kernel, dialect: Dialect, columns: number, blockBytes: number) {
    this.#kernel = kernel;
    this.#dialect = dialect;
    this.#columns = columns;
    this.#escape = escapeOf(dialect);
    this.#room = new FieldRoom(kernel);
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

  begin(onRows: (fields: FieldTable) => void, firstRow: number, mostRows = Number.POSITIVE_INFINITY): void {
    const { separator, quote, newline, ragged } = this.#dialect;
    const [mode, policy] = [NEWLINE_MODES[newline], RAGGED_POLICIES[ragged]];
    this.#kernel.calls.setDialect(codeOf(separator), codeOf(quote), this.#escape, mode, this.#columns, policy);
    this.#outlet.begin(onRows, firstRow);
    this.#mostRows = mostRows;
    this.#ragged = 0;
    this.#firstRagged = -1;
  }

  keepPlaces(onReuse: () => void, bytes: number): void {
    this.#room.onReuse = onReuse;
    this.#room.clear(bytes + this.#irregularBytes);
  }

  cut(from: number, to: number, stop: number, isLast: boolean): number {
    const { calls, bytes } = this.#kernel;
    // A CR at the end of what was read may be half of a row end.
    const end = this.#dialect.newline === "mixed" && !isLast && bytes[to - 1] === 13 ? to - 1 : to;
    const isEscaped = this.#escape !== 0 && calls.hasByte(from, end, this.#escape);
    if (isEscaped || end - from > INDEX_BYTES) {
      const place = this.#room.take(this.#irregularBytes);
      return this.#cutIrregular(from, end, stop, place, 0, isLast, true);
    }
    // An entry before the first position, and a position for each byte.
    const positions = this.#room.take(4 * (1 + end - from + SLACK)) + 4;
    const count = calls.indexBlock(from, end, positions);
    const rows = calls.rowEnds.value;
    const isWide = calls.nonAscii.value !== 0;
    const isOdd = calls.oddQuotes.value !== 0;
    if (!isOdd && rows === 0) return from;
    if (!isOdd && calls.checkRows(from, positions, count, rows) === 1)
      return this.#cutRegular(from, stop, positions, isWide);
    const known = isOdd ? 0 : count;
    const place = this.#room.extend(positions, 4 * known, this.#irregularBytes);
    return this.#cutIrregular(from, end, stop, place, known, isLast, isWide);
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
    this.#room.free();
  }

  /** Starts and ends of the fields of `maxRows` rows, and where skipped ones were. */
  get #irregularBytes(): number {
    return 4 * (2 * this.#columns + 1) * this.maxRows;
  }

  get #rowsLeft(): number {
    return this.#mostRows - this.#outlet.rows;
  }

  #cutRegular(from: number, stop: number, positions: number, isWide: boolean): number {
    const { calls } = this.#kernel;
    const fields = this.#fields;
    fields.block = from;
    fields.starts = positions - 4;
    fields.ends = positions;
    fields.stride = 4 * this.#columns;
    fields.skip = calls.rowEndBytes.value;
    const found = Math.min(calls.rowEnds.value, this.#rowsLeft);
    const rows = calls.rowsBefore(stop, fields.starts, fields.stride, fields.skip, found);
    this.#room.keep(positions + rows * fields.stride);
    const end = (calls.entryAt(fields.starts + rows * fields.stride) >>> 0) + fields.skip;
    if (isWide) this.#outlet.checkText(from, end, fields, rows);
    this.#outlet.handOn(fields, rows);
    return end;
  }

  /** Reads rows one by one: by the `count` positions of an index, or by the bytes when `count` is 0; their places go to where the positions end. */
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
    const most = Math.min(this.maxRows, this.#rowsLeft);
    const bytes = 4 * this.#columns * most;
    const [index, starts, last] = [count === 0 ? 0 : positions, positions + 4 * count, isLast ? 1 : 0];
    // For each skipped row the last part has how many rows were kept before it.
    const [ends, skips] = [starts + bytes, starts + 2 * bytes];
    const rows = calls.irregularRows(from, to, stop, index, count, starts, ends, skips, most, last);
    // All that the call left is read before the rows are handed out, as those who get them may use the kernel.
    const end = calls.consumed.value >>> 0;
    const [ragged, skipped, refused] = [calls.raggedRows.value, calls.skippedRows.value, calls.isRefused.value];
    const found = calls.raggedFields.value;
    if (ragged > 0 && this.#firstRagged < 0) this.#firstRagged = outlet.seen + calls.firstRagged.value;
    fields.block = from;
    fields.starts = starts;
    fields.stride = 4 * this.#columns;
    fields.ends = starts + rows * fields.stride;
    fields.skip = 1;
    fields.skips = skipped > 0 ? new Uint32Array(this.#kernel.bytes.buffer, skips, skipped).slice() : undefined;
    this.#room.move(fields.ends, ends, rows * fields.stride);
    this.#room.keep(fields.ends + rows * fields.stride);
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
}

/** 0 where quotes are doubled, as is the rule. */
function escapeOf(dialect: Dialect): number {
  return dialect.quote === undefined || dialect.escape === dialect.quote ? 0 : codeOf(dialect.escape);
}

function codeOf(character: string | undefined): number {
  return character === undefined ? 0 : character.charCodeAt(0);
}
