import type { ByteSource } from "../rows/text-buffer.ts";
import { type WasmMemory, wasm } from "../webassembly.ts";

/** A block goes to the reader when it is at least so long. */
const BLOCK = 512 * 1024;
/** Behind a block there is room for what is written in one step. */
const MARGIN = 1024;
/** So much of what was written stays in front of what is written next. */
const WINDOW = 32 * 1024;
/** Where a reader keeps up, only so much memory is used again and again, which stays in the processor's cache. */
const NEAR = 2 * 2 ** 20;
/** Pages of 64 KiB: a reader that is not there yet, since the types are still looked for, is waited for when these are full. */
const PAGES = 800;
const MOST_BLOCKS = 512;
/** How long a thread waits before it looks again whether the scan was cancelled. */
const LOOK_MS = 50;

/** `written`, `read`: blocks so far, modulo 2^32; the places and lengths of those in between follow. Of no bytes is the end of a file. */
const WORD = { written: 0, read: 1, isStopped: 2, blocks: 4 } as const;
const WORDS_BYTES = (WORD.blocks + 2 * MOST_BLOCKS) * 4;

/** What the threads on both ends share: a memory in which one unpacks and the other reads, and the words in which they agree. */
export interface FeedEnd {
  readonly memory: WasmMemory;
  readonly words: SharedArrayBuffer;
  /** One thread writes all before it reads: there is nobody to wait for. */
  readonly isHere: boolean;
}

/** Memory that nobody touches costs nothing. */
export function createFeed({ pages = PAGES, isHere = false } = {}): FeedEnd {
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  return { memory, words: new SharedArrayBuffer(WORDS_BYTES + 8), isHere };
}

/** Thrown in the thread that writes when nobody wants more. */
export const STOPPED = Symbol("stopped");
/** Thrown where the thread that would read is the one that writes, and has no room left. */
export const FULL = Symbol("full");

/** What the main thread has of a feed. */
export class FeedWatch {
  readonly #words: Int32Array;
  readonly #figures: Float64Array;

  constructor({ words }: FeedEnd) {
    this.#words = new Int32Array(words);
    this.#figures = new Float64Array(words, WORDS_BYTES, 1);
  }

  /** Packed bytes of all files that were used so far. */
  get packedBytes(): number {
    return this.#figures[0] as number;
  }

  /** The writer leaves at its next look. */
  stop(): void {
    Atomics.store(this.#words, WORD.isStopped, 1);
    Atomics.notify(this.#words, WORD.read);
  }
}

/**
 * The writing end. Bytes are written into the memory itself, one behind the other, and the last ones stay in front of them; where the reader keeps up it
 * begins again at the front.
 */
export class FeedWriter {
  /** Where the next byte goes. */
  at: number;
  /** Nothing is begun here or behind: the block is full. */
  stop: number;
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #figures: Float64Array;
  readonly #isHere: boolean;
  /** Of the ring of blocks. */
  readonly #base: number;
  #start: number;

  /** The memory from `from` on is the feed's. */
  constructor({ memory, words, isHere }: FeedEnd, from: number) {
    this.bytes = new Uint8Array(memory.buffer);
    this.#isHere = isHere;
    this.#words = new Int32Array(words);
    this.#figures = new Float64Array(words, WORDS_BYTES, 1);
    this.#base = from + WINDOW;
    this.at = this.#base;
    this.#start = this.at;
    this.stop = this.at + BLOCK;
  }

  addPacked(bytes: number): void {
    this.#figures[0] = (this.#figures[0] as number) + bytes;
  }

  /**
   * Something was written from `at` to here. A block that is full goes to the reader; this waits for room for the next one.
   *
   * @throws STOPPED, FULL
   */
  advance(to: number): void {
    this.at = to;
    if (to >= this.stop) this.#send();
  }

  /** @throws STOPPED, FULL */
  endFile(): void {
    if (this.at > this.#start) this.#send();
    this.#send();
  }

  /** @throws STOPPED */
  leaveIfStopped(): void {
    if (Atomics.load(this.#words, WORD.isStopped) !== 0) throw STOPPED;
  }

  #send(): void {
    const written = Atomics.load(this.#words, WORD.written);
    const entry = entryOf(written);
    this.#words[entry] = this.#start;
    this.#words[entry + 1] = this.at - this.#start;
    Atomics.store(this.#words, WORD.written, (written + 1) | 0);
    Atomics.notify(this.#words, WORD.written);
    for (;;) {
      this.leaveIfStopped();
      const read = Atomics.load(this.#words, WORD.read);
      if (this.#takeRoom(read, (written + 1) | 0)) return;
      if (this.#isHere) throw FULL;
      Atomics.wait(this.#words, WORD.read, read);
    }
  }

  /** Room behind what was written, or at the front; false where the reader has to give back some. */
  #takeRoom(read: number, written: number): boolean {
    if (((written - read) | 0) >= MOST_BLOCKS) return false;
    const isWaiting = read !== written;
    const oldest = isWaiting ? (this.#words[entryOf(read)] as number) : this.at;
    // Of the end of a file the place is where the next block begins.
    const isAround = isWaiting && oldest > this.at;
    const isFar = this.at >= this.#base + NEAR;
    if (!isAround && isFar && (!isWaiting || this.#base + BLOCK + MARGIN <= oldest)) this.#goToFront();
    else if (this.at + BLOCK + MARGIN > (isAround ? oldest : this.bytes.length)) return false;
    this.#start = this.at;
    this.stop = this.at + BLOCK;
    return true;
  }

  #goToFront(): void {
    this.bytes.copyWithin(this.#base - WINDOW, this.at - WINDOW, this.at);
    this.at = this.#base;
  }
}

/** The reading end. */
export class FeedReader {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor({ memory, words }: FeedEnd) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(words);
  }

  /** The bytes of the next file. `check` is called while nothing comes. */
  nextFile(check: () => void): ByteSource {
    let [at, end, isEnded] = [0, 0, false];
    const nextBlock = () => {
      const read = Atomics.load(this.#words, WORD.read);
      for (check(); Atomics.load(this.#words, WORD.written) === read; check())
        Atomics.wait(this.#words, WORD.written, read, LOOK_MS);
      at = this.#words[entryOf(read)] as number;
      end = at + (this.#words[entryOf(read) + 1] as number);
      isEnded = at === end;
      if (isEnded) this.#giveBack();
    };
    return {
      read: (into) => {
        if (at === end && !isEnded) nextBlock();
        if (isEnded) return 0;
        const part = this.#bytes.subarray(at, Math.min(end, at + into.length));
        into.set(part);
        at += part.length;
        if (at === end) this.#giveBack();
        return part.length;
      },
    };
  }

  /** From the first file on again: all was written before anything is read, and nothing over it. */
  rewind(): void {
    Atomics.store(this.#words, WORD.read, 0);
  }

  #giveBack(): void {
    Atomics.add(this.#words, WORD.read, 1);
    Atomics.notify(this.#words, WORD.read);
  }
}

function entryOf(block: number): number {
  return WORD.blocks + 2 * ((block >>> 0) % MOST_BLOCKS);
}
