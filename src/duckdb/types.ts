/** SQL's name of a pandas type that `--dtype` knows. */
export function sqlTypeOf(type: string): string {
  const decimal = /^decimal\((\d+), (\d+)\)$/.exec(type);
  if (decimal) return `DECIMAL(${decimal[1]},${decimal[2]})`;
  return SQL_TYPES[type] ?? "VARCHAR";
}

const SQL_TYPES: Readonly<Record<string, string>> = {
  int8: "TINYINT",
  int16: "SMALLINT",
  int32: "INTEGER",
  int64: "BIGINT",
  uint8: "UTINYINT",
  uint16: "USMALLINT",
  uint32: "UINTEGER",
  uint64: "UBIGINT",
  float32: "FLOAT",
  float64: "DOUBLE",
  bool: "BOOLEAN",
  date: "DATE",
  "datetime64[us]": "TIMESTAMP",
  "datetime64[us, UTC]": "TIMESTAMP WITH TIME ZONE",
};

const LARGEST_SAFE = 2n ** 53n - 1n;

/** The range in which a number read as a double is that very integer of the type. */
export function safeRange(type: string): { readonly low: bigint; readonly high: bigint } {
  const match = /^(u?)int(\d+)$/.exec(type);
  const bits = BigInt(match?.[2] ?? 64);
  const [low, high] = match?.[1] ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return { low: low < -LARGEST_SAFE ? -LARGEST_SAFE : low, high: high > LARGEST_SAFE ? LARGEST_SAFE : high };
}

export function isInteger(type: string): boolean {
  return /^u?int\d+$/.test(type);
}
