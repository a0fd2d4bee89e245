import type { TopValue } from "./column-figures.ts";
import { wordAt } from "./records.ts";

const SHOWN = 10;

/** What comes most often, most first and equals in their own order; of a sketch only what certainly comes more often than all that it lost. */
export class TopValues<Key> {
  readonly #compare: (a: Key, b: Key) => number;
  readonly #first: { readonly key: Key; readonly count: number }[] = [];
  #least: number;

  constructor(lost: number, compare: (a: Key, b: Key) => number) {
    this.#least = lost + 1;
    this.#compare = compare;
  }

  /** How often a value must come to be shown. */
  get least(): number {
    return this.#least;
  }

  /** Looks at values that come so often (words of 64 bits, the lower half first); each value is given once. */
  add(counts: Uint32Array, keyAt: (index: number) => Key): void {
    const first = this.#first;
    for (let index = 0; 2 * index < counts.length; index++) {
      const count = wordAt(counts, index);
      if (count < this.#least) continue;
      const key = keyAt(index);
      let at = first.length;
      for (; at > 0; at--) {
        const other = first[at - 1] as { key: Key; count: number };
        if (count < other.count || (count === other.count && this.#compare(key, other.key) > 0)) break;
      }
      if (at === SHOWN) continue;
      first.splice(at, 0, { key, count });
      if (first.length > SHOWN) first.pop();
      if (first.length === SHOWN) this.#least = (first[SHOWN - 1] as { count: number }).count;
    }
  }

  /** `shownAs` is undefined for a text that was not kept. */
  shown(shownAs: (key: Key) => TopValue["value"] | undefined): TopValue[] {
    return this.#first.flatMap(({ key, count }) => {
      const value = shownAs(key);
      return value === undefined ? [] : [{ value, count }];
    });
  }
}
