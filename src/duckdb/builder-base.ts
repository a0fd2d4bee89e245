import type { DuckDBDataChunk, DuckDBValueConverter, DuckDBVector } from "@duckdb/node-api";
import type { EngineColumn, TypedColumn } from "../query/engine-table.ts";

/** The fields that the vectors of @duckdb/node-api have at run time and do not declare; the version is pinned for them. */
export interface RawVector {
  readonly items?: TypedColumn;
  readonly dataView?: DataView;
  readonly validity?: {
    readonly data: BigUint64Array | null;
    readonly offset: number;
    itemValid(row: number): boolean;
  };
}

const NONE: readonly number[] = [];

/** What builders of nested values are lent. */
export interface Reading {
  readonly convert: DuckDBValueConverter<unknown>;
  /** A turn of the event loop; throws where the engine was closed meanwhile, whose memory must not be read then. */
  pause(): Promise<void>;
}

/** Gathers one column from the engine's vectors of at most 2,048 rows. A promise is waited for before the next ones come. */
export interface ColumnBuilder {
  append(chunk: DuckDBDataChunk, column: number, from: number, count: number): Promise<void> | undefined;
  finish(): EngineColumn;
}

/** What all builders share: rows so far, and which of them are missing. */
export abstract class Builder implements ColumnBuilder {
  protected readonly name: string;
  protected readonly type: string;
  protected rows = 0;
  /** One bit a row, 0 for what is missing; rows behind its end are there. */
  #valid: Uint8Array | undefined;

  constructor(name: string, type: string) {
    this.name = name;
    this.type = type;
  }

  append(chunk: DuckDBDataChunk, column: number, from: number, count: number): Promise<void> | undefined {
    const vector = chunk.getColumnVector(column);
    const missing = this.#missingIn(vector, from, count);
    const taken = this.take(vector, from, count);
    for (const row of missing) {
      this.#setMissing(this.rows + row);
      this.blank(this.rows + row);
    }
    this.rows += count;
    return taken;
  }

  /** What the engine has in the place of a missing value may be anything. */
  protected blank(_row: number): void {
    // Only columns of numbers have something there.
  }

  protected abstract take(vector: DuckDBVector, from: number, count: number): Promise<void> | undefined;
  abstract finish(): EngineColumn;

  /** Rows without a value, from the start of the stretch. */
  #missingIn(vector: DuckDBVector, from: number, count: number): readonly number[] {
    const validity = rawOf(vector).validity;
    if (validity?.data === null) return NONE;
    const words = validity?.data ? new Uint32Array(validity.data.buffer, validity.data.byteOffset) : undefined;
    const missing: number[] = [];
    for (let i = 0; i < count; i++) {
      const bit = from + i + (validity?.offset ?? 0);
      const isValid = words
        ? (((words[bit >> 5] as number) >>> (bit & 31)) & 1) === 1
        : vector.getItem(from + i) !== null;
      if (!isValid) missing.push(i);
    }
    return missing;
  }

  #setMissing(row: number): void {
    let bits = this.#valid ?? new Uint8Array(256).fill(255);
    if (row >> 3 >= bits.length) {
      const larger = new Uint8Array(Math.max((row >> 3) + 1, bits.length * 2)).fill(255);
      larger.set(bits);
      bits = larger;
    }
    bits[row >> 3] = (bits[row >> 3] as number) & ~(1 << (row & 7));
    this.#valid = bits;
  }

  protected validity(): Uint8Array | undefined {
    if (!this.#valid) return undefined;
    const bits = new Uint8Array((this.rows + 7) >> 3).fill(255);
    bits.set(this.#valid.subarray(0, bits.length));
    return bits;
  }
}

/** What the vector holds behind its public face; undefined fields where a later version hides them. */
export function rawOf(vector: DuckDBVector): RawVector {
  return vector as unknown as RawVector;
}
