import type { DataType } from "../frame/arrow.ts";

/** One column of a result, in the layout that Arrow and the frames share. */
export interface EngineColumn {
  readonly name: string;
  /** pandas' type name. */
  readonly type: string;
  /**
   * What fits the type: `int64` and `datetime64[us]` (microseconds) are BigInt64Array, narrower integers and floats their
   * own typed array, `bool` a Uint8Array of 0 and 1, `date` days in an Int32Array, `decimal(p, s)` unscaled integers in a
   * BigInt64Array, text and categories Int32Array codes into `dictionary`, everything else a plain array.
   */
  readonly values: ColumnValues;
  /** Arrow's bitmap, least significant bit first, 1 for a value; undefined when nothing is missing. */
  readonly validity?: Uint8Array | undefined;
  readonly dictionary?: readonly string[] | undefined;
  /** The Arrow type that it came with: see `Column`. */
  readonly arrowType?: DataType | undefined;
}

export type TypedColumn =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type ColumnValues = TypedColumn | readonly unknown[];

/** Rows of a result as columns. */
export interface EngineTable {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
}
