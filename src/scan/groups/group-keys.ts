import type { Stepwise } from "../../stepwise.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import { grows } from "./growing.ts";
import type { Lane } from "./lane.ts";
import { copyKeys } from "./table-field.ts";
import type { Texts } from "./texts-of.ts";

/** One key column of all groups in the order of their numbers. */
export interface KeyValues {
  /** Codes of texts, else words of eight bytes. */
  readonly values: Uint32Array | BigInt64Array;
  /** A byte a group, 0 where the key is missing; undefined when none is. */
  readonly valid: Uint8Array | undefined;
  /** What the codes are of, where the column has texts of its own. */
  readonly texts?: Texts;
}

/**
 * From the key columns of a block's rows to the records of their groups. A single key column is looked up as it is;
 * several are numbered first, each column's values and then pairs of numbers, until one key of eight bytes is left.
 */
export class GroupKeys {
  readonly #kernel: Kernel;
  readonly #lanes: readonly Lane[];
  /** Tables that number the values of a column; 0 for texts, which have their dictionaries. */
  readonly #columns: readonly number[];
  /** Tables that number pairs of all but the last column. */
  readonly #pairs: readonly number[];
  /** Codes of each column, codes of pairs, pairs. */
  readonly #codes: readonly number[];
  readonly #folded: number;
  readonly #words: number;
  readonly #isDictionary: boolean;

  /** `isDictionary` says that the table is the dictionary of the only key, of which no row is left out. */
  constructor(kernel: Kernel, arena: Arena, lanes: readonly Lane[], isDictionary: boolean, maxRows: number) {
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#isDictionary = isDictionary;
    const isSeveral = lanes.length > 1;
    this.#columns = isSeveral ? lanes.map(({ type }) => (type.kind === "text" ? 0 : this.#table())) : [];
    this.#pairs = lanes.slice(2).map(() => this.#table());
    this.#codes = isSeveral ? lanes.map(() => arena.take(maxRows * 4)) : [];
    this.#folded = isSeveral ? arena.take(maxRows * 4) : 0;
    this.#words = isSeveral ? arena.take(maxRows * 8) : 0;
  }

  /** Writes the rows' record addresses to `recs`; rows that the mask rejects get the trash. */
  *find(table: number, mask: number, rows: number, recs: number): Stepwise<void> {
    const { calls } = this.#kernel;
    const [only] = this.#lanes;
    if (!only) check(calls.groupAll(table, mask, rows, recs));
    else if (this.#isDictionary) check(calls.groupByCodes(table, only.values, only.valid, rows, recs));
    else {
      const isSeveral = this.#lanes.length > 1;
      const [words, valid] = isSeveral ? [yield* this.#fold(mask, rows), 0] : [only.words, only.valid];
      while (calls.groupByKeys(table, words, valid, mask, rows, recs) < 0)
        while (grows(this.#kernel, table, KEYS)) yield;
    }
  }

  /** Whether the keys of groups are made from those of their records: not where there are none, or texts with their groups. */
  get isInRecords(): boolean {
    return this.#lanes.length > 0 && !this.#isDictionary;
  }

  /** The keys of some groups from the `first` on; `keys` are those of their records. */
  *values(table: number, keys: BigInt64Array | undefined, first: number, groups: number): Stepwise<KeyValues[]> {
    const [only] = this.#lanes;
    if (!only) return [];
    if (keys && this.#lanes.length > 1) return yield* this.#unfold(keys);
    const valid = allBut(this.#kernel.calls.tableNull(table) - first, groups);
    if (!keys) return [{ values: countTo(groups), valid }];
    return [{ values: only.type.kind === "text" ? yield* lowerHalves(keys) : keys, valid }];
  }

  free(): void {
    for (const table of [...this.#columns, ...this.#pairs]) this.#kernel.calls.tableFree(table);
  }

  #table(): number {
    const table = this.#kernel.calls.keysNew() >>> 0;
    if (table === 0) throw noMemory(KEYS);
    return table;
  }

  *#fold(mask: number, rows: number): Stepwise<number> {
    const { calls } = this.#kernel;
    for (const [i, lane] of this.#lanes.entries()) {
      const codes = this.#codes[i] as number;
      const table = this.#columns[i] as number;
      if (table === 0) calls.codesWithNull(lane.values, lane.valid, rows, codes);
      else {
        const { words, valid } = lane;
        while (calls.codesOfKeys(table, words, valid, mask, rows, codes) < 0)
          while (grows(this.#kernel, table, KEYS)) yield;
      }
    }
    let [first = 0] = this.#codes;
    for (const [i, second] of this.#codes.slice(1).entries()) {
      calls.pairKeys(first, second, rows, this.#words);
      const table = this.#pairs[i];
      if (table === undefined) break;
      while (calls.codesOfKeys(table, this.#words, 0, mask, rows, this.#folded) < 0)
        while (grows(this.#kernel, table, KEYS)) yield;
      first = this.#folded;
    }
    return this.#words;
  }

  *#unfold(pairs: BigInt64Array): Stepwise<KeyValues[]> {
    const columns: KeyValues[] = [];
    let keys = pairs;
    for (let column = this.#lanes.length - 1; column >= 1; column--) {
      columns.unshift(yield* this.#valuesOf(column, yield* lowerHalves(keys)));
      const rest = yield* halves(keys, 1);
      if (column === 1) columns.unshift(yield* this.#valuesOf(0, rest));
      else keys = yield* gather(yield* copyKeys(this.#kernel, this.#pairs[column - 2] as number), rest);
    }
    return columns;
  }

  *#valuesOf(column: number, codes: Uint32Array): Stepwise<KeyValues> {
    const table = this.#columns[column] as number;
    const valid = yield* validOf(codes, table === 0 ? 0 : this.#kernel.calls.tableNull(table));
    if (table === 0) return { values: yield* lessOne(codes), valid };
    return { values: yield* gather(yield* copyKeys(this.#kernel, table), codes), valid };
  }
}

const KEYS = "the keys of the groups";
/** Groups whose keys are made together. */
const AT_ONCE = 65_536;

function check(done: number): void {
  if (done < 0) throw noMemory(KEYS);
}

function countTo(size: number): Uint32Array {
  const numbers = new Uint32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i;
  return numbers;
}

/** Calls with the ends of slices that are worked on together. */
function* slices(size: number, take: (from: number, to: number) => void): Stepwise<void> {
  for (let from = 0; from < size; from += AT_ONCE) {
    take(from, Math.min(from + AT_ONCE, size));
    yield;
  }
}

function* gather(values: BigInt64Array, codes: Uint32Array): Stepwise<BigInt64Array> {
  const gathered = new BigInt64Array(codes.length);
  yield* slices(codes.length, (from, to) => {
    for (let i = from; i < to; i++) gathered[i] = values[codes[i] as number] as bigint;
  });
  return gathered;
}

/** Codes that count from 0 where 0 was a missing one, which is 0, too. */
function* lessOne(codes: Uint32Array): Stepwise<Uint32Array> {
  const less = new Uint32Array(codes.length);
  yield* slices(codes.length, (from, to) => {
    for (let i = from; i < to; i++) less[i] = Math.max(codes[i] as number, 1) - 1;
  });
  return less;
}

function lowerHalves(words: BigInt64Array): Stepwise<Uint32Array> {
  return halves(words, 0);
}

function* halves(words: BigInt64Array, upper: 0 | 1): Stepwise<Uint32Array> {
  const both = new Uint32Array(words.buffer, words.byteOffset, words.length * 2);
  const some = new Uint32Array(words.length);
  yield* slices(some.length, (from, to) => {
    for (let i = from; i < to; i++) some[i] = both[2 * i + upper] as number;
  });
  return some;
}

function allBut(missing: number, size: number): Uint8Array | undefined {
  if (missing < 0 || missing >= size) return undefined;
  const valid = new Uint8Array(size).fill(1);
  valid[missing] = 0;
  return valid;
}

function* validOf(codes: Uint32Array, missing: number): Stepwise<Uint8Array | undefined> {
  if (missing < 0 || !codes.includes(missing)) return undefined;
  const valid = new Uint8Array(codes.length);
  yield* slices(codes.length, (from, to) => {
    for (let i = from; i < to; i++) valid[i] = codes[i] === missing ? 0 : 1;
  });
  return valid;
}
