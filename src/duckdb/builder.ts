import type { ColumnBuilder, Reading } from "./builder-base.ts";
import { ListBuilder, PlainBuilder, plainReader } from "./nested-builder.ts";
import { pandasType } from "./pandas-type.ts";
import { TextBuilder } from "./text-builder.ts";
import { type ReadItem, TypedBuilder, type TypedConstructor, WideIntegerBuilder } from "./typed-builder.ts";

/** How a type lies in its vector and here. */
interface Layout {
  readonly make: TypedConstructor;
  readonly read: ReadItem;
  /** The vector has the same memory layout as the target. */
  readonly isBlock: boolean;
}

const number: ReadItem = (item) => Number(item);
const bigint = (item: unknown): bigint => item as bigint;

const LAYOUTS: Readonly<Record<string, Layout>> = {
  TINYINT: { make: Int8Array, read: number, isBlock: true },
  SMALLINT: { make: Int16Array, read: number, isBlock: true },
  INTEGER: { make: Int32Array, read: number, isBlock: true },
  BIGINT: { make: BigInt64Array, read: bigint, isBlock: true },
  UTINYINT: { make: Uint8Array, read: number, isBlock: true },
  USMALLINT: { make: Uint16Array, read: number, isBlock: true },
  UINTEGER: { make: Uint32Array, read: number, isBlock: true },
  UBIGINT: { make: BigUint64Array, read: bigint, isBlock: true },
  FLOAT: { make: Float32Array, read: number, isBlock: true },
  DOUBLE: { make: Float64Array, read: number, isBlock: true },
  BOOLEAN: { make: Uint8Array, read: number, isBlock: false },
  DATE: { make: Int32Array, read: (item) => (item as { days: number }).days, isBlock: true },
  TIMESTAMP: { make: BigInt64Array, read: (item) => (item as { micros: bigint }).micros, isBlock: true },
  "TIMESTAMP WITH TIME ZONE": {
    make: BigInt64Array,
    read: (item) => (item as { micros: bigint }).micros,
    isBlock: true,
  },
  TIMESTAMP_S: {
    make: BigInt64Array,
    read: (item) => (item as { seconds: bigint }).seconds * 1_000_000n,
    isBlock: false,
  },
  TIMESTAMP_MS: { make: BigInt64Array, read: (item) => (item as { millis: bigint }).millis * 1000n, isBlock: false },
  TIMESTAMP_NS: { make: BigInt64Array, read: (item) => (item as { nanos: bigint }).nanos / 1000n, isBlock: false },
};

/** The builder for a column of the given SQL type. `type` replaces pandas' name for it, as `category` does for text; `rows` are made room for at once. */
export function createBuilder(
  name: string,
  sqlType: string,
  reading: Reading,
  type = pandasType(sqlType),
  rows?: number,
): ColumnBuilder {
  const layout = LAYOUTS[sqlType];
  if (layout) return new TypedBuilder(name, type, layout.make, layout.read, layout.isBlock, rows);
  if (sqlType === "VARCHAR") return new TextBuilder(name, type, rows);
  if (sqlType === "HUGEINT") return new WideIntegerBuilder(name, type, bigint, rows);
  if (type.startsWith("decimal("))
    return new WideIntegerBuilder(name, type, (item) => (item as { value: bigint }).value, rows);
  if (pandasType(sqlType) === "str") return new PlainBuilder(name, type, String);
  if (sqlType.endsWith("[]")) return new ListBuilder(name, type, reading);
  return new PlainBuilder(name, type, plainReader(reading.convert));
}
