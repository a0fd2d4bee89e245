import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { ColumnValues } from "../statistics/column-figures.ts";
import { type NumberPart, NumberStatistics } from "../statistics/number-statistics.ts";
import type { StatisticsRoom } from "../statistics/statistics-room.ts";
import { type WrittenPart, WrittenRecords } from "../statistics/written-records.ts";
import type { ScanTable } from "../table.ts";
import type { ColumnWork } from "../threads/column-work.ts";
import type { Misfit } from "../threads/work.ts";
import { type BlockValues, ColumnReader } from "./columns.ts";

export interface NumberColumnPart {
  readonly values: NumberPart;
  readonly written: WrittenPart;
}

/** The statistics of a column of numbers, dates or booleans, from its fields. */
export class NumberColumn implements ColumnWork<NumberColumnPart> {
  readonly #kernel: Kernel;
  readonly #index: number;
  readonly #room: StatisticsRoom;
  readonly #reader: ColumnReader;
  readonly #statistics: NumberStatistics;
  readonly #written: WrittenRecords;

  constructor(kernel: Kernel, table: ScanTable, index: number, room: StatisticsRoom) {
    this.#kernel = kernel;
    this.#index = index;
    this.#room = room;
    this.#reader = new ColumnReader(kernel, room.arena, table, index, room.maxRows);
    this.#statistics = new NumberStatistics(kernel, this.#reader.kind, room.maxRows, room.places);
    this.#written = new WrittenRecords(kernel, room.arena, this.#reader.kind.kind);
  }

  get misfit(): Misfit | undefined {
    return this.#reader.misfit;
  }

  consume(fields: FieldTable): number {
    const { firstRow, rows } = fields;
    const block = this.#reader.parse(fields);
    const column = fields.column(this.#index);
    this.#written.add(column, rows, block.values, block.valid);
    if (this.#reader.misfit && block.valid !== 0) this.#written.addMisfits(column, rows, block.valid);
    const [values, count] = this.#dense(block);
    this.#statistics.add(values, count, firstRow, rows);
    return block.nulls;
  }

  part(): NumberColumnPart {
    return { values: this.#statistics.part(), written: this.#written.part() };
  }

  merge({ values, written }: NumberColumnPart): void {
    this.#statistics.merge(values);
    this.#written.merge(written);
  }

  figures(): ColumnValues {
    const { numbers, ...values } = this.#statistics.figures();
    const unusual = (numbers?.unusual ?? 0) + this.#written.negativeZeros;
    return { ...values, numbers: numbers && { ...numbers, unusual }, ...this.#written.figures() };
  }

  free(): void {
    this.#statistics.free();
    this.#written.free();
    this.#reader.free();
  }

  /** The values one behind the other, 8 bytes each. */
  #dense({ values, valid, nulls, rows }: BlockValues): readonly [address: number, count: number] {
    const { denseNarrow, denseValues } = this.#kernel.calls;
    const out = this.#room.values;
    if (this.#reader.width < 8) return [out, denseNarrow(values, this.#reader.width, valid, rows, out)];
    return nulls === 0 ? [values, rows] : [out, denseValues(values, valid, rows, out)];
  }
}
