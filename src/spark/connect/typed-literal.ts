import { UsageError } from "../../errors.ts";
import type { LiteralInit } from "./literal.ts";

/** The whole numbers of each integer type, by its bits, and the name of its literal. */
const INTEGERS = {
  tinyint: [8, "byte"],
  byte: [8, "byte"],
  smallint: [16, "short"],
  short: [16, "short"],
  int: [32, "integer"],
  integer: [32, "integer"],
  bigint: [64, "long"],
  long: [64, "long"],
} as const;
const DAY_MS = 86_400_000;
const DECIMAL = /^([+-]?)0*(\d*)(?:\.(\d*))?$/;
const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?$/;

/**
 * A value as a literal of a type in Spark's words. Decimals are given as text, numbers or bigints; dates as text or as the day of a
 * `Date` in UTC; timestamps as `Date`, those without a zone also as text, to the microsecond.
 *
 * @throws {UsageError} E_SPARK_LITERAL
 */
export function typedLiteral(value: unknown, type: string): LiteralInit {
  const name = type.trim().toLowerCase();
  if (name in INTEGERS) return integer(value, name as keyof typeof INTEGERS);
  if (name.startsWith("decimal")) return decimal(value, name);
  if (name === "date")
    return { literalType: { case: "date", value: Number(micros(value, name) / BigInt(DAY_MS * 1000)) } };
  if (name === "timestamp" && value instanceof Date)
    return { literalType: { case: "timestamp", value: micros(value, name) } };
  if (name === "timestamp_ntz") return { literalType: { case: "timestampNtz", value: micros(value, name) } };
  if (name === "string" && typeof value === "string") return { literalType: { case: "string", value } };
  if (name === "boolean" && typeof value === "boolean") return { literalType: { case: "boolean", value } };
  if (name === "binary" && value instanceof Uint8Array) return { literalType: { case: "binary", value } };
  if ((name === "float" || name === "double") && typeof value === "number")
    return { literalType: { case: name, value } };
  throw wrongValue(
    value,
    name,
    "types are tinyint, smallint, int, bigint, float, double, decimal(p,s), string, binary, boolean, date, timestamp and timestamp_ntz",
  );
}

function integer(value: unknown, type: keyof typeof INTEGERS): LiteralInit {
  const [bits, name] = INTEGERS[type];
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isWhole || BigInt.asIntN(bits, BigInt(value as number)) !== BigInt(value as number))
    throw wrongValue(value, type, `give a whole number of ${bits} bits`);
  if (name === "long") return { literalType: { case: name, value: BigInt(value as number) } };
  return { literalType: { case: name, value: Number(value) } };
}

function decimal(value: unknown, type: string): LiteralInit {
  const [, precisionText, scaleText] = /^decimal(?:\((\d+)(?:\s*,\s*(\d+))?\))?$/.exec(type.replaceAll(" ", "")) ?? [];
  const parts = ["string", "number", "bigint"].includes(typeof value) ? DECIMAL.exec(String(value).trim()) : null;
  if (!parts || (parts[2] === "" && !parts[3] && !/\d/.test(String(value))))
    throw wrongValue(value, type, 'write the digits as text: lit("12.50", "decimal(10,2)")');
  const [, sign = "", whole = "", fraction = ""] = parts;
  const scale = scaleText === undefined ? (precisionText === undefined ? fraction.length : 0) : Number(scaleText);
  const precision = precisionText === undefined ? Math.max(whole.length + scale, 1) : Number(precisionText);
  const isFit = fraction.replace(/0+$/, "").length <= scale && whole.length <= precision - scale && precision <= 38;
  if (!isFit) throw wrongValue(value, type, "give a type with more digits, or round the value first");
  // Servers read the type off the digits: the scale is written out, the precision is that of the digits.
  const digits = `${sign}${whole || "0"}${scale > 0 ? `.${fraction.slice(0, scale).padEnd(scale, "0")}` : ""}`;
  return { literalType: { case: "decimal", value: { value: digits, precision, scale } } };
}

/** Microseconds since 1970; of a date those of its midnight. */
function micros(value: unknown, type: string): bigint {
  if (value instanceof Date && Number.isFinite(value.getTime())) {
    const ms = value.getTime();
    return BigInt(type === "date" ? Math.floor(ms / DAY_MS) * DAY_MS : ms) * 1000n;
  }
  const [, day, time = "00:00", fraction = ""] = (typeof value === "string" && LOCAL_TIME.exec(value.trim())) || [];
  const ms = Date.parse(`${day}T${time}Z`);
  const isDay = day !== undefined && Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
  if (!isDay || (type === "date" && value !== day))
    throw wrongValue(
      value,
      type,
      type === "date" ? "write 2024-02-29, or give a Date" : "write 2024-02-29T12:30:00, or give a Date",
    );
  return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

function wrongValue(value: unknown, type: string, hint: string): UsageError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new UsageError("E_SPARK_LITERAL", `${shown} is no ${type}`, { hint });
}
