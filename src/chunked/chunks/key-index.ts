import { UsageError } from "../../errors.ts";
import type { PartialKey } from "../../frame/partial.ts";

/** Numbers a tuple of keys, the same for the same values in every chunk: null, NaN and texts apart, -0 as 0. */
export class KeyIndex {
  readonly #columns: readonly Interner[];
  /** From the number of the first keys and that of the next one to the number of both. */
  readonly #pairs: readonly Map<number, number>[];
  /** For each group the number of each of its keys. */
  readonly #codes: number[][];
  #groups = 0;

  constructor(keys: readonly PartialKey[]) {
    this.#columns = keys.map(() => new Interner());
    this.#pairs = keys.slice(1).map(() => new Map());
    this.#codes = keys.map(() => []);
  }

  get groups(): number {
    return this.#groups;
  }

  /** The group numbers of a chunk's groups, new ones added. */
  add(keys: readonly PartialKey[], groups: number): Uint32Array {
    const ids = new Uint32Array(groups);
    if (keys.length === 0) {
      this.#groups = 1;
      return ids;
    }
    if (keys.length === 1) return this.#addSingle(keys[0] as PartialKey, ids);
    for (let i = 0; i < groups; i++) {
      let id = 0;
      for (let column = 0; column < keys.length; column++) {
        const code = (this.#columns[column] as Interner).codeOf((keys[column] as PartialKey).values[i]);
        id = column === 0 ? code : this.#pair(this.#pairs[column - 1] as Map<number, number>, id, code);
      }
      ids[i] = id;
      if (id < this.#groups) continue;
      this.#groups = id + 1;
      for (let column = 0; column < keys.length; column++)
        (this.#codes[column] as number[])[id] = (this.#columns[column] as Interner).codeOf(
          (keys[column] as PartialKey).values[i],
        );
    }
    return ids;
  }

  /** With one key its number is the group's. */
  #addSingle({ values }: PartialKey, ids: Uint32Array): Uint32Array {
    const interner = this.#columns[0] as Interner;
    for (let i = 0; i < ids.length; i++) ids[i] = interner.codeOf(values[i]);
    this.#groups = interner.size;
    return ids;
  }

  /** The values of one key, one for each group. */
  values(column: number): readonly unknown[] {
    if (this.#columns.length === 1) return (this.#columns[0] as Interner).values;
    const interner = this.#columns[column] as Interner;
    return (this.#codes[column] as number[]).map((code) => interner.values[code]);
  }

  #pair(pairs: Map<number, number>, first: number, second: number): number {
    if (first >= 2 ** 26 || second >= 2 ** 26)
      throw new UsageError("E_TOO_MANY_GROUPS", "there are more than 67 million different keys", {
        hint: "let the engine do it: %chunked with --by and --agg spills to disk",
      });
    const pair = first * 2 ** 26 + second;
    let id = pairs.get(pair);
    if (id === undefined) {
      id = pairs.size;
      pairs.set(pair, id);
    }
    return id;
  }
}

/** Whole numbers below this, ids mostly, are numbered through a table of at most 16 MB: ten times as fast as a map. */
const TABLE_LIMIT = 2 ** 22;

/** Numbers the values of one key column in order of appearance. */
class Interner {
  readonly #codes = new Map<unknown, number>();
  readonly #values: unknown[] = [];
  /** By value: its number plus one. */
  #table = new Int32Array(1024);

  get size(): number {
    return this.#values.length;
  }

  get values(): readonly unknown[] {
    return this.#values;
  }

  codeOf(value: unknown): number {
    if (typeof value === "number" && value >= 0 && value < TABLE_LIMIT && Number.isInteger(value))
      return this.#codeOfId(value);
    // Dates are objects, equal by their milliseconds; a column is bigint as a whole, and only in the chunks that need it.
    const plain = value instanceof Date ? value.getTime() : typeof value === "bigint" ? narrow(value) : (value ?? null);
    if (typeof value === "bigint" && typeof plain === "number") return this.codeOf(plain);
    let code = this.#codes.get(plain);
    if (code === undefined) {
      code = this.#values.length;
      this.#codes.set(plain, code);
      this.#values.push(value instanceof Date ? value : plain);
    }
    return code;
  }

  #codeOfId(id: number): number {
    if (id >= this.#table.length) {
      const larger = new Int32Array(Math.min(TABLE_LIMIT, Math.max(id + 1, this.#table.length * 2)));
      larger.set(this.#table);
      this.#table = larger;
    }
    const known = this.#table[id] as number;
    if (known > 0) return known - 1;
    this.#values.push(id === 0 ? 0 : id);
    this.#table[id] = this.#values.length;
    return this.#values.length - 1;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
