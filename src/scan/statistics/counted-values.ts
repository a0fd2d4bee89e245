import type { Kernel } from "../kernel.ts";
import { halvesOf } from "./records.ts";

/** Values, each once, and their counts (u64 both) in the kernel's memory, where they are until the next ones are handed out. */
export class CountedValues {
  readonly size: number;
  readonly #kernel: Kernel;
  readonly #values: number;
  readonly #counts: number;

  constructor(kernel: Kernel, values: number, counts: number, size: number) {
    this.#kernel = kernel;
    this.#values = values;
    this.#counts = counts;
    this.size = size;
  }

  get values(): BigUint64Array<ArrayBuffer> {
    return new BigUint64Array(this.#kernel.calls.memory.buffer, this.#values, this.size);
  }

  /** Words of 64 bits, the lower half first. */
  get counts(): Uint32Array<ArrayBuffer> {
    return halvesOf(new BigUint64Array(this.#kernel.calls.memory.buffer, this.#counts, this.size));
  }

  /** How often the values from one index to before another come. */
  sum(from: number, to: number): number {
    return this.#kernel.calls.sumCounts(this.#counts + from * 8, to - from);
  }

  /** Those that come `least` times or more, in the place of all: the others are lost. */
  keepFrequent(least: number): CountedValues {
    const size = this.#kernel.calls.keepFrequent(this.#values, this.#counts, this.size, least) >>> 0;
    return new CountedValues(this.#kernel, this.#values, this.#counts, size);
  }
}
