import { nearest, UsageError } from "../errors.ts";
import { cut } from "../words.ts";

/** The types that a column can be read as. `parseDtypes` takes more spellings. */
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
  "datetime64[us, UTC]",
];

const OTHER_NAMES: Readonly<Record<string, string>> = {
  int: "int64",
  integer: "int64",
  bigint: "int64",
  float: "float64",
  double: "float64",
  number: "float64",
  boolean: "bool",
  string: "str",
  text: "str",
  object: "str",
  datetime: "datetime64[us]",
  datetime64: "datetime64[us]",
  "datetime64[ns]": "datetime64[us]",
  "datetime64[ms]": "datetime64[us]",
  "datetime64[s]": "datetime64[us]",
  timestamp: "datetime64[us]",
  "datetime64[ns, UTC]": "datetime64[us, UTC]",
};

/**
 * The types of `--dtype`: `column:type`, several separated by commas, under pandas' names.
 *
 * @throws {UsageError} E_BAD_DTYPE
 * @example
 * parseDtypes("user_id:int32,category:category"); // { user_id: "int32", category: "category" }
 */
export function parseDtypes(text: string | Readonly<Record<string, string>>): Record<string, string> {
  if (typeof text !== "string")
    return Object.fromEntries(Object.entries(text).map(([name, type]) => [name, typeOf(type)]));
  const items = cut(text, ",").filter((item) => item.start < item.end);
  return Object.fromEntries(
    items.map((item) => {
      const [name, type, ...more] = cut(text, ":", item.start, item.end);
      const at = { text, start: item.start, end: item.end };
      if (!name?.text || !type?.text || more.length > 0)
        throw new UsageError("E_BAD_DTYPE", `"${text.slice(item.start, item.end)}" is not a column with its type`, {
          at,
          hint: "write column:type, as in user_id:int32, and quote names with : or ,",
        });
      return [name.text, typeOf(type.text, { text, start: type.start, end: type.end })];
    }),
  );
}

function typeOf(name: string, at?: { text: string; start: number; end: number }): string {
  const plain = name.trim();
  if (COLUMN_TYPES.includes(plain)) return plain;
  const decimal = /^decimal\((\d+), ?(\d+)\)$/i.exec(plain);
  if (decimal && Number(decimal[1]) <= 38 && Number(decimal[2]) <= Number(decimal[1]))
    return `decimal(${decimal[1]}, ${decimal[2]})`;
  const other = OTHER_NAMES[plain] ?? OTHER_NAMES[plain.toLowerCase()];
  if (other) return other;
  const near = nearest(plain, COLUMN_TYPES, 1)[0];
  throw new UsageError("E_BAD_DTYPE", `no type "${name}"`, {
    ...(at === undefined ? {} : { at }),
    hint: near ? `did you mean ${near}?` : `there are ${COLUMN_TYPES.join(", ")} and decimal(18, 2)`,
  });
}
