import { arrow, type DataType } from "./arrow.ts";
import { unscale } from "./view.ts";

type Reader = (value: unknown) => unknown;

/**
 * Reads what a vector of this type gives as plain values, so that nothing of Arrow's lazy rows leaks out and a value means the
 * same inside a list or struct as in a column: numbers (bigints beyond 2^53), strings, booleans, UTC dates, arrays, objects.
 * Intervals are whole months; those with days too are `{ months, days, microseconds }`.
 */
export function plainReader(type: DataType): Reader {
  const read = readerOf(type);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function readerOf(type: DataType): Reader {
  const { DataType } = arrow();
  if (DataType.isDecimal(type)) return (words) => unscale(unscaledOf(words as Uint32Array) ?? 0n, type.scale);
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return (ms) => new Date(Math.floor(ms as number));
  if (DataType.isInterval(type)) return intervalOf;
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    const item = plainReader(type.children[0]?.type as DataType);
    return (items) => Array.from(items as Iterable<unknown>, item);
  }
  if (DataType.isMap(type)) {
    const value = plainReader(type.valueType);
    return entriesReader(() => value, plainReader(type.keyType));
  }
  if (DataType.isStruct(type)) {
    const fields = new Map(type.children.map((field) => [field.name as string, plainReader(field.type)]));
    return entriesReader((name) => fields.get(name) ?? ((value) => value));
  }
  return (value) => (typeof value === "bigint" ? safeInteger(value) : value);
}

/** Struct and map rows iterate over pairs of name and value. */
function entriesReader(readerFor: (name: string) => Reader, key: Reader = (name) => name): Reader {
  return (row) =>
    Object.fromEntries(
      Array.from(row as Iterable<[string, unknown]>, ([name, value]) => [textOfKey(key(name)), readerFor(name)(value)]),
    );
}

/** Two keys that differ must not become one name. */
function textOfKey(key: unknown): string {
  if (key instanceof Date) return key.toISOString();
  if (typeof key !== "object" || key === null) return String(key);
  return JSON.stringify(key, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

/** Arrow gives years and months, or months, days and nanoseconds in two words. */
function intervalOf(value: unknown): unknown {
  const words = value as Int32Array;
  if (words.length === 2) return (words[0] as number) * 12 + (words[1] as number);
  const nanoseconds = (BigInt(words[3] as number) << 32n) | BigInt((words[2] as number) >>> 0);
  return { months: words[0], days: words[1], microseconds: safeInteger(nanoseconds / 1000n) };
}

function safeInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Arrow's decimals are words of 32 bits, the least significant first, in two's complement. */
export function unscaledOf(words: Uint32Array | null): bigint | null {
  if (!words) return null;
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i] as number);
  return BigInt.asIntN(words.length * 32, value);
}
