import { UsageError } from "../errors.ts";

/** A pandas type name taken apart. */
export type TypeInfo =
  | { readonly family: "int"; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly family: "float"; readonly bits: 16 | 32 | 64 }
  | { readonly family: "bool" }
  | { readonly family: "text" }
  | { readonly family: "category" }
  | { readonly family: "timestamp"; readonly unit: TimeUnitName; readonly zone: string | undefined }
  | { readonly family: "date" }
  | { readonly family: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly family: "other" };

export type TimeUnitName = "s" | "ms" | "us" | "ns";

const OTHER = /^(object|list|struct|binary|time|timedelta64\[(s|ms|us|ns)\])$/;
const parsed = new Map<string, TypeInfo>();

/**
 * Reads a pandas type name: `int8` to `uint64`, `float16` to `float64`, `bool`, `str`, `category`, `datetime64[us]`,
 * `datetime64[us, UTC]`, `date`, `decimal(18, 2)`, `list`, `struct`, `binary`, `time`, `timedelta64[us]`, `object`.
 *
 * @throws {UsageError} E_BAD_TYPE
 */
export function parseType(name: string): TypeInfo {
  let info = parsed.get(name);
  if (!info) {
    info = parse(name);
    parsed.set(name, info);
  }
  return info;
}

function parse(name: string): TypeInfo {
  const number = /^(u?)int(8|16|32|64)$/.exec(name);
  if (number) return { family: "int", bits: Number(number[2]) as 8 | 16 | 32 | 64, signed: number[1] === "" };
  const float = /^float(16|32|64)$/.exec(name);
  if (float) return { family: "float", bits: Number(float[1]) as 16 | 32 | 64 };
  const time = /^datetime64\[(s|ms|us|ns)(?:, ([^\]]+))?\]$/.exec(name);
  if (time) return { family: "timestamp", unit: time[1] as TimeUnitName, zone: time[2] };
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(name);
  if (decimal) return { family: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (name === "bool" || name === "category" || name === "date") return { family: name };
  if (name === "str" || name === "string") return { family: "text" };
  if (OTHER.test(name)) return { family: "other" };
  throw new UsageError("E_BAD_TYPE", `"${name}" is not a column type`, {
    hint: "use a pandas name such as int64, float32, bool, str, category, datetime64[us] or decimal(18, 2)",
  });
}

/** Danfo's own name for the type, which decides what its methods allow. */
export function danfoType(name: string): string {
  const { family } = parseType(name);
  if (family === "int") return "int32";
  if (family === "float" || family === "decimal") return "float32";
  if (family === "bool") return "boolean";
  if (family === "timestamp" || family === "date") return "datetime";
  return "string";
}

/** Whether its values are moments or days. */
export function isMoment(name: string): boolean {
  const { family } = parseType(name);
  return family === "timestamp" || family === "date";
}

export function isNumeric(name: string): boolean {
  const { family } = parseType(name);
  return family === "int" || family === "float" || family === "decimal";
}
