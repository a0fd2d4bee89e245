import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { ValueFigures } from "../statistics/column-figures.ts";
import type { StatisticsRoom } from "../statistics/statistics-room.ts";
import { type TextPart, TextStatistics } from "../statistics/text-statistics.ts";
import type { ScanColumn, ScanTable } from "../table.ts";
import type { ColumnWork } from "../threads/column-work.ts";
import { ValueFormat } from "./value-format.ts";

/** The statistics of a column of texts, from its fields. */
export class TextColumn implements ColumnWork<TextPart> {
  readonly misfit = undefined;
  readonly #kernel: Kernel;
  readonly #format: ValueFormat;
  readonly #index: number;
  readonly #room: StatisticsRoom;
  readonly #statistics: TextStatistics;

  constructor(kernel: Kernel, table: ScanTable, index: number, room: StatisticsRoom) {
    const column = table.columns[index] as ScanColumn;
    this.#kernel = kernel;
    this.#format = new ValueFormat(kernel, room.arena, table.dialect, column);
    this.#index = index;
    this.#room = room;
    this.#statistics = new TextStatistics(kernel);
  }

  consume(fields: FieldTable): number {
    this.#format.apply();
    return this.#statistics.dictionary === 0 ? this.#addTexts(fields) : this.#addCodes(fields);
  }

  part(): TextPart {
    return this.#statistics.part();
  }

  merge(part: TextPart): void {
    this.#format.apply();
    this.#statistics.merge(part);
  }

  figures(): ValueFigures {
    return this.#statistics.figures();
  }

  free(): void {
    this.#statistics.free();
  }

  #addCodes(fields: FieldTable): number {
    const { parseCodes, denseCodes } = this.#kernel.calls;
    const { starts, skip, ends, stride } = fields.column(this.#index);
    const { firstRow, rows } = fields;
    const { values, valid } = this.#room;
    const nulls = parseCodes(starts, skip, ends, stride, rows, this.#statistics.dictionary, values, valid);
    if (nulls < 0) throw noMemory();
    const count = nulls === 0 ? rows : denseCodes(values, valid, rows, values);
    this.#statistics.addCodes(values, count, firstRow, rows);
    return nulls;
  }

  #addTexts(fields: FieldTable): number {
    const { fieldBytes, parseTexts, denseTexts } = this.#kernel.calls;
    const { starts, skip, ends, stride } = fields.column(this.#index);
    const { firstRow, rows } = fields;
    const { values, valid } = this.#room;
    const capacity = fieldBytes(starts, skip, ends, stride, rows);
    const bytes = this.#room.bytes(capacity + 64);
    const nulls = parseTexts(starts, skip, ends, stride, rows, values, bytes, capacity + 64, valid);
    if (nulls < 0) throw noMemory();
    const count = nulls === 0 ? rows : denseTexts(values, valid, rows);
    this.#statistics.addTexts(values, bytes, count, firstRow, rows);
    return nulls;
  }
}

function noMemory(): ScanRefused {
  return new ScanRefused("memory", "no memory for a column's texts within the scanner's limit");
}
