import { UsageError } from "../errors.ts";
import { isTable, type Table } from "./arrow.ts";
import type { Column } from "./column.ts";
import { type DataFrame, isFrame, type StockInternals } from "./danfo.ts";
import { columnsOfTable } from "./from-arrow.ts";
import { inferColumn } from "./infer.ts";
import { type ColumnInput, columnOfInput } from "./input.ts";
import { frameClass, frameClassIfAny } from "./lazy-frame.ts";
import { columnsOfRows, type PlainRow } from "./plain-rows.ts";
import { tableOfColumns } from "./to-arrow.ts";

export type { DataFrame } from "./danfo.ts";
export { isFrame, isSeries } from "./danfo.ts";
export type { ColumnInput } from "./input.ts";

/**
 * A Danfo frame over the columns of an Arrow table, without a copy of what need not be decoded.
 *
 * On the columns run: `columns`, `shape`, `size`, `dtypes`, access to and assignment of a column, `addColumn`, `copy`, `head`,
 * `tail`, `query`, `iloc` by rows, `loc` by columns or mask, `sum`, `mean`, `count`, `min`, `max`, `std` and `var` of a series
 * (of a frame with `axis: 0`), and `groupby` with these or an `agg` of them and `nunique`. Every other method makes plain rows
 * once and runs Danfo's own code.
 *
 * Where Danfo is wrong ours is right: a group-by keeps null keys as a group, never joins keys into one text, leaves nulls out
 * of aggregates (a sum of only nulls is null) and sorts its rows by key; sums are compensated; empty frames, bigints and
 * columns named like a part of the frame work.
 *
 * @example
 * const df = frameFromArrow(table);
 * df["amount"].sum();
 */
export function frameFromArrow(table: Table): DataFrame {
  return frameOverTable(table, (column) => column);
}

/** The same, with columns that somebody who knows more than Arrow's types reads in another way; the table stays as it is. */
export function frameOverTable(table: Table, read: (column: Column, index: number) => Column): DataFrame {
  return frameClass().make({ columns: columnsOfTable(table).map(read), length: table.numRows, table });
}

/** Loads what frames are made of, which takes longer than to make one: for who waits for their columns anyhow. */
export function loadFrames(): void {
  frameClass();
}

/**
 * A Danfo frame over typed arrays, in microseconds whatever their length.
 *
 * @throws {UsageError} E_COLUMN_LENGTH, E_COLUMN_TYPE, E_BAD_TYPE, E_DUPLICATE_COLUMN
 * @example
 * frameFromColumns([{ name: "user_id", type: "int32", values: new Int32Array([1, 2]) }]);
 */
export function frameFromColumns(inputs: readonly ColumnInput[]): DataFrame {
  const columns = inputs.map(columnOfInput);
  const length = columns[0]?.length ?? 0;
  const names = new Set<string>();
  for (const column of columns) {
    if (column.length !== length)
      throw new UsageError(
        "E_COLUMN_LENGTH",
        `column "${column.name}" has ${column.length} rows, the first has ${length}`,
        {
          hint: "give all columns the same length",
        },
      );
    if (names.has(column.name))
      throw new UsageError("E_DUPLICATE_COLUMN", `two columns are named "${column.name}"`, {
        hint: "rename one of them",
      });
    names.add(column.name);
  }
  return frameClass().make({ columns, length });
}

/** A frame of rows as objects, under the types that all of their values share. */
export function frameFromRows(rows: readonly PlainRow[]): DataFrame {
  return frameClass().make({ columns: columnsOfRows(rows), length: rows.length });
}

/**
 * The Arrow table of a frame: the very table that it sits on as long as it was not edited; a stock Danfo frame is encoded, with
 * types inferred from all of its values.
 *
 * @throws {DataError} E_MIXED_COLUMN for a column that holds values of several kinds
 * @example
 * arrowOf(df).numRows;
 */
export function arrowOf(frame: DataFrame | Table): Table {
  return tableUnder(frame) ?? tableOfColumns(columnsOf(frame), rowsOf(frame));
}

/** The table that a frame sits on; undefined where there is none yet. */
export function tableUnder(frame: DataFrame | Table): Table | undefined {
  return isTable(frame) ? frame : frameClassIfAny()?.partsOf(frame)?.table;
}

/** The columns under a frame or table: typed where the frame is one of ours, inferred from its values where it is stock Danfo's. */
export function columnsOf(frame: DataFrame | Table): readonly Column[] {
  if (isTable(frame)) return columnsOfTable(frame);
  const parts = frameClassIfAny()?.partsOf(frame);
  if (parts) return parts.columns;
  const { $columns, $data } = frame as unknown as StockInternals;
  return $columns.map((name, i) =>
    inferColumn(
      name,
      ($data as unknown[][]).map((row) => row[i]),
    ),
  );
}

/** How many rows a frame or table has, without a look at them. */
export function rowsOf(frame: DataFrame | Table): number {
  return isTable(frame) ? frame.numRows : (frame.shape[0] ?? 0);
}

/** Whether a frame's values or columns were changed in place after it was made; undefined for a stock Danfo frame. */
export function isEdited(frame: DataFrame): boolean | undefined {
  return isFrame(frame) ? frameClassIfAny()?.isEdited(frame) : undefined;
}
