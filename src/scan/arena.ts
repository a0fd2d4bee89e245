import type { Kernel } from "./kernel.ts";
import { ScanRefused } from "./refused.ts";

/** Blocks of a kernel's memory that are given back together. Addresses are unsigned, also beyond 2 GiB. */
export class Arena {
  readonly #kernel: Kernel;
  readonly #blocks = new Set<number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** A block that is not cleared. It may let the memory grow, so that views made before are void. */
  take(bytes: number): number {
    return this.#keep(bytes > 0xffffffff ? 0 : this.#kernel.calls.alloc(bytes), bytes);
  }

  /** A larger block in place of `block`, of which the first `kept` bytes are copied. */
  enlarge(block: number, kept: number, bytes: number): number {
    const larger = this.take(bytes);
    if (kept > 0) this.#kernel.bytes.copyWithin(larger, block, block + kept);
    this.give(block);
    return larger;
  }

  give(block: number): void {
    if (this.#blocks.delete(block)) this.#kernel.calls.free(block);
  }

  /** Gives all back; the arena may be used again. */
  free(): void {
    for (const block of this.#blocks) this.#kernel.calls.free(block);
    this.#blocks.clear();
  }

  #keep(block: number, bytes: number): number {
    if (block === 0) throw new ScanRefused("memory", `${bytes} bytes more are over the scanner's memory limit`);
    const address = block >>> 0;
    this.#blocks.add(address);
    return address;
  }
}
