import type { DuckDBVector } from "@duckdb/node-api";
import type { EngineColumn, TypedColumn } from "../query/engine-table.ts";
import { Builder, rawOf } from "./builder-base.ts";

export type TypedConstructor = new (length: number) => TypedColumn;

/** Reads one value that is not null, from the public face of a vector. */
export type ReadItem = (item: unknown) => number | bigint;

/**
 * A column in a typed array that doubles when it is full. Where the vector lies in memory as the target does, it is copied
 * as a block, else read item by item.
 */
export class TypedBuilder extends Builder {
  #values: TypedColumn;
  readonly #make: TypedConstructor;
  readonly #read: ReadItem;
  readonly #isBlock: boolean;

  constructor(name: string, type: string, make: TypedConstructor, read: ReadItem, isBlock: boolean, rows = 0) {
    super(name, type);
    this.#make = make;
    this.#values = new make(rows);
    this.#read = read;
    this.#isBlock = isBlock;
  }

  protected take(vector: DuckDBVector, from: number, count: number): undefined {
    this.#values = grown(this.#values, this.rows + count, this.#make);
    const { items } = rawOf(vector);
    if (this.#isBlock && items?.constructor === this.#values.constructor) {
      this.#values.set(items.subarray(from, from + count) as never, this.rows);
      return;
    }
    const target = this.#values as unknown as (number | bigint)[];
    for (let i = 0; i < count; i++) {
      const item = vector.getItem(from + i);
      if (item !== null) target[this.rows + i] = this.#read(item);
    }
  }

  protected override blank(row: number): void {
    blank(this.#values, row);
  }

  finish(): EngineColumn {
    return { name: this.name, type: this.type, values: tight(this.#values, this.rows), validity: this.validity() };
  }
}

/**
 * Sums of integers and decimals without their point, from 16 to 128 bits in the engine, kept in 64 with or without sign as long as all fit, else as one
 * array of bigints.
 */
export class WideIntegerBuilder extends Builder {
  #values: TypedColumn;
  readonly #read: (item: unknown) => bigint;
  readonly #wide = new Map<number, bigint>();

  constructor(name: string, type: string, read: (item: unknown) => bigint, rows = 0) {
    super(name, type);
    this.#values = new BigInt64Array(rows);
    this.#read = read;
  }

  protected take(vector: DuckDBVector, from: number, count: number): undefined {
    this.#values = grown(this.#values, this.rows + count, BigInt64Array);
    const { dataView } = rawOf(vector);
    if (dataView) this.#takeWords(dataView, dataView.byteLength / vector.itemCount, from, count);
    else
      for (let i = 0; i < count; i++) {
        const item = vector.getItem(from + i);
        if (item !== null) this.#put(this.rows + i, this.#read(item));
      }
  }

  /** In words of 32 bits: with bigints a million values take a tenth of a second. */
  #takeWords({ buffer, byteOffset, byteLength }: DataView, size: number, from: number, count: number): void {
    const target = new Int32Array(this.#values.buffer, this.#values.byteOffset, this.#values.length * 2);
    const words =
      size === 2
        ? new Int16Array(buffer, byteOffset, byteLength / 2)
        : new Int32Array(buffer, byteOffset, byteLength / 4);
    const step = Math.max(1, size / 4);
    for (let i = 0; i < count; i++) {
      const at = step * (from + i);
      const low = words[at] as number;
      const high = step === 1 ? low >> 31 : (words[at + 1] as number);
      target[2 * (this.rows + i)] = low;
      target[2 * (this.rows + i) + 1] = high;
      if (step === 4 && (words[at + 2] !== high >> 31 || words[at + 3] !== high >> 31))
        this.#put(this.rows + i, joined(words as Int32Array, at));
    }
  }

  #put(row: number, item: bigint): void {
    this.#values[row] = BigInt.asIntN(64, item);
    if (BigInt.asIntN(64, item) !== item) this.#wide.set(row, item);
  }

  finish(): EngineColumn {
    const validity = this.validity();
    const isValid = (row: number) => !validity || (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1;
    const values = tight(this.#values, this.rows);
    const isWide = [...this.#wide.keys()].some(isValid);
    if (!isWide) return { name: this.name, type: this.type, values, validity };
    const all = Array.from(values as BigInt64Array, (value, row) =>
      isValid(row) ? (this.#wide.get(row) ?? value) : null,
    );
    if (this.type.startsWith("decimal(")) return { name: this.name, type: this.type, values: all };
    if (all.every((value) => value === null || BigInt.asUintN(64, value) === value))
      return { name: this.name, type: "uint64", values: BigUint64Array.from(all, (value) => value ?? 0n), validity };
    // No type of 64 bits holds them.
    return { name: this.name, type: "object", values: all };
  }
}

function joined(words: Int32Array, at: number): bigint {
  const [low, high] = new BigInt64Array(words.slice(at, at + 4).buffer) as unknown as [bigint, bigint];
  return (high << 64n) | BigInt.asUintN(64, low);
}

function blank(values: TypedColumn, row: number): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[row] = 0n;
  else values[row] = 0;
}

function grown(values: TypedColumn, rows: number, make: TypedConstructor): TypedColumn {
  if (rows <= values.length) return values;
  const larger = new make(Math.max(rows, values.length * 2));
  larger.set(values as never);
  return larger;
}

/** Without the room for growth, unless that is small. */
function tight(values: TypedColumn, rows: number): TypedColumn {
  return values.length - rows < rows / 8 ? values.subarray(0, rows) : values.slice(0, rows);
}
