import type { Arena } from "../arena.ts";

/** A block of a kernel's memory that becomes larger when more is asked of it; what was in it is forgotten then. */
export class GrowingBlock {
  readonly #arena: Arena;
  #bytes = 0;
  at = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Its address, with room for so many bytes. */
  room(bytes: number): number {
    if (this.at !== 0 && bytes <= this.#bytes) return this.at;
    if (this.at !== 0) this.#arena.give(this.at);
    this.#bytes = Math.max(bytes, 1);
    this.at = this.#arena.take(this.#bytes);
    return this.at;
  }
}
