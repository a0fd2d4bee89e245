import type { EngineColumn } from "../query/engine-table.ts";

export type GroupFunction =
  | "sum"
  | "count"
  | "mean"
  | "min"
  | "max"
  | "var"
  | "std"
  | "first"
  | "last"
  | "any"
  | "all"
  | "nunique";

export interface GroupAggregate {
  readonly fn: GroupFunction;
  /** A column, or `"*"` with `count` for rows. */
  readonly column: string;
  /** Name of the result's column. */
  readonly name: string;
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A test of one column; the tests of a request must all hold. A null fails every test but `null`. */
export type ColumnTest =
  | { readonly column: string; readonly test: Comparison; readonly value: number | bigint | string | boolean | Date }
  | { readonly column: string; readonly test: "in" | "not in"; readonly values: readonly (number | bigint | string)[] }
  | { readonly column: string; readonly test: "null" | "not null" };

/** Groups and what is computed of each. Without keys there is one group, also over no rows. */
export interface GroupRequest {
  readonly keys: readonly string[];
  readonly aggregates: readonly GroupAggregate[];
  readonly where?: readonly ColumnTest[] | undefined;
  /** Groups in the order of their keys: ascending, texts by code point, NaN behind every number, null last. Default false. */
  readonly sorted?: boolean | undefined;
}

/** Rows as chunks of typed columns, in the order of the text. */
export interface ColumnsRequest {
  /** Names in the order wanted; all when left out. */
  readonly columns?: readonly string[] | undefined;
  /** Every chunk but the last has exactly so many rows, while nobody limits them. Default 50,000. */
  readonly rows?: number | undefined;
  /** The buffer of a `ChunkRows`, through which chunks become smaller while the scan goes on. */
  readonly shared?: SharedArrayBuffer | undefined;
  readonly where?: readonly ColumnTest[] | undefined;
  /** Where to begin, as the `end` of a chunk said; the types of the table are then those of the rows before, and widen no more. */
  readonly from?: ScanPlace | undefined;
}

/**
 * A place in the text from which a later scan may go on, as plain data: the rows behind it are those behind `offset`, less the first
 * `pass` of them that pass the tests.
 */
export interface ScanPlace {
  /** Index of the file. */
  readonly file: number;
  /** Bytes of the file before the start of a row. */
  readonly offset: number;
  /** Rows of the file before it, those that were left out included. */
  readonly row: number;
  readonly pass: number;
}

/** Something that a reader should know: a widened column, skipped rows, an approximate figure. */
export interface ScanNote {
  readonly code: "widened" | "ragged" | "approximate" | "again";
  readonly message: string;
  /** Of a widened column pandas' name of the type that it is read as. */
  readonly widened?: { readonly column: string; readonly type: string } | undefined;
}

export interface GroupResult {
  /**
   * Keys first, then aggregates, in the order of the request; groups in no order unless it asks for one. The `dictionary` of a text column is made when it is
   * first read: of a million texts in a tenth of a second, in which nothing else runs.
   */
  readonly columns: readonly EngineColumn[];
  readonly groups: number;
  /** Rows that were read. */
  readonly rows: number;
  /** Rows that passed the tests. */
  readonly matched: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
  /** Makes the strings of all dictionaries, some at a time, so that other work goes on meanwhile. */
  makeStrings(): Promise<void>;
}
