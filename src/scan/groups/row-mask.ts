import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { ColumnTest } from "../request.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { ScanTable } from "../table.ts";
import { indexOfColumn } from "../values/chosen-columns.ts";
import { ColumnReader } from "../values/columns.ts";
import { ColumnTests } from "./column-tests.ts";
import { Lane } from "./lane.ts";

/** Which rows of a block pass the tests of a request. */
export class RowMask {
  readonly readers: readonly ColumnReader[];
  /** Address of a byte a row of the block that was read last, 1 where it passes; 0 when all do. */
  address = 0;
  readonly #lanes: readonly Lane[];
  readonly #tests: ColumnTests;

  constructor(kernel: Kernel, arena: Arena, table: ScanTable, tests: readonly ColumnTest[], maxRows: number) {
    const columns = [...new Set(tests.map(({ column }) => indexOfColumn(table.columns, column)))];
    this.readers = columns.map((index) => new ColumnReader(kernel, arena, table, index, maxRows));
    this.#lanes = this.readers.map(({ kind, dictionary }) => new Lane(kernel, arena, kind, dictionary, maxRows));
    const laneOf = (name: string) => this.#lanes[this.readers.findIndex((reader) => reader.name === name)] as Lane;
    this.#tests = new ColumnTests(kernel, arena, tests, laneOf, maxRows);
  }

  read(fields: FieldTable): void {
    for (const [i, reader] of this.readers.entries()) {
      const { values, valid, nulls } = reader.parse(fields);
      (this.#lanes[i] as Lane).read(values, valid, nulls, fields.rows);
    }
    this.address = this.#tests.mask(fields.rows);
  }
}
