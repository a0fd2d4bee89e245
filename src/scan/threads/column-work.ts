import type { FieldTable } from "../rows/field-table.ts";
import type { ColumnValues } from "../statistics/column-figures.ts";
import type { Misfit } from "./work.ts";

/** What is done with one column of a table's rows. */
export interface ColumnWork<Part = unknown> {
  /** The first value that is none of the column's kind. */
  readonly misfit: Misfit | undefined;
  /** Takes a block's rows and gives how many have no value. */
  consume(fields: FieldTable): number;
  /** What was found out so far; it can be sent to another thread. */
  part(): Part;
  /** Adds a part of other rows, in any order. */
  merge(part: Part): void;
  figures(): ColumnValues;
  free(): void;
}
