import type { ProgressListener } from "../progress.ts";
import type { EngineTable } from "../query/engine-table.ts";

export interface QueryOptions {
  /** What the progress events call the work. */
  readonly operation?: string | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** pandas' names for columns that are to have another than their own, as `category`. */
  readonly types?: Readonly<Record<string, string>> | undefined;
  /** Rows to make room for at once. */
  readonly rows?: number | undefined;
  /** Rows that are passed over before the first table of a stream. */
  readonly skip?: number | undefined;
  /** pandas' names of the types that the user declared for columns of the source, for messages. */
  readonly sourceTypes?: Readonly<Record<string, string>> | undefined;
}

export interface StreamedTable extends EngineTable {
  /** Number of its first row in the whole result, from 0. */
  readonly firstRow: number;
}
