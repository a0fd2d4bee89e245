import { keyOf } from "../../frame/group.ts";
import type { PartialKey } from "../../frame/partial.ts";
import { Numbers } from "./grow.ts";

/** Whole numbers below this, ids mostly, are numbered through a table of at most 16 MB: a place in memory each, and no hash. */
const TABLE_LIMIT = 2 ** 22;

/** Numbers the values of one key column in order of appearance. */
export class Interner {
  /** By whole number: its code plus one. */
  #table = new Int32Array(1024);
  /** By hash of any other number: its code plus one. */
  #slots = new Int32Array(1024);
  #hashed = 0;
  /** The number of each code; NaN where it is something else. */
  readonly #numbers = new Numbers();
  #nan = -1;
  #null = -1;
  /** Codes of everything else, and what it is. */
  readonly #codes = new Map<unknown, number>();
  readonly #others: unknown[] = [];
  /** Codes, plus one, by place in the dictionary that was seen last. */
  #dictionary: readonly unknown[] | undefined;
  #byPlace = new Int32Array(0);

  get size(): number {
    return this.#numbers.length;
  }

  /** The value of each code. */
  get values(): ArrayLike<unknown> {
    const numbers = this.#numbers.values.subarray(0, this.size);
    if (this.#codes.size === 0 && this.#null < 0) return numbers;
    const values: unknown[] = Array.from(numbers);
    this.#others.forEach((value, code) => {
      values[code] = value;
    });
    if (this.#null >= 0) values[this.#null] = null;
    return values;
  }

  /** The codes of a column. */
  codesOf({ coded, values }: PartialKey, length: number): Uint32Array {
    const codes = new Uint32Array(length);
    if (coded) {
      this.#look(coded.dictionary);
      for (let i = 0; i < length; i++) codes[i] = this.#codeAt(coded.codes[i] as number, coded.dictionary);
    } else if (values instanceof Float64Array) this.#codesOfNumbers(values, codes);
    else for (let i = 0; i < length; i++) codes[i] = this.#codeOf(values[i]);
    return codes;
  }

  #codesOfNumbers(values: Float64Array, codes: Uint32Array): void {
    let table = this.#table;
    for (let i = 0; i < codes.length; i++) {
      const value = values[i] as number;
      const known = value >= 0 && value < table.length && Math.floor(value) === value ? (table[value] as number) : 0;
      if (known > 0) codes[i] = known - 1;
      else {
        codes[i] = this.codeOfNumber(value);
        table = this.#table;
      }
    }
  }

  codeOfNumber(value: number): number {
    if (!(value >= 0 && value < TABLE_LIMIT && Math.floor(value) === value)) return this.#codeOfAny(value);
    if (value >= this.#table.length) this.#growTable(value);
    const known = this.#table[value] as number;
    if (known > 0) return known - 1;
    const code = this.#add(value);
    this.#table[value] = code + 1;
    return code;
  }

  #growTable(value: number): void {
    const larger = new Int32Array(Math.min(TABLE_LIMIT, Math.max(value + 1, this.#table.length * 2)));
    larger.set(this.#table);
    this.#table = larger;
  }

  #codeOfAny(value: number): number {
    if (Number.isNaN(value)) {
      if (this.#nan < 0) this.#nan = this.#add(value);
      return this.#nan;
    }
    if (2 * this.#hashed >= this.#slots.length) this.#growSlots();
    const at = this.#slotOf(value);
    const known = this.#slots[at] as number;
    if (known > 0) return known - 1;
    const code = this.#add(value);
    this.#slots[at] = code + 1;
    this.#hashed++;
    return code;
  }

  /** Where the number is or would be. */
  #slotOf(value: number): number {
    const { values } = this.#numbers;
    const mask = this.#slots.length - 1;
    let at = hashOf(value) & mask;
    for (;;) {
      const known = this.#slots[at] as number;
      if (known === 0 || values[known - 1] === value) return at;
      at = (at + 1) & mask;
    }
  }

  #growSlots(): void {
    const before = this.#slots;
    const { values } = this.#numbers;
    this.#slots = new Int32Array(2 * before.length);
    for (const known of before) if (known > 0) this.#slots[this.#slotOf(values[known - 1] as number)] = known;
  }

  /** Words of a dictionary are looked up once; the dictionary is the same from chunk to chunk, or another in each. */
  #look(dictionary: readonly unknown[]): void {
    const isKnown = this.#dictionary === dictionary;
    if (isKnown && this.#byPlace.length >= dictionary.length) return;
    const places = new Int32Array(isKnown ? 2 * dictionary.length : dictionary.length);
    if (isKnown) places.set(this.#byPlace);
    this.#dictionary = dictionary;
    this.#byPlace = places;
  }

  #codeAt(place: number, dictionary: readonly unknown[]): number {
    if (place < 0) return this.#codeOf(null);
    const known = this.#byPlace[place] as number;
    if (known > 0) return known - 1;
    const code = this.#codeOf(dictionary[place]);
    this.#byPlace[place] = code + 1;
    return code;
  }

  #codeOf(value: unknown): number {
    if (typeof value === "number") return this.codeOfNumber(value);
    if (value === null || value === undefined) {
      if (this.#null < 0) this.#null = this.#add(Number.NaN);
      return this.#null;
    }
    // A column is bigint as a whole, and only in the chunks that need it.
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return this.codeOfNumber(Number(value));
    const plain = keyOf(value);
    let code = this.#codes.get(plain);
    if (code === undefined) {
      code = this.#add(Number.NaN);
      this.#codes.set(plain, code);
      this.#others[code] = value;
    }
    return code;
  }

  #add(value: number): number {
    const code = this.size;
    this.#numbers.reach(code + 1);
    this.#numbers.values[code] = value === 0 ? 0 : value;
    return code;
  }
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

function hashOf(value: number): number {
  double[0] = value;
  const mixed = Math.imul((halves[0] as number) ^ Math.imul(halves[1] as number, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
