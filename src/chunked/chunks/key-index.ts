import { UsageError } from "../../errors.ts";
import type { PartialKey } from "../../frame/partial.ts";
import { Interner } from "./interner.ts";

/** Values of one key that a pair has room for. */
const MOST_CODES = 2 ** 26;

/** Numbers a tuple of keys, the same for the same values in every chunk: null, NaN and texts apart, -0 as 0. */
export class KeyIndex {
  readonly #columns: readonly Interner[];
  /** From the number of the first keys and that of the next one to the number of both. */
  readonly #pairs: readonly Interner[];
  #groups = 0;

  constructor(keys: readonly PartialKey[]) {
    this.#columns = keys.map(() => new Interner());
    this.#pairs = keys.slice(1).map(() => new Interner());
  }

  get groups(): number {
    return this.#groups;
  }

  /** The group numbers of a chunk's groups, new ones added. */
  add(keys: readonly PartialKey[], groups: number): Uint32Array {
    if (keys.length === 0) {
      this.#groups = 1;
      return new Uint32Array(groups);
    }
    const [first, ...rest] = keys.map((key, column) => (this.#columns[column] as Interner).codesOf(key, groups));
    const ids = first as Uint32Array;
    for (const [column, codes] of rest.entries()) pair(this.#pairs[column] as Interner, ids, codes);
    this.#groups = (this.#pairs.at(-1) ?? (this.#columns[0] as Interner)).size;
    return ids;
  }

  /** The values of one key, one for each group. */
  values(column: number): ArrayLike<unknown> {
    const { values } = this.#columns[column] as Interner;
    if (this.#columns.length === 1) return values;
    const codes = this.#codesOf(column);
    const taken: unknown[] | Float64Array =
      values instanceof Float64Array ? new Float64Array(codes.length) : new Array(codes.length);
    for (let group = 0; group < codes.length; group++) taken[group] = values[codes[group] as number] as number;
    return taken;
  }

  /** For each group the number of one of its keys, which lies in the pairs. */
  #codesOf(column: number): Uint32Array {
    const codes = Uint32Array.from({ length: this.#groups }, (_, group) => group);
    for (let level = this.#pairs.length - 1; level >= 0; level--) {
      const pairs = (this.#pairs[level] as Interner).values as Float64Array;
      const isHere = level === column - 1;
      for (let group = 0; group < codes.length; group++) {
        const both = pairs[codes[group] as number] as number;
        codes[group] = isHere ? both % MOST_CODES : Math.floor(both / MOST_CODES);
      }
      if (isHere) break;
    }
    return codes;
  }
}

/** Replaces the numbers of the first keys by those of the pairs with the next one. */
function pair(pairs: Interner, ids: Uint32Array, codes: Uint32Array): void {
  for (let i = 0; i < ids.length; i++) {
    const [first, second] = [ids[i] as number, codes[i] as number];
    if (first >= MOST_CODES || second >= MOST_CODES)
      throw new UsageError("E_TOO_MANY_GROUPS", "there are more than 67 million different keys", {
        hint: "let the engine do it: %chunked with --by and --agg spills to disk",
      });
    ids[i] = pairs.codeOfNumber(first * MOST_CODES + second);
  }
}
