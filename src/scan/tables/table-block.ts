import { DataError } from "../../errors.ts";
import { arrow, type Data } from "../../frame/arrow.ts";

/** Rows of a table in Arrow's layout. */
export interface TableRows {
  readonly columns: readonly { readonly name: string; readonly data: Data }[];
  readonly rows: number;
  /** How much of the source was read with it, 0 to 1, where that is known. */
  readonly fraction?: number | undefined;
}

/** Some of them, that are worked on together. */
export interface TableBlock {
  readonly table: TableRows;
  /** Index of the first in the table. */
  readonly from: number;
  readonly rows: number;
  /** Its place among all rows. */
  readonly firstRow: number;
}

/** The data of a column; undefined where it has no value. */
export function dataOf({ columns }: TableRows, column: string): Data | undefined {
  const data = columns.find(({ name }) => name === column)?.data;
  return data && data.nullCount < data.length && !arrow().DataType.isNull(data.type) ? data : undefined;
}

/** @throws {DataError} E_DAMAGED_FILE where a column says that it has more than there is */
export function requireLength(have: number, wanted: number): void {
  if (have >= wanted) return;
  throw new DataError(
    "E_DAMAGED_FILE",
    `a column is damaged: it has ${have} values or bytes where ${wanted} are needed`,
    {
      hint: "fetch or write it again",
    },
  );
}
