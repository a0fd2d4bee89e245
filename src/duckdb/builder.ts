import type { DuckDBValueConverter, DuckDBVector } from "@duckdb/node-api";
import type { EngineColumn } from "../query/engine-table.ts";
import { Builder, type ColumnBuilder } from "./builder-base.ts";
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
const bigint: ReadItem = (item) => item as bigint;

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
  convert: DuckDBValueConverter<unknown>,
  type = pandasType(sqlType),
  rows?: number,
): ColumnBuilder {
  const layout = LAYOUTS[sqlType];
  if (layout) return new TypedBuilder(name, type, layout.make, layout.read, layout.isBlock, rows);
  if (sqlType === "VARCHAR") return new TextBuilder(name, type, rows);
  if (sqlType === "HUGEINT") return new WideIntegerBuilder(name, type, rows);
  if (type.startsWith("decimal(")) return new PlainBuilder(name, type, (item) => (item as { value: bigint }).value);
  if (pandasType(sqlType) === "str") return new PlainBuilder(name, type, String);
  return new PlainBuilder(name, type, undefined, convert);
}

/** Whatever has no layout of its own, as plain values. Decimals are their unscaled integers, as frames take them. */
class PlainBuilder extends Builder {
  readonly #values: unknown[] = [];
  readonly #read: ((item: unknown) => unknown) | undefined;
  readonly #convert: DuckDBValueConverter<unknown> | undefined;

  constructor(name: string, type: string, read?: (item: unknown) => unknown, convert?: DuckDBValueConverter<unknown>) {
    super(name, type);
    this.#read = read;
    this.#convert = convert;
  }

  protected take(vector: DuckDBVector, from: number, count: number): void {
    const { type } = vector;
    for (let i = 0; i < count; i++) {
      const item = vector.getItem(from + i);
      this.#values.push(
        item === null
          ? null
          : this.#read
            ? this.#read(item)
            : plainIntegers(this.#convert?.(item, type, this.#convert)),
      );
    }
  }

  finish(): EngineColumn {
    return { name: this.name, type: this.type, values: this.#values };
  }
}

/** Integers inside of lists and structs are numbers, as those of columns are. */
function plainIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plainIntegers);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainIntegers(item)]));
}
