import type { ColumnsRequest } from "./request.ts";
import type { Kind, ScanTable } from "./table.ts";
import { chosenColumns } from "./values/chosen-columns.ts";

/** Nanoseconds that a value takes, as measured: about how the kinds compare. */
const COSTS: Readonly<Record<Kind["kind"], number>> = {
  int: 5,
  decimal: 9,
  double: 20,
  bool: 4,
  date: 9,
  timestamp: 9,
  text: 10,
};
/** The same of finding a row and its fields. */
const ROW_COST = 20;
/** More would mostly wait for each other, and each has memory of its own. */
const MOST = 4;

/**
 * How many of at most `most` threads are of use for the columns of a request: one at a time finds rows and their fields, so that the others can only be
 * busy with values. 1 where threads cannot take turns.
 */
export function columnThreads(table: ScanTable, request: ColumnsRequest, most: number): number {
  // Lines of JSON are cut and read in one, what is unpacked comes in one stream, and of rows that are tested nobody knows how many are left.
  const isPlain =
    table.format === "csv" &&
    table.compression === undefined &&
    table.dialect.encoding === "utf-8" &&
    !request.where?.length;
  if (!isPlain) return 1;
  const columns = chosenColumns(table.columns, request.columns).map((index) => table.columns[index] as Typed);
  const cost = columns.reduce((sum, { type }) => sum + COSTS[type.kind], 0);
  return Math.min(most, MOST, 1 + Math.floor(cost / ROW_COST));
}

type Typed = ScanTable["columns"][number];
