import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";

/** Memory for the places of fields, block behind block: those of earlier blocks stay as long as somebody wants them. */
export class FieldRoom {
  /** Told before the places of earlier blocks are written over; undefined when nobody wants them. */
  onReuse: (() => void) | undefined;
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  #base = 0;
  #bytes = 0;
  /** Bytes that are in use. */
  #used = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#arena = new Arena(kernel);
  }

  /** Nobody wants what is there, and there is to be room for so many bytes. */
  clear(bytes = 0): void {
    this.#used = 0;
    if (bytes <= this.#bytes) return;
    if (this.#base !== 0) this.#arena.give(this.#base);
    this.#base = this.#arena.take(bytes);
    this.#bytes = bytes;
  }

  /** Address of room for so many bytes of a new block. */
  take(bytes: number): number {
    if (this.#used > 0 && (!this.onReuse || this.#used + bytes > this.#bytes)) {
      this.onReuse?.();
      this.#used = 0;
    }
    if (bytes > this.#bytes) this.clear(bytes);
    return this.#base + this.#used;
  }

  /** Makes the room of the block that was taken last, of which `kept` bytes are in use, larger by so many; gives its address, for it may move. */
  extend(block: number, kept: number, bytes: number): number {
    if (block + kept + bytes <= this.#base + this.#bytes) return block;
    if (this.#used > 0) this.onReuse?.();
    this.move(this.#base, block, kept);
    this.#used = 0;
    if (kept + bytes > this.#bytes) {
      this.#base = this.#arena.enlarge(this.#base, kept, kept + bytes);
      this.#bytes = kept + bytes;
    }
    return this.#base;
  }

  /** The block that was taken last has its places in front of an address. */
  keep(end: number): void {
    this.#used = (end - this.#base + 63) & ~63;
  }

  /** Moves a part of the block that was taken last. */
  move(to: number, from: number, bytes: number): void {
    this.#kernel.bytes.copyWithin(to, from, from + bytes);
  }

  free(): void {
    this.#arena.free();
    this.#base = 0;
    this.#bytes = 0;
    this.#used = 0;
  }
}
