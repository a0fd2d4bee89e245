import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import type { EngineColumn, TypedColumn } from "../query/engine-table.ts";

/** The fields that the vectors of @duckdb/node-api have at run time and do not declare; the version is pinned for them. */
export interface RawVector {
  readonly items?: TypedColumn;
  readonly dataView?: DataView;
  readonly validity?: { readonly data: BigUint64Array | null; readonly offset: number };
}

/** Gathers one column from the engine's vectors of at most 2,048 rows. */
export interface ColumnBuilder {
  append(chunk: DuckDBDataChunk, column: number, from: number, count: number): void;
  finish(): EngineColumn;
}

/** What all builders share: rows so far, and which of them are missing. */
export abstract class Builder implements ColumnBuilder {
  protected readonly name: string;
  protected readonly type: string;
  protected rows = 0;
  #missing: number[] | undefined;

  constructor(name: string, type: string) {
    this.name = name;
    this.type = type;
  }

  append(chunk: DuckDBDataChunk, column: number, from: number, count: number): void {
    const vector = chunk.getColumnVector(column);
    this.noteMissing(vector, from, count);
    this.take(vector, from, count);
    this.rows += count;
  }

  protected abstract take(vector: DuckDBVector, from: number, count: number): void;
  abstract finish(): EngineColumn;

  protected noteMissing(vector: DuckDBVector, from: number, count: number): void {
    const validity = rawOf(vector).validity;
    if (validity?.data === null) return;
    const words = validity?.data ? new Uint32Array(validity.data.buffer, validity.data.byteOffset) : undefined;
    for (let i = 0; i < count; i++) {
      const bit = from + i + (validity?.offset ?? 0);
      const isValid = words
        ? (((words[bit >> 5] as number) >>> (bit & 31)) & 1) === 1
        : vector.getItem(from + i) !== null;
      if (isValid) continue;
      this.#missing ??= [];
      this.#missing.push(this.rows + i);
    }
  }

  protected validity(rows = this.rows): Uint8Array | undefined {
    if (!this.#missing) return undefined;
    const bits = new Uint8Array((rows + 7) >> 3).fill(255);
    for (const row of this.#missing) bits[row >> 3] = (bits[row >> 3] as number) & ~(1 << (row & 7));
    return bits;
  }
}

/** What the vector holds behind its public face; undefined fields where a later version hides them. */
export function rawOf(vector: DuckDBVector): RawVector {
  return vector as unknown as RawVector;
}
