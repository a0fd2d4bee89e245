import { MOST_CATEGORIES } from "./advise.ts";

const BITS = 14;
const REGISTERS = 2 ** BITS;
const scratch = new DataView(new ArrayBuffer(8));

/** Counts different values: exactly up to a cap, by HyperLogLog (error 0.8 %) above it, in bounded memory. */
export class DistinctCounter {
  #seen: Set<unknown> | undefined = new Set();
  #registers: Uint8Array | undefined;

  add(value: unknown): void {
    if (this.#seen) {
      this.#seen.add(value);
      if (this.#seen.size > MOST_CATEGORIES) this.#overflow();
    } else this.#note(hash(value));
  }

  get isExact(): boolean {
    return this.#seen !== undefined;
  }

  get count(): number {
    if (this.#seen) return this.#seen.size;
    const registers = this.#registers as Uint8Array;
    let [sum, empty] = [0, 0];
    for (const rank of registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
  }

  #overflow(): void {
    this.#registers = new Uint8Array(REGISTERS);
    for (const value of this.#seen as Set<unknown>) this.#note(hash(value));
    this.#seen = undefined;
  }

  #note([low, high]: readonly [number, number]): void {
    const registers = this.#registers as Uint8Array;
    const at = low & (REGISTERS - 1);
    // 18 bits of the low half and 32 of the high one are left for the rank.
    const rank = high === 0 ? 33 + Math.clz32(low >>> BITS) - BITS : Math.clz32(high) + 1;
    if (rank > (registers[at] as number)) registers[at] = rank;
  }
}

/** Two independent halves of 32 bits. */
function hash(value: unknown): [number, number] {
  if (typeof value === "number") {
    scratch.setFloat64(0, value === 0 ? 0 : value);
    return [
      mix(scratch.getInt32(0), scratch.getInt32(4), 0x9e3779b1),
      mix(scratch.getInt32(0), scratch.getInt32(4), 0x85ebca77),
    ];
  }
  const text = typeof value === "string" ? value : String(value);
  let [a, b] = [0x811c9dc5, 0x2f1b3a57];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + i;
  }
  return [mix(a, text.length, 0x9e3779b1), mix(b, text.length, 0x85ebca77)];
}

function mix(high: number, low: number, seed: number): number {
  let h = Math.imul(high ^ seed, 0x85ebca6b) ^ Math.imul(low + seed, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}
