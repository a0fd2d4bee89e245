import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import { FieldTable } from "./field-table.ts";
import { NOTHING_UNUSUAL, type RowCounts, type RowCutter } from "./row-cutter.ts";
import { clipText, type RowFault } from "./row-fault.ts";
import { RowOutlet } from "./row-outlet.ts";

const MOST_ROWS = 32_768;
const NEWLINE = 10;

/** A column of JSON Lines. */
export interface JsonKey {
  readonly name: string;
  /** What its values should be, and null; they may be anything when it is left out. */
  readonly values?: "strings" | "numbers" | "booleans" | undefined;
}

const KINDS = { strings: 1, numbers: 2, booleans: 3 } as const;

/** The rows of JSON Lines: one flat object a line, in which keys come in any order. */
export class JsonRows implements RowCutter {
  readonly maxRows: number;
  readonly terminator = NEWLINE;
  readonly #kernel: Kernel;
  readonly #keys: readonly JsonKey[];
  readonly #arena: Arena;
  readonly #outlet: RowOutlet;
  readonly #fields = new FieldTable();
  #mostRows = 0;
  #onReuse: (() => void) | undefined;
  #starts = 0;
  #ends = 0;
  #kinds = 0;
  #unknownKeys = 0;
  #repeatedKeys = 0;
  #nestedValues = 0;
  #oddValues = 0;

  constructor(kernel: Kernel, keys: readonly JsonKey[], blockBytes: number) {
    this.#kernel = kernel;
    this.#keys = keys;
    this.#arena = new Arena(kernel);
    // A row with no value at all is two bytes.
    this.maxRows = Math.min(MOST_ROWS, Math.max(1, Math.floor(blockBytes / Math.max(1, keys.length))));
    this.#outlet = new RowOutlet(kernel, this.maxRows);
  }

  get counts(): RowCounts {
    return {
      ...NOTHING_UNUSUAL,
      rows: this.#outlet.rows,
      unknownKeys: this.#unknownKeys,
      repeatedKeys: this.#repeatedKeys,
      nestedValues: this.#nestedValues,
      oddValues: this.#oddValues,
    };
  }

  set fileOffset(bytes: number) {
    this.#outlet.fileOffset = bytes;
  }

  get fileOffset(): number {
    return this.#outlet.fileOffset;
  }

  begin(onRows: (fields: FieldTable) => void, firstRow: number, mostRows = Number.POSITIVE_INFINITY): void {
    const { calls } = this.#kernel;
    // Strings come without their quotes, and a quote at their start is a letter.
    calls.setDialect(0, 0, 0, 0, this.#keys.length, 0);
    this.#setKeys();
    this.#outlet.begin(onRows, firstRow);
    this.#mostRows = mostRows;
    this.#unknownKeys = 0;
    this.#repeatedKeys = 0;
    this.#nestedValues = 0;
    this.#oddValues = 0;
    if (this.#starts !== 0) return;
    const entries = Math.max(1, this.#keys.length * this.maxRows);
    this.#starts = this.#arena.take(4 * entries);
    this.#ends = this.#arena.take(4 * entries);
    this.#kinds = this.#arena.take(entries);
  }

  /** The places of one block are kept, no more. */
  keepPlaces(onReuse: () => void): void {
    this.#onReuse = onReuse;
  }

  cut(from: number, to: number, stop: number): number {
    const { calls } = this.#kernel;
    this.#onReuse?.();
    const most = Math.min(this.maxRows, this.#mostRows - this.#outlet.rows);
    const rows = calls.jsonRows(from, to, stop, this.#starts, this.#ends, this.#kinds, most);
    const end = calls.jsonConsumed.value >>> 0;
    const isBad = calls.isBadLine.value !== 0;
    this.#unknownKeys += calls.unknownKeys.value;
    this.#repeatedKeys += calls.repeatedKeys.value;
    this.#nestedValues += calls.nestedValues.value;
    this.#oddValues += calls.oddValues.value;
    const fields = this.#fields;
    fields.block = from;
    fields.starts = this.#starts;
    fields.ends = this.#ends;
    fields.kinds = this.#kinds;
    fields.stride = 4 * this.#keys.length;
    this.#outlet.checkText(from, end, fields, rows);
    this.#outlet.handOn(fields, rows);
    if (isBad) throw this.#badLine(end, to);
    return end;
  }

  guess(from: number, to: number): number {
    const newline = this.#kernel.bytes.subarray(from, to).indexOf(NEWLINE);
    return newline < 0 || from + newline + 1 === to ? 0 : from + newline + 1;
  }

  unfinished(from: number): RowFault {
    return this.#outlet.fault("E_JSON", 0, from, "has no end", "end each line with a line feed");
  }

  free(): void {
    this.#arena.free();
    this.#starts = 0;
  }

  #setKeys(): void {
    const words = this.#keys.map(({ name, values }) => ({
      bytes: Buffer.from(name),
      kind: values ? KINDS[values] : 0,
    }));
    const arena = new Arena(this.#kernel);
    const list = arena.take(words.reduce((sum, { bytes }) => sum + 8 + bytes.length, 8));
    const view = new DataView(this.#kernel.bytes.buffer);
    let at = list;
    for (const { bytes, kind } of words) {
      view.setUint32(at, kind, true);
      view.setUint32(at + 4, bytes.length, true);
      this.#kernel.bytes.set(bytes, at + 8);
      at += 8 + bytes.length;
    }
    const isSet = this.#kernel.calls.setJsonKeys(list, words.length) === 0;
    arena.free();
    if (!isSet) throw new ScanRefused("memory", "no memory for the names of the columns");
  }

  #badLine(from: number, to: number): RowFault {
    const { bytes } = this.#kernel;
    const newline = bytes.indexOf(NEWLINE, from);
    const line = Buffer.from(bytes.subarray(from, Math.min(newline, to, from + 300))).toString();
    const hint = "JSON Lines has one object on each line";
    return this.#outlet.fault("E_JSON", 0, from, `is no JSON object: ${clipText(line)}`, hint);
  }
}
