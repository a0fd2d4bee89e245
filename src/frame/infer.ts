import { bitsWhere } from "./bits.ts";
import { Column, type Storage } from "./column.ts";

/** A column of plain JavaScript values under the narrowest type that holds all of them; undefined counts as null. */
export function inferColumn(name: string, values: readonly unknown[]): Column {
  const type = inferType(values);
  return new Column(name, type, values.length, () => packValues(type, values));
}

/** The type that all values share: `int64`, `float64`, `bool`, `str`, `datetime64[ms]`, `list`, `struct`, `binary`, or else `object`. */
export function inferType(values: readonly unknown[]): string {
  const kinds = new Set<string>();
  for (const value of values) {
    if (value !== null && value !== undefined) kinds.add(kindOf(value));
    if (kinds.size > 2) return "object";
  }
  const [first, second] = [...kinds].sort();
  if (!second) return first ?? "object";
  // Numbers may be whole or not; whole ones may be of both sizes.
  if (first === "float64" && second === "int64") return "float64";
  return "object";
}

function kindOf(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int64" : "float64";
    case "bigint":
      return BigInt.asIntN(64, value) === value ? "int64" : "object";
    case "boolean":
      return "bool";
    case "string":
      return "str";
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: unknown): string {
  if (value instanceof Date) return "datetime64[ms]";
  if (value instanceof Uint8Array) return "binary";
  if (Array.isArray(value)) return "list";
  return Object.getPrototypeOf(value) === Object.prototype ? "struct" : "object";
}

/** Packs plain values into the typed array of a type; other types keep the array. */
export function packValues(type: string, values: readonly unknown[]): Storage {
  const validity = () => bitsWhere(values.length, (i) => values[i] !== null && values[i] !== undefined);
  if (type === "bool") return { values: Uint8Array.from(values, (value) => (value ? 1 : 0)), validity: validity() };
  if (
    /^u?int/.test(type) &&
    values.some((value) => typeof value === "bigint" && !Number.isSafeInteger(Number(value)))
  ) {
    const wide = values.map((value) => BigInt((value ?? 0) as number));
    const isUnsigned = type.startsWith("u");
    const wrap = isUnsigned ? BigInt.asUintN : BigInt.asIntN;
    // Sums beyond 64 bits stay bigints in an array.
    if (wide.some((value) => wrap(64, value) !== value))
      return {
        values: values.map((value) => (value === null || value === undefined ? null : BigInt(value as number))),
      };
    return { values: isUnsigned ? BigUint64Array.from(wide) : BigInt64Array.from(wide), validity: validity() };
  }
  if (/^(u?int|float)/.test(type)) return { values: Float64Array.from(values, toNumber), validity: validity() };
  if (/^date/.test(type)) return packDates(values);
  return { values };
}

/** A date that is none, as of a text that could not be parsed, is null. */
function packDates(values: readonly unknown[]): Storage {
  const numbers = Float64Array.from(values, (value) =>
    value === null || value === undefined ? Number.NaN : Number(value),
  );
  const validity = bitsWhere(numbers.length, (i) => !Number.isNaN(numbers[i]));
  return { values: validity ? numbers.map((value) => value || 0) : numbers, validity };
}

/** Numbers, bigints and dates as a double; what is not there as 0, which its validity covers. */
function toNumber(value: unknown): number {
  return value === null || value === undefined ? 0 : Number(value);
}
