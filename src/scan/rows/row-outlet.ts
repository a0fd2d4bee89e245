import { isLikeWindows } from "../../source/encoding.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "./field-table.ts";
import { RowFault } from "./row-fault.ts";

/** Numbers rows, looks for what is no UTF-8 in their text, and hands them on. */
export class RowOutlet {
  /** Rows that were handed on since `begin`. */
  rows = 0;
  /** Rows that were left out. */
  skipped = 0;
  /** What an address of the text that is cut is more in the file. */
  fileOffset = 0;
  readonly #kernel: Kernel;
  readonly #maxRows: number;
  #onRows: (fields: FieldTable) => void = () => {};
  #firstRow = 0;

  constructor(kernel: Kernel, maxRows: number) {
    this.#kernel = kernel;
    this.#maxRows = maxRows;
  }

  begin(onRows: (fields: FieldTable) => void, firstRow: number): void {
    this.#onRows = onRows;
    this.#firstRow = firstRow;
    this.rows = 0;
    this.skipped = 0;
  }

  /** Rows that were read, those left out included. */
  get seen(): number {
    return this.rows + this.skipped;
  }

  /** Hands on a table of any number of rows, in pieces of at most `maxRows`. */
  handOn(fields: FieldTable, rows: number): void {
    const { starts, ends, stride } = fields;
    for (let row = 0; row < rows; row += this.#maxRows) {
      fields.starts = starts + row * stride;
      fields.ends = ends + row * stride;
      fields.rows = Math.min(this.#maxRows, rows - row);
      fields.firstRow = this.#firstRow + this.seen;
      fields.fileOffset = this.fileOffset;
      fields.before = row;
      this.rows += fields.rows;
      this.#onRows(fields);
    }
  }

  /** A fault where the text between two addresses, of which the rows of a table are a part, is not UTF-8. */
  checkText(from: number, end: number, fields: FieldTable, rows: number): void {
    const { calls, bytes } = this.#kernel;
    const bad = calls.invalidUtf8(from, end) >>> 0;
    if (bad === 0) return;
    const row = Math.max(0, calls.rowsBefore(bad + 1, fields.starts, fields.stride, fields.skip, rows) - 1);
    const byte = bytes[bad]?.toString(16).padStart(2, "0");
    const encoding = isLikeWindows(bytes.subarray(bad, bad + 1)) ? "windows-1252" : "latin-1";
    const hint = `if the text is ${encoding}, say so: --encoding ${encoding}`;
    throw this.fault("E_ENCODING", row, bad, `is not UTF-8: byte 0x${byte}`, hint);
  }

  /** What is wrong at an address with a row, counted from the first that was not handed on. */
  fault(code: `E_${string}`, row: number, address: number, problem: string, hint: string): RowFault {
    return new RowFault({
      code,
      row: this.#firstRow + this.seen + row,
      offset: this.fileOffset + address,
      problem,
      hint,
    });
  }
}
