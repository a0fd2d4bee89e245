import { partOf } from "./part-of.ts";
import type { ScanNote } from "./request.ts";
import type { ColumnFigures } from "./statistics/column-figures.ts";
import type { StatisticsRequest } from "./statistics/statistics.ts";
import type { ScanTable } from "./table.ts";
import { runScan, type ScanOptions } from "./threads/run-scan.ts";
import { chosenColumns } from "./values/chosen-columns.ts";

export interface StatisticsResult {
  /** In the order of the request. */
  readonly columns: readonly ColumnFigures[];
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
}

/**
 * Statistics of a table's columns in one pass over all rows, in threads and in bounded memory.
 *
 * @throws {UsageError} E_NO_COLUMN
 * @throws {DataError | Interrupted}
 * @throws {ScanRefused} when another engine must do it
 */
export async function scanStatistics(
  table: ScanTable,
  request: StatisticsRequest = {},
  options: ScanOptions = {},
): Promise<StatisticsResult> {
  const part = partOf(table, request.columns);
  chosenColumns(part.columns, request.columns);
  const { value, rows, bytes, notes } = await runScan(part, { kind: "statistics", request }, options);
  return { columns: value as readonly ColumnFigures[], rows, bytes, notes };
}
