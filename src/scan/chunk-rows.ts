import type { ColumnsRequest } from "./request.ts";
import type { ChunkStart } from "./values/chunks.ts";

export const ROWS_OF_A_CHUNK = 50_000;
const NO_LIMIT = 2 ** 31 - 1;

/** How many rows the chunks of a scan may have that nobody has begun yet: somebody may want fewer while threads read ahead. */
export class ChunkRows {
  readonly buffer: SharedArrayBuffer;
  readonly #most: Int32Array;

  constructor(buffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer;
    this.#most = new Int32Array(buffer);
  }

  limitTo(rows: number): void {
    if (rows < NO_LIMIT) Atomics.store(this.#most, 0, Math.max(1, rows));
  }

  get most(): number {
    return Atomics.load(this.#most, 0) || NO_LIMIT;
  }
}

/** What the chunk with a number is to be, when it is begun now. */
export function chunkAt({ rows = ROWS_OF_A_CHUNK, shared, from }: ColumnsRequest, number: number): ChunkStart {
  const most = shared ? new ChunkRows(shared).most : NO_LIMIT;
  return { number, rows: Math.min(rows, most), pass: number === 0 ? (from?.pass ?? 0) : 0 };
}
