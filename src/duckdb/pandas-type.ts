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
