import type { Stepwise } from "../../stepwise.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory, ScanRefused } from "../refused.ts";
import type { BlockRows } from "./group-states.ts";
import { grows } from "./growing.ts";
import type { Lane } from "./lane.ts";
import { copyKeys } from "./table-field.ts";

/** Which values the groups have, of one column: pairs of a group's number and a value's code. */
export interface DistinctPart {
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly codes: Uint32Array<ArrayBuffer>;
  /** The values by code; undefined for texts, whose codes are those of their dictionary. */
  readonly values: BigInt64Array<ArrayBuffer> | undefined;
}

/** Pairs of a group and a value that are kept at most. */
const MOST_PAIRS = 1 << 23;

const VALUES = "different values";

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
    if (this.#pairs === 0 || (this.#values === 0 && lane.type.kind !== "text")) throw noMemory(VALUES);
  }

  *add({ recs, rows }: BlockRows, mask: number): Stepwise<void> {
    const { valid, values, words } = this.#lane;
    if (this.#values !== 0) yield* this.#number(words, valid, mask, rows);
    yield* this.#count(recs, this.#values === 0 ? values : this.#codes, valid, rows);
  }

  /** Bytes of `partial`, and of what it is made from. */
  get partBytes(): number {
    const { tableSize } = this.#kernel.calls;
    return 16 * tableSize(this.#pairs) + (this.#values === 0 ? 0 : 8 * tableSize(this.#values));
  }

  *partial(): Stepwise<DistinctPart> {
    const pairs = new Uint32Array((yield* copyKeys(this.#kernel, this.#pairs)).buffer);
    const count = pairs.length / 2;
    const numbers = new Uint32Array(count);
    const codes = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      codes[i] = pairs[2 * i] as number;
      numbers[i] = pairs[2 * i + 1] as number;
    }
    yield;
    return { numbers, codes, values: this.#values === 0 ? undefined : yield* copyKeys(this.#kernel, this.#values) };
  }

  /** Takes another table's pairs; `records` are the addresses of its groups here, `texts` the codes of its texts here, where they are others. */
  *merge(part: DistinctPart, records: Uint32Array, texts: Uint32Array | undefined, maxRows: number): Stepwise<void> {
    const arena = new Arena(this.#kernel);
    const codeMap = part.values ? yield* this.#mapValues(part.values, maxRows, arena) : texts;
    const [recs, codes] = [arena.take(maxRows * 4), arena.take(maxRows * 4)];
    for (let from = 0; from < part.codes.length; from += maxRows) {
      const rows = Math.min(maxRows, part.codes.length - from);
      const buffer = this.#kernel.bytes.buffer;
      const recsHere = new Uint32Array(buffer, recs, rows);
      const codesHere = new Uint32Array(buffer, codes, rows);
      for (let i = 0; i < rows; i++) {
        recsHere[i] = records[part.numbers[from + i] as number] as number;
        const code = part.codes[from + i] as number;
        codesHere[i] = codeMap ? (codeMap[code] as number) : code;
      }
      yield* this.#count(recs, codes, 0, rows);
      yield;
    }
    arena.free();
  }

  free(): void {
    this.#kernel.calls.tableFree(this.#pairs);
    this.#kernel.calls.tableFree(this.#values);
  }

  *#count(recs: number, codes: number, valid: number, rows: number): Stepwise<void> {
    const { calls } = this.#kernel;
    for (;;) {
      const done = calls.countDistinct(recs, codes, valid, rows, this.#pairs, MOST_PAIRS, this.#numberAt, this.#at);
      if (done < -1) throw new ScanRefused("memory", `more than ${MOST_PAIRS} different values in all groups`);
      if (done >= 0) return;
      while (grows(this.#kernel, this.#pairs, VALUES)) yield;
    }
  }

  *#number(words: number, valid: number, mask: number, rows: number): Stepwise<void> {
    const { calls } = this.#kernel;
    while (calls.codesOfKeys(this.#values, words, valid, mask, rows, this.#codes) < 0)
      while (grows(this.#kernel, this.#values, VALUES)) yield;
  }

  *#mapValues(values: BigInt64Array, maxRows: number, arena: Arena): Stepwise<Uint32Array> {
    const map = new Uint32Array(values.length);
    const words = arena.take(maxRows * 8);
    for (let from = 0; from < values.length; from += maxRows) {
      const rows = Math.min(maxRows, values.length - from);
      new BigInt64Array(this.#kernel.bytes.buffer, words, rows).set(values.subarray(from, from + rows));
      yield* this.#number(words, 0, 0, rows);
      map.set(new Uint32Array(this.#kernel.bytes.buffer, this.#codes, rows), from);
      yield;
    }
    return map;
  }
}
