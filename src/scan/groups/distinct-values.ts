import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory, ScanRefused } from "../refused.ts";
import type { BlockRows } from "./group-states.ts";
import type { Lane } from "./lane.ts";
import { keysOf } from "./table-field.ts";

/** Which values the groups have, of one column: pairs of a group's number and a value's code. */
export interface DistinctPart {
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly codes: Uint32Array<ArrayBuffer>;
  /** The values by code; undefined for texts, whose codes are those of their dictionary. */
  readonly values: BigInt64Array<ArrayBuffer> | undefined;
}

/** Pairs of a group and a value that are kept at most. */
const MOST_PAIRS = 1 << 23;

/** Counts the different values that a column has in each group. */
export class DistinctValues {
  readonly #kernel: Kernel;
  readonly #lane: Lane;
  readonly #pairs: number;
  /** Numbers the values; 0 for texts. */
  readonly #values: number;
  readonly #codes: number;
  readonly #numberAt: number;
  readonly #at: number;

  constructor(kernel: Kernel, arena: Arena, lane: Lane, maxRows: number, numberAt: number, at: number) {
    this.#kernel = kernel;
    this.#lane = lane;
    this.#numberAt = numberAt;
    this.#at = at;
    this.#pairs = kernel.calls.pairsNew() >>> 0;
    this.#values = lane.type.kind === "text" ? 0 : kernel.calls.keysNew() >>> 0;
    this.#codes = arena.take(maxRows * 4);
    if (this.#pairs === 0 || (this.#values === 0 && lane.type.kind !== "text")) throw noMemory("different values");
  }

  add({ recs, rows }: BlockRows, mask: number): void {
    const { valid, values, words } = this.#lane;
    if (this.#values === 0) return this.#count(recs, values, valid, rows);
    const done = this.#kernel.calls.codesOfKeys(this.#values, words, valid, mask, rows, this.#codes);
    if (done < 0) throw noMemory("different values");
    this.#count(recs, this.#codes, valid, rows);
  }

  /** Bytes of `partial`, and of what it is made from. */
  get partBytes(): number {
    const { tableSize } = this.#kernel.calls;
    return 16 * tableSize(this.#pairs) + (this.#values === 0 ? 0 : 8 * tableSize(this.#values));
  }

  partial(): DistinctPart {
    const pairs = new Uint32Array(keysOf(this.#kernel, this.#pairs).buffer);
    const count = pairs.length / 2;
    const numbers = new Uint32Array(count);
    const codes = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      codes[i] = pairs[2 * i] as number;
      numbers[i] = pairs[2 * i + 1] as number;
    }
    return { numbers, codes, values: this.#values === 0 ? undefined : keysOf(this.#kernel, this.#values) };
  }

  /** Takes another table's pairs; `records` are the addresses of its groups here, `texts` the codes of its texts here. */
  merge(part: DistinctPart, records: Uint32Array, texts: Uint32Array | undefined, maxRows: number): void {
    const arena = new Arena(this.#kernel);
    const codeMap = part.values ? this.#mapValues(part.values, maxRows, arena) : (texts as Uint32Array);
    const [recs, codes] = [arena.take(maxRows * 4), arena.take(maxRows * 4)];
    for (let from = 0; from < part.codes.length; from += maxRows) {
      const rows = Math.min(maxRows, part.codes.length - from);
      const buffer = this.#kernel.bytes.buffer;
      const recsHere = new Uint32Array(buffer, recs, rows);
      const codesHere = new Uint32Array(buffer, codes, rows);
      for (let i = 0; i < rows; i++) {
        recsHere[i] = records[part.numbers[from + i] as number] as number;
        codesHere[i] = codeMap[part.codes[from + i] as number] as number;
      }
      this.#count(recs, codes, 0, rows);
    }
    arena.free();
  }

  free(): void {
    this.#kernel.calls.tableFree(this.#pairs);
    this.#kernel.calls.tableFree(this.#values);
  }

  #count(recs: number, codes: number, valid: number, rows: number): void {
    const { calls } = this.#kernel;
    const done = calls.countDistinct(recs, codes, valid, rows, this.#pairs, MOST_PAIRS, this.#numberAt, this.#at);
    if (done === -1) throw noMemory("different values");
    if (done < 0) throw new ScanRefused("memory", `more than ${MOST_PAIRS} different values in all groups`);
  }

  #mapValues(values: BigInt64Array, maxRows: number, arena: Arena): Uint32Array {
    const map = new Uint32Array(values.length);
    const words = arena.take(maxRows * 8);
    for (let from = 0; from < values.length; from += maxRows) {
      const rows = Math.min(maxRows, values.length - from);
      new BigInt64Array(this.#kernel.bytes.buffer, words, rows).set(values.subarray(from, from + rows));
      if (this.#kernel.calls.codesOfKeys(this.#values, words, 0, 0, rows, this.#codes) < 0)
        throw noMemory("different values");
      map.set(new Uint32Array(this.#kernel.bytes.buffer, this.#codes, rows), from);
    }
    return map;
  }
}
