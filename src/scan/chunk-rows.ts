/** The most that are known at a time; threads are never so many chunks apart. */
const KNOWN = 64;
const NO_LIMIT = 2 ** 31 - 1;

/**
 * How many rows each chunk of a scan has, while threads that cut the same rows read ahead of each other and somebody may want fewer of them: who begins a
 * chunk first decides, and the others cut as it did.
 */
export class ChunkRows {
  readonly buffer: SharedArrayBuffer;
  readonly #most: Int32Array;
  /** By number of the chunk: that number, plus one, above the rows. */
  readonly #chunks: BigInt64Array;

  constructor(buffer = new SharedArrayBuffer(8 + 8 * KNOWN)) {
    this.buffer = buffer;
    this.#most = new Int32Array(buffer, 0, 1);
    this.#chunks = new BigInt64Array(buffer, 8);
  }

  /** A chunk that nobody has begun has no more rows than these. */
  limitTo(rows: number): void {
    if (rows < NO_LIMIT) Atomics.store(this.#most, 0, Math.max(1, rows));
  }

  /** The rows of the chunk with this number, which has `rows` where there is no limit. */
  at(index: number, rows: number): number {
    const place = index % KNOWN;
    for (;;) {
      const known = Atomics.load(this.#chunks, place);
      if (known >> 32n === BigInt(index + 1)) return Number(known & 0xffff_ffffn);
      const limited = Math.min(rows, Atomics.load(this.#most, 0) || rows);
      const decided = (BigInt(index + 1) << 32n) | BigInt(limited);
      if (Atomics.compareExchange(this.#chunks, place, known, decided) === known) return limited;
    }
  }
}
