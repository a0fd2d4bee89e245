import { createRequire } from "node:module";
import type * as Native from "@duckdb/node-bindings";
import type { Vector } from "@duckdb/node-bindings";
import { DataError } from "../../errors.ts";
import type { Data } from "../../frame/arrow.ts";

const require = createRequire(import.meta.url);
let loaded: typeof Native | undefined;

/** The engine's own functions, below those that its package makes of them; loaded with the first use. */
export function native(): typeof Native {
  loaded ??= require("@duckdb/node-bindings") as typeof Native;
  return loaded;
}

/** Rows of the engine's vectors. */
export const VECTOR_ROWS = 2048;

/**
 * Copies `count` items of a typed array into a vector whose items are as wide. The engine takes any bytes for values, so what is not
 * there must not be copied.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export function copyBytes(vector: Vector, values: ArrayBufferView, from: number, count: number): void {
  const width = "BYTES_PER_ELEMENT" in values ? (values.BYTES_PER_ELEMENT as number) : 1;
  if ((from + count) * width > values.byteLength)
    throw new DataError("E_DAMAGED_FILE", "a column has fewer values than rows", {
      hint: "fetch or write the data again",
    });
  native().copy_data_to_vector(
    vector,
    0,
    values.buffer as ArrayBuffer,
    values.byteOffset + from * width,
    count * width,
  );
}

/** Marks the rows that are missing. */
export function copyValidity(vector: Vector, data: Data, from: number, count: number): void {
  if (data.nullCount === 0 || !data.nullBitmap?.length) return;
  const bits = data.nullBitmap;
  const words = new Uint8Array(Math.ceil(count / 64) * 8);
  const start = data.offset + from;
  const whole = bits.subarray(start >> 3, (start + count + 7) >> 3);
  if ((start & 7) === 0) words.set(whole);
  else
    for (let i = 0; i < count; i++)
      if (((bits[(start + i) >> 3] as number) >> ((start + i) & 7)) & 1)
        words[i >> 3] = (words[i >> 3] as number) | (1 << (i & 7));
  setValidity(vector, words);
}

/** Whole words of 64 rows. */
export function setValidity(vector: Vector, words: Uint8Array): void {
  const { copy_data_to_vector_validity, vector_ensure_validity_writable } = native();
  vector_ensure_validity_writable(vector);
  copy_data_to_vector_validity(vector, 0, words.buffer as ArrayBuffer, words.byteOffset, words.byteLength);
}
