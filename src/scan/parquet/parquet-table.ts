import type { SourceFile } from "../../source/source.ts";
import type { ScanColumn } from "../table.ts";
import type { ColumnForm } from "./column-form.ts";

/** Parquet files with what is needed to read some of their columns. Plain data, which threads are told. */
export interface ParquetTable {
  readonly files: readonly SourceFile[];
  readonly columns: readonly ScanColumn[];
  /** In the order of the columns. */
  readonly forms: readonly ColumnForm[];
  readonly groups: readonly RowGroup[];
}

/** Rows that lie together in a file. */
export interface RowGroup {
  /** Index of its file. */
  readonly file: number;
  readonly rows: number;
  /** In the order of the columns. */
  readonly chunks: readonly Chunk[];
}

/** The part of a column that is in one group. */
export interface Chunk {
  readonly start: number;
  readonly bytes: number;
  readonly codec: number;
  readonly isOptional: boolean;
}

/** Bytes of the columns that are read. */
export function bytesOfGroup({ chunks }: RowGroup): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}
