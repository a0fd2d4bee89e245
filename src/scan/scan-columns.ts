import type { EngineColumn } from "../query/engine-table.ts";
import { ColumnRun } from "./column-run.ts";
import { partOf } from "./part-of.ts";
import type { ColumnsRequest, ScanNote, ScanPlace } from "./request.ts";
import type { ScanTable } from "./table.ts";
import type { ScanOptions } from "./threads/run-scan.ts";

/** Rows of a scan as columns. The buffers are the receiver's own. */
export interface ColumnChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among the rows that are handed out, from 0. */
  readonly firstRow: number;
  /** Where the rows behind it begin, for a later scan; undefined where a scan cannot begin there, as in what is compressed. */
  readonly end: ScanPlace | undefined;
  /** With the types that all chunks have. */
  readonly table: ScanTable;
}

export interface ColumnsResult {
  /** Rows that were read. */
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
}

/**
 * The rows of a table in chunks of typed columns, in the order of the text; one chunk without rows when there are none. Threads
 * read ahead, no more than a few chunks, each chunk by one of them. A value that does not fit its column widens it as long
 * as no chunk has been handed out, and is an error after that.
 *
 * @throws {DataError | UsageError | Interrupted}
 * @throws {ScanRefused} when another engine must do it
 */
export async function* scanColumns(
  given: ScanTable,
  request: ColumnsRequest = {},
  options: ScanOptions = {},
): AsyncGenerator<ColumnChunk, ColumnsResult, undefined> {
  const where = request.where ?? [];
  const table = partOf(given, request.columns && [...request.columns, ...where.map(({ column }) => column)]);
  const run = new ColumnRun(table, request, options);
  let firstRow = 0;
  try {
    for (let chunk = await run.next(); chunk; chunk = await run.next()) {
      yield { ...chunk, firstRow, table: run.table };
      firstRow += chunk.rows;
    }
    const { rows, bytes, notes } = await run.result();
    return { rows, bytes, notes };
  } finally {
    await run.stop();
  }
}
