/** What completion offers behind a column's colon in `--dtype`. The library takes more spellings. */
export const COLUMN_TYPES: readonly string[] = [
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "bool",
  "str",
  "category",
  "date",
  "datetime64[us]",
];
