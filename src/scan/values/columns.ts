import { KernelBug } from "../../errors.ts";
import { plainNumbers } from "../../source/number-form.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import type { FieldColumn, FieldTable } from "../rows/field-table.ts";
import { clipText } from "../rows/row-fault.ts";
import type { Kind, ScanTable } from "../table.ts";
import type { Misfit } from "../threads/work.ts";
import { fieldText, NO_QUOTES } from "./field-text.ts";
import { fillPowers } from "./powers.ts";
import { ValueFormat } from "./value-format.ts";

/** The values of a column in one block, in the kernel's memory; they are there until the next block is read. */
export interface BlockValues {
  /**
   * Address of what the kind says: i64 for ints, decimals (at their scale) and timestamps (microseconds), f64 for doubles, i32 for
   * dates (days), u8 for bools, u32 codes of the reader's dictionary for texts.
   */
  readonly values: number;
  /** Address of one byte a row, 1 for a value; 0 when nothing is missing. */
  readonly valid: number;
  readonly nulls: number;
  readonly rows: number;
}

/** What a source gives of each block: one object for all of them. */
export class ReadBlock implements BlockValues {
  values = 0;
  valid = 0;
  nulls = 0;
  rows = 0;

  set(values: number, valid: number, nulls: number, rows: number): this {
    this.values = values;
    this.valid = nulls === 0 ? 0 : valid;
    this.nulls = nulls;
    this.rows = rows;
    return this;
  }
}

/** Where the values of one column come from, block by block. */
export interface ColumnSource<Block> {
  readonly name: string;
  readonly kind: Kind;
  /** The dictionary of a text column, which grows with the texts; else 0. */
  readonly dictionary: number;
  /** The first value that is none of the kind, of all blocks so far. */
  readonly misfit: Misfit | undefined;
  /** Reads a block's column; the same object each time. */
  parse(block: Block): BlockValues;
  /** Gives back what the arena does not. */
  free(): void;
}

/** Where the kernel writes texts. */
export interface TextPlaces {
  readonly offsets: number;
  readonly bytes: number;
  readonly capacity: number;
  readonly valid: number;
}

/** Bytes of a misfit that a message may show. */
const MOST_SHOWN = 1024;

/** Bytes of one value. */
export const WIDTHS: Readonly<Record<Kind["kind"], number>> = {
  int: 8,
  decimal: 8,
  double: 8,
  timestamp: 8,
  date: 4,
  text: 4,
  bool: 1,
};

/** Gives the readers of a text's columns, by their index. */
export function columnsOfText(
  kernel: Kernel,
  table: ScanTable,
  maxRows: number,
): (arena: Arena, index: number) => ColumnReader {
  return (arena, index) => new ColumnReader(kernel, arena, table, index, maxRows);
}

/** Reads one column of a text, block by block. Its memory is the arena's. */
export class ColumnReader implements ColumnSource<FieldTable> {
  readonly kind: Kind;
  readonly name: string;
  /** Bytes of one value. */
  readonly width: number;
  readonly dictionary: number;
  readonly #kernel: Kernel;
  readonly #format: ValueFormat;
  readonly #index: number;
  readonly #marks: Parameters<typeof fieldText>[3];
  readonly #plain: (text: string) => string;
  readonly #values: number;
  readonly #valid: number;
  /** Rows that JavaScript must read. */
  readonly #hard: number;
  /** Least and greatest value of a narrower type. */
  readonly #range: number;
  readonly #block = new ReadBlock();
  #misfit: Misfit | undefined;

  constructor(kernel: Kernel, arena: Arena, table: ScanTable, index: number, maxRows: number) {
    const column = table.columns[index];
    if (column === undefined) throw new KernelBug(`the table has no column ${index}`);
    this.kind = column.type;
    this.name = column.name;
    this.width = WIDTHS[column.type.kind];
    this.#kernel = kernel;
    this.#index = index;
    this.#marks = table.format === "csv" ? table.dialect : NO_QUOTES;
    this.#plain = plainNumbers(table.dialect);
    this.#format = new ValueFormat(kernel, arena, table.dialect, column);
    this.#values = arena.take(Math.max(1, maxRows * this.width));
    this.#valid = arena.take(Math.max(1, maxRows));
    this.#hard = this.kind.kind === "double" ? arena.take(Math.max(1, maxRows * 4)) : 0;
    this.#range = keepRange(kernel, arena, column.type);
    this.dictionary = this.kind.kind === "text" ? kernel.calls.dictNew() >>> 0 : 0;
    if (this.kind.kind === "text" && this.dictionary === 0) throw noMemory(this.name);
    if (this.kind.kind === "double") fillPowers(kernel);
  }

  get misfit(): Misfit | undefined {
    return this.#misfit;
  }

  parse(fields: FieldTable): BlockValues {
    const { calls } = this.#kernel;
    const { rows } = fields;
    const column = fields.column(this.#index);
    this.#format.apply();
    let nulls = this.#read(column, rows);
    if (nulls < 0) throw noMemory(this.name);
    if (this.#range !== 0) nulls += calls.limitInts(this.#values, this.#valid, rows, this.#range);
    if (calls.misfits.value > 0 && this.#misfit === undefined) this.#misfit = this.#misfitOf(fields, column);
    return this.#block.set(this.#values, this.#valid, nulls, rows);
  }

  /** Copies the texts of fields as they are, with u32 offsets; gives the nulls, or -1 when the room does not do. */
  parseTexts({ starts, skip, ends, stride }: FieldColumn, rows: number, into: TextPlaces): number {
    this.#format.apply();
    const { offsets, bytes, capacity, valid } = into;
    return this.#kernel.calls.parseTexts(starts, skip, ends, stride, rows, offsets, bytes, capacity, valid);
  }

  /** The fields of this column. */
  fieldsOf(fields: FieldTable): FieldColumn {
    return fields.column(this.#index);
  }

  free(): void {
    if (this.dictionary !== 0) this.#kernel.calls.dictFree(this.dictionary);
  }

  #read(column: FieldColumn, rows: number): number {
    const { calls } = this.#kernel;
    const { kind } = this;
    const { starts, skip, ends, stride } = column;
    const [out, valid] = [this.#values, this.#valid];
    switch (kind.kind) {
      case "int":
        return calls.parseInts(starts, skip, ends, stride, rows, out, valid);
      case "decimal":
        return calls.parseDecimals(starts, skip, ends, stride, rows, kind.scale, out, valid);
      case "double": {
        const nulls = calls.parseDoubles(starts, skip, ends, stride, rows, out, valid, this.#hard);
        if (calls.hardRows.value > 0) this.#readHard(column, calls.hardRows.value);
        if (kind.isNarrow) calls.narrowDoubles(out, rows);
        return nulls;
      }
      case "bool":
        return calls.parseBools(starts, skip, ends, stride, rows, out, valid);
      case "date":
        return calls.parseDates(starts, skip, ends, stride, rows, out, valid);
      case "timestamp":
        return calls.parseTimestamps(starts, skip, ends, stride, rows, kind.zoned ? 1 : 0, out, valid);
      case "text":
        return calls.parseCodes(starts, skip, ends, stride, rows, this.dictionary, out, valid);
    }
  }

  /** JavaScript reads the numbers whose rounding the kernel left open. */
  #readHard(column: FieldColumn, count: number): void {
    const { buffer } = this.#kernel.calls.memory;
    const values = new DataView(buffer);
    const memory = Buffer.from(buffer);
    for (const row of new Uint32Array(buffer, this.#hard, count)) {
      const text = fieldText(memory, column, row, this.#marks);
      values.setFloat64(this.#values + 8 * row, Number(this.#plain(text.trim())), true);
    }
  }

  #misfitOf(fields: FieldTable, column: FieldColumn): Misfit {
    const { firstMisfit, misfitReason } = this.#kernel.calls;
    const row = firstMisfit.value;
    const memory = Buffer.from(this.#kernel.calls.memory.buffer);
    const text = clipText(fieldText(memory, column, row, this.#marks, MOST_SHOWN));
    const start = memory.readUInt32LE(column.starts + row * column.stride) + column.skip;
    const [number, offset] = [fields.numberOf(row), fields.fileOffset + start];
    return { column: this.#index, row: number, reason: misfitReason.value, offset, text };
  }
}

/** Addresses of the limits of a narrower type as two i64; 0 for a type that 64 bits hold. */
function keepRange(kernel: Kernel, arena: Arena, type: Kind): number {
  const range = type.kind === "int" ? type.range : type.kind === "decimal" ? rangeOfDigits(type.precision) : undefined;
  if (range === undefined) return 0;
  const place = arena.take(16);
  new BigInt64Array(kernel.calls.memory.buffer, place, 2).set([range.min, range.max]);
  return place;
}

function rangeOfDigits(digits: number | undefined): { min: bigint; max: bigint } | undefined {
  if (digits === undefined || digits >= 18) return undefined;
  const max = 10n ** BigInt(digits) - 1n;
  return { min: -max, max };
}

function noMemory(column: string): ScanRefused {
  return new ScanRefused("memory", `the texts of column "${column}" are over the scanner's memory limit`);
}
