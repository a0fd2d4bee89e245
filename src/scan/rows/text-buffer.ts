import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";

/** Bytes of a text in order; `read` waits for some and gives their number, 0 at the end. */
export interface ByteSource {
  read(into: Uint8Array): number;
}

/** Bytes at the end of the buffer for the row end that the last row may lack, and for what looks past it. */
const ROOM = 64;

/** A stretch of a text in the kernel's memory, from the first byte that is not done with to the last one that was read. */
export class TextBuffer {
  /** Address of the first byte that is not done with. */
  at = 0;
  /** Address past the last byte that was read. */
  end = 0;
  /** The source has no more. */
  isEnded = false;
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #terminator: number;
  #source: ByteSource = { read: () => 0 };
  #base = 0;
  /** Bytes of the buffer, at first and now. */
  readonly #usualBytes: number;
  #bytes: number;
  /** Address of a byte of the source, and its offset in the file. */
  #front = 0;
  #offset = 0;
  /** Told before text that lies in front of `at` is written over; undefined when nobody wants it. */
  #onMove: (() => void) | undefined;
  /** Row end bytes that were put behind the text. */
  #added = 0;

  constructor(kernel: Kernel, bytes: number, terminator: number) {
    this.#kernel = kernel;
    this.#arena = new Arena(kernel);
    this.#terminator = terminator;
    this.#usualBytes = bytes;
    this.#bytes = bytes;
  }

  /**
   * Starts with a source whose first byte is at `offset` of the file. With `onMove` all text stays where it is until that is called; one source may then
   * be opened behind another.
   */
  open(source: ByteSource, offset: number, onMove?: () => void): void {
    if (this.#base === 0) this.#base = this.#arena.take(this.#bytes);
    this.#source = source;
    this.#offset = offset;
    this.#added = 0;
    this.#onMove = onMove;
    this.#front = onMove && this.end > 0 ? Math.min(this.end + ROOM, this.#base + this.#bytes - ROOM) : this.#base;
    this.at = this.#front;
    this.end = this.#front;
    this.isEnded = false;
  }

  /** Nobody wants what was read, and there is to be room for so many bytes. */
  clear(bytes: number): void {
    if (bytes > this.#bytes) {
      if (this.#base !== 0) this.#arena.give(this.#base);
      this.#base = 0;
      this.#bytes = 2 ** Math.ceil(Math.log2(bytes));
    }
    this.end = 0;
  }

  /**
   * Reads on until `wanted` bytes lie ahead (less the room at the end, where they are as many as the buffer has) or the source ends;
   * more where there is room, but not far beyond `stop` of the file.
   */
  fill(wanted: number, stop: number): void {
    if (this.isEnded || this.end - this.at >= wanted) return;
    if (!this.#onMove) this.#makeRoom(wanted);
    else if (this.at + wanted > this.#base + this.#bytes - ROOM) {
      this.#onMove();
      this.#makeRoom(wanted);
    }
    const room = this.#base + this.#bytes - ROOM - this.at;
    const least = Math.min(wanted, room);
    // A buffer that one long row has made large is not filled for its own sake.
    const most = Math.max(least, Math.min(room, this.#usualBytes - ROOM));
    while (!this.isEnded && this.end - this.at < least) {
      const ahead = this.end - this.at;
      const useful = Math.max(least - ahead, Math.min(most - ahead, stop - this.offsetOf(this.end)));
      const read = this.#source.read(this.#kernel.bytes.subarray(this.end, this.end + useful));
      if (read === 0) this.#finish();
      this.end += read;
    }
  }

  /** Offset in the file of an address; the row end that the text lacks takes no place there. */
  offsetOf(address: number): number {
    return this.#offset + Math.min(address, this.end - this.#added) - this.#front;
  }

  /** Address of an offset in the file, which may lie before or behind the buffer. */
  addressOf(offset: number): number {
    return offset - this.#offset + this.#front;
  }

  free(): void {
    this.#arena.free();
    this.#base = 0;
    this.end = 0;
  }

  /** Moves what lies ahead to the front, and to a larger block where it has to be. */
  #makeRoom(wanted: number): void {
    const ahead = this.end - this.at;
    this.#offset += this.at - this.#front;
    if (wanted > this.#bytes) {
      const bytes = 2 ** Math.ceil(Math.log2(wanted));
      const larger = this.#arena.take(bytes);
      this.#kernel.bytes.copyWithin(larger, this.at, this.end);
      this.#arena.give(this.#base);
      this.#base = larger;
      this.#bytes = bytes;
    } else this.#kernel.bytes.copyWithin(this.#base, this.at, this.end);
    this.#front = this.#base;
    this.at = this.#base;
    this.end = this.#base + ahead;
  }

  /** Ends the last row where the text does not. */
  #finish(): void {
    this.isEnded = true;
    const { bytes } = this.#kernel;
    const last = bytes[this.end - 1];
    if (this.end > this.at && last !== this.#terminator) {
      bytes[this.end] = this.#terminator;
      this.#added = 1;
      this.end += 1;
    }
    // What looks past the end finds no part of a row end.
    bytes[this.end] = 0;
  }
}
