import type { DuckDBListVector, DuckDBType, DuckDBValue, DuckDBValueConverter, DuckDBVector } from "@duckdb/node-api";
import { pauses } from "../pauses.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import { Builder, type Reading, rawOf } from "./builder-base.ts";

/** Reads a value of the engine's that is not null. */
type ReadValue = (value: DuckDBValue, type: DuckDBType) => unknown;

/** Items of a list between two looks at the clock. */
const SLICE = 1024;

/** Values as JavaScript has them. Integers inside of lists and structs are numbers, as those of columns are. */
export function plainReader(convert: DuckDBValueConverter<unknown>): ReadValue {
  return (value, type) => plainIntegers(convert(value, type, convert));
}

function plainIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plainIntegers);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainIntegers(item)]));
}

/** Whatever has no layout of its own, as plain values. */
export class PlainBuilder extends Builder {
  readonly #values: unknown[] = [];
  readonly #read: ReadValue;

  constructor(name: string, type: string, read: ReadValue) {
    super(name, type);
    this.#read = read;
  }

  protected take(vector: DuckDBVector, from: number, count: number): undefined {
    const { type } = vector;
    for (let i = 0; i < count; i++) {
      const item = vector.getItem(from + i);
      this.#values.push(item === null ? null : this.#read(item, type));
    }
  }

  finish(): EngineColumn {
    return { name: this.name, type: this.type, values: this.#values };
  }
}

/** Lists, of which one may have all items of a table: they are read a slice at a time. */
export class ListBuilder extends Builder {
  readonly #values: (readonly unknown[] | null)[] = [];
  readonly #read: ReadValue;
  readonly #reading: Reading;

  constructor(name: string, type: string, reading: Reading) {
    super(name, type);
    this.#read = plainReader(reading.convert);
    this.#reading = reading;
  }

  protected async take(vector: DuckDBVector, from: number, count: number): Promise<void> {
    const lists = vector as DuckDBListVector;
    const { validity } = rawOf(vector);
    const { childVector: items } = lists;
    const { type } = items;
    const pause = pauses(this.#reading.pause);
    for (let row = from; row < from + count; row++) {
      if (!validity?.itemValid(row)) {
        this.#values.push(null);
        continue;
      }
      const list: unknown[] = [];
      const first = lists.getEntryOffset(row);
      const length = lists.getEntryLength(row);
      for (let at = 0; at < length; at += SLICE) {
        // A vector keeps what was read of it: of a slice for a moment.
        const slice = items.slice(first + at, Math.min(SLICE, length - at));
        for (let i = 0; i < slice.itemCount; i++) {
          const item = slice.getItem(i);
          list.push(item === null ? null : this.#read(item, type));
        }
        await pause();
      }
      this.#values.push(list);
    }
  }

  finish(): EngineColumn {
    return { name: this.name, type: this.type, values: this.#values };
  }
}
