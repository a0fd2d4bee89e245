import type { Moved } from "../../threads/serve.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { ScanTable } from "../table.ts";
import type { ColumnWork } from "../threads/column-work.ts";
import { moved } from "../threads/moved.ts";
import type { Misfit, Work } from "../threads/work.ts";
import { NumberColumn } from "../values/number-column.ts";
import { TextColumn } from "../values/text-column.ts";
import type { ColumnFigures } from "./column-figures.ts";
import { StatisticsRoom } from "./statistics-room.ts";

export interface StatisticsRequest {
  /** Names in the order wanted; all when left out. */
  readonly columns?: readonly string[] | undefined;
  /** Values that are none of their column's kind are counted with the figures instead of widening the column. */
  readonly keepsMisfits?: boolean | undefined;
}

interface StatisticsPart {
  readonly rows: number;
  readonly nulls: readonly number[];
  readonly columns: readonly unknown[];
}

/** Statistics of columns in one pass, in bounded memory. */
export class Statistics implements Work {
  readonly #table: ScanTable;
  readonly #keepsMisfits: boolean;
  readonly #arena: Arena;
  readonly #indices: readonly number[];
  readonly #columns: readonly ColumnWork[];
  readonly #nulls: number[];
  readonly #misfits: Misfit[] = [];
  #rows = 0;

  constructor(kernel: Kernel, table: ScanTable, request: StatisticsRequest, maxRows: number) {
    this.#table = table;
    this.#keepsMisfits = request.keepsMisfits ?? false;
    this.#arena = new Arena(kernel);
    const names = table.columns.map(({ name }) => name);
    this.#indices = (request.columns ?? names).map((name) => names.indexOf(name));
    const room = new StatisticsRoom(this.#arena, maxRows, this.#indices.length);
    this.#columns = this.#indices.map((index) =>
      table.columns[index]?.type.kind === "text"
        ? new TextColumn(kernel, table, index, room)
        : new NumberColumn(kernel, table, index, room),
    );
    this.#nulls = this.#indices.map(() => 0);
  }

  get misfits(): readonly Misfit[] {
    return this.#misfits;
  }

  consume(fields: FieldTable): void {
    for (const [i, column] of this.#columns.entries()) {
      const before = column.misfit;
      this.#nulls[i] = (this.#nulls[i] as number) + column.consume(fields);
      if (!before && column.misfit && !this.#keepsMisfits) this.#misfits.push(column.misfit);
    }
    this.#rows += fields.rows;
  }

  parts(): readonly Moved<StatisticsPart>[] {
    const value = { rows: this.#rows, nulls: this.#nulls, columns: this.#columns.map((column) => column.part()) };
    return [moved(value)];
  }

  merge(part: unknown): void {
    const { rows, nulls, columns } = part as StatisticsPart;
    this.#rows += rows;
    for (const [i, column] of this.#columns.entries()) {
      this.#nulls[i] = (this.#nulls[i] as number) + (nulls[i] as number);
      column.merge(columns[i]);
    }
  }

  result(): Moved<readonly ColumnFigures[]> {
    const value = this.#columns.map((column, i): ColumnFigures => {
      const { name, type } = this.#table.columns[this.#indices[i] as number] as ScanTable["columns"][number];
      return { name, type, rows: this.#rows, nulls: this.#nulls[i] as number, ...column.figures() };
    });
    return { value, buffers: [] };
  }

  free(): void {
    for (const column of this.#columns) column.free();
    this.#arena.free();
  }
}
