import type { FieldTable } from "./field-table.ts";
import type { RowFault } from "./row-fault.ts";

/** What was unusual in the rows of a read. */
export interface RowCounts {
  /** Rows that were handed out. */
  readonly rows: number;
  /** Rows with another number of fields than there are columns, filled or skipped as the dialect says. */
  readonly ragged: number;
  readonly skipped: number;
  /** The first of them, counted from the first row of the read, skipped ones included; -1 without one. */
  readonly firstRagged: number;
  /** JSON Lines: keys that are no columns, and keys that come again in their object. */
  readonly unknownKeys: number;
  readonly repeatedKeys: number;
  /** JSON Lines: values of columns that are objects or arrays, and others that are not what their column wants. */
  readonly nestedValues: number;
  readonly oddValues: number;
}

export const NOTHING_UNUSUAL: RowCounts = {
  rows: 0,
  ragged: 0,
  skipped: 0,
  firstRagged: -1,
  unknownKeys: 0,
  repeatedKeys: 0,
  nestedValues: 0,
  oddValues: 0,
};

/** Finds the fields of the rows of one stretch of text after the other. */
export interface RowCutter {
  /** No table of fields has more rows. */
  readonly maxRows: number;
  /** The byte that ends the last row of a text that does not. */
  readonly terminator: number;
  /** Counted since `begin`. */
  readonly counts: RowCounts;
  /** From here on at most `mostRows` are handed out. */
  begin(onRows: (fields: FieldTable) => void, firstRow: number, mostRows: number): void;
  /** What was handed out stays until `onReuse` is called, in room for a text of so many bytes. */
  keepPlaces(onReuse: () => void, bytes: number): void;
  /** What an address of the text that is cut next is more in the file. */
  fileOffset: number;
  /** Hands out the rows that begin before `stop` and end before `to`; the address after the last of them. */
  cut(from: number, to: number, stop: number, isLast: boolean): number;
  /** Address of the first row after the first byte of a stretch from the middle of a text; 0 when it shows too little and is not all. */
  guess(from: number, to: number, isAll: boolean): number;
  /** What is wrong when the text ends and the row that begins at an address does not. */
  unfinished(from: number): RowFault;
  free(): void;
}
