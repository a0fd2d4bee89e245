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

const NAMES: Readonly<Record<string, string>> = {
  BOOLEAN: "bool",
  TINYINT: "int8",
  SMALLINT: "int16",
  INTEGER: "int32",
  BIGINT: "int64",
  HUGEINT: "int64",
  UTINYINT: "uint8",
  USMALLINT: "uint16",
  UINTEGER: "uint32",
  UBIGINT: "uint64",
  FLOAT: "float32",
  DOUBLE: "float64",
  VARCHAR: "str",
  UUID: "str",
  // Times of day, durations and bits have no form in JavaScript: they are read as the engine writes them.
  TIME: "str",
  "TIME WITH TIME ZONE": "str",
  INTERVAL: "str",
  BIT: "str",
  DATE: "date",
  TIMESTAMP: "datetime64[us]",
  TIMESTAMP_S: "datetime64[us]",
  TIMESTAMP_MS: "datetime64[us]",
  TIMESTAMP_NS: "datetime64[us]",
  "TIMESTAMP WITH TIME ZONE": "datetime64[us, UTC]",
  TIMESTAMPTZ: "datetime64[us, UTC]",
};

/**
 * pandas' name of a type as DuckDB writes it.
 *
 * @example
 * pandasType("DECIMAL(9,2)"); // "decimal(9, 2)"
 */
export function pandasType(sqlType: string): string {
  const decimal = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(sqlType);
  if (decimal) return `decimal(${decimal[1]}, ${decimal[2]})`;
  if (sqlType.endsWith("]")) return "list";
  if (/^(STRUCT|MAP|UNION)\b/.test(sqlType)) return "struct";
  if (sqlType.startsWith("ENUM")) return "category";
  return NAMES[sqlType] ?? "object";
}
