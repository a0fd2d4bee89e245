import type { PieceReport } from "./morsels.ts";

/**
 * Words of shared memory before the figures of threads and pieces. `limit`: pieces from there on are not to be read, because
 * something was found in the one before; `said`: what threads have handed on to others, and their last words; `taken`: chunks that
 * the reader has; `sent`: chunks that threads have sent.
 */
const WORD = { next: 0, limit: 1, cancelled: 2, taken: 3, sent: 4, said: 5 } as const;
const WORDS = 16;
const PER_THREAD = 3;
const PER_PIECE = 6;

/** How far a scan is, over all threads, and the bytes that their kernels hold. */
export interface ScanProgress {
  readonly bytes: number;
  readonly rows: number;
  readonly memory: number;
}

/** What the threads of one scan share: which piece is next, how far they are, what each piece turned out to be, whether to stop. */
export class ScanControl {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly #words: Int32Array;
  readonly #figures: Float64Array;

  constructor(threads: number, buffer: SharedArrayBuffer) {
    this.threads = threads;
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#figures = new Float64Array(buffer, WORDS * 4);
  }

  static create(threads: number, pieces: number): ScanControl {
    const bytes = WORDS * 4 + (threads * PER_THREAD + pieces * PER_PIECE) * 8;
    const control = new ScanControl(threads, new SharedArrayBuffer(bytes));
    Atomics.store(control.#words, WORD.limit, pieces);
    return control;
  }

  /** The number of a piece that nobody has yet, undefined when there is none left to read. */
  takePiece(): number | undefined {
    if (this.isCancelled) return undefined;
    const piece = Atomics.add(this.#words, WORD.next, 1);
    return piece < Atomics.load(this.#words, WORD.limit) ? piece : undefined;
  }

  /** Nothing behind this piece needs to be read. Pieces before it are all taken, and will be read to their ends. */
  stopBehind(piece: number): void {
    for (;;) {
      const limit = Atomics.load(this.#words, WORD.limit);
      if (limit <= piece + 1) return;
      if (Atomics.compareExchange(this.#words, WORD.limit, limit, piece + 1) === limit) return;
    }
  }

  /** Whether a thread may leave a piece: what it would make of it is not wanted. */
  isNeedless(piece: number): boolean {
    return this.isCancelled || piece >= Atomics.load(this.#words, WORD.limit);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#words, WORD.cancelled) !== 0;
  }

  /** Threads look at this at every block, and those that wait are woken. */
  cancel(): void {
    Atomics.store(this.#words, WORD.cancelled, 1);
    Atomics.notify(this.#words, WORD.said);
    Atomics.notify(this.#words, WORD.taken);
  }

  addProgress(thread: number, bytes: number, rows: number): void {
    const at = thread * PER_THREAD;
    this.#figures[at] = (this.#figures[at] as number) + bytes;
    this.#figures[at + 1] = (this.#figures[at + 1] as number) + rows;
  }

  /** What the kernel of a thread holds, in bytes. */
  setMemory(thread: number, bytes: number): void {
    this.#figures[thread * PER_THREAD + 2] = bytes;
  }

  get progress(): ScanProgress {
    const sums = [0, 0, 0];
    for (let i = 0; i < this.threads * PER_THREAD; i++)
      sums[i % PER_THREAD] = (sums[i % PER_THREAD] as number) + (this.#figures[i] as number);
    const [bytes = 0, rows = 0, memory = 0] = sums;
    return { bytes, rows, memory };
  }

  reportPiece(piece: number, report: PieceReport): void {
    const { startedAt, endedAt, rows, ragged, skipped, firstRagged } = report;
    this.#figures.set([startedAt, endedAt, rows, ragged, skipped, firstRagged], this.#atPiece(piece));
  }

  readonly pieceReport = (piece: number): PieceReport => {
    const figures = this.#figures.subarray(this.#atPiece(piece));
    const [startedAt = 0, endedAt = 0, rows = 0, ragged = 0, skipped = 0, firstRagged = 0] = figures;
    return { startedAt, endedAt, rows, ragged, skipped, firstRagged };
  };

  /** Something is on its way to another thread. */
  say(): void {
    Atomics.add(this.#words, WORD.said, 1);
    Atomics.notify(this.#words, WORD.said);
  }

  /** How often something was. */
  get said(): number {
    return Atomics.load(this.#words, WORD.said);
  }

  /** Blocks the calling thread until more was said; false when the scan was cancelled. */
  waitForMore(said: number): boolean {
    return this.#waitUntil(WORD.said, (now) => now !== said);
  }

  /** One more chunk was taken out of the queue. */
  takeChunk(): void {
    Atomics.add(this.#words, WORD.taken, 1);
    Atomics.notify(this.#words, WORD.taken);
  }

  /** Blocks the calling thread while the chunk with a number is `most` ahead of the reader; false when the scan was cancelled. */
  waitForReader(number: number, most: number): boolean {
    return this.#waitUntil(WORD.taken, (taken) => number - taken < most);
  }

  /** One more chunk is on its way. */
  sendChunk(): void {
    Atomics.add(this.#words, WORD.sent, 1);
  }

  /** Chunks that were sent: which of two threads' messages comes first, nobody can say. */
  get sentChunks(): number {
    return Atomics.load(this.#words, WORD.sent);
  }

  #waitUntil(word: number, isEnough: (value: number) => boolean): boolean {
    for (;;) {
      if (this.isCancelled) return false;
      const value = Atomics.load(this.#words, word);
      if (isEnough(value)) return true;
      Atomics.wait(this.#words, word, value, 1000);
    }
  }

  #atPiece(piece: number): number {
    return this.threads * PER_THREAD + piece * PER_PIECE;
  }
}
