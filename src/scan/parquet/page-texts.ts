import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory, type ScanRefused } from "../refused.ts";
import { GrowingBlock } from "../tables/growing-block.ts";
import { damaged } from "./damaged.ts";
import { ENCODING, STATE_BYTES, startCodes } from "./page-values.ts";
import type { Page } from "./pages.ts";

/** In place of a map of codes: not asked for yet. */
const UNKNOWN = -1;
const [NO_MEMORY, NO_UTF8] = [-1, -3];

/** The texts of a page that are there as codes of the kernel's dictionary; of a part's dictionary those are added that a row has. */
export class PageTexts {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #dictionary: number;
  readonly #state: number;
  readonly #scratch: number;
  readonly #places: GrowingBlock;
  readonly #map: GrowingBlock;
  #count = 0;
  #isPlain = false;
  #at = 0;
  #end = 0;

  constructor(kernel: Kernel, arena: Arena, name: string, dictionary: number, maxRows: number) {
    this.#kernel = kernel;
    this.#name = name;
    this.#dictionary = dictionary;
    this.#state = arena.take(STATE_BYTES);
    this.#scratch = arena.take((maxRows + 1) * 4);
    this.#places = new GrowingBlock(arena);
    this.#map = new GrowingBlock(arena);
  }

  forget(): void {
    this.#count = 0;
  }

  learn({ values, at, end }: Page): void {
    this.#require(4 * values <= end - at);
    const places = this.#places.room(4 * values);
    this.#require(values === 0 || this.#kernel.calls.placePageTexts(at, end, values, places));
    const map = this.#map.room(4 * values);
    new Int32Array(this.#kernel.bytes.buffer, map, values).fill(UNKNOWN);
    this.#count = values;
  }

  begin({ encoding, at, end }: Page): void {
    [this.#at, this.#end] = [at, end];
    this.#isPlain = encoding === ENCODING.plain;
    if (this.#isPlain) return;
    if (encoding !== ENCODING.dictionary && encoding !== ENCODING.plainDictionary)
      throw damaged(this.#name, "has texts in a form that the scanner does not read");
    this.#require(startCodes(this.#kernel, this.#state, at, end));
  }

  take(count: number, out: number): void {
    const { calls } = this.#kernel;
    if (count === 0) return;
    const dictionary = this.#dictionary;
    if (this.#isPlain) {
      const next = calls.placePageTexts(this.#at, this.#end, count, this.#scratch) >>> 0;
      this.#require(next);
      this.#at = next;
      return this.#requireCodes(calls.codesOfPageTexts(dictionary, this.#scratch, count, out));
    }
    this.#require(calls.takeRuns(this.#state, count, this.#scratch));
    const [places, map] = [this.#places.at, this.#map.at];
    this.#requireCodes(calls.codesOfPage(dictionary, this.#scratch, count, places, this.#count, map, out));
  }

  #requireCodes(result: number): void {
    if (result === 0) return;
    if (result === NO_MEMORY) throw noMemory(`the texts of "${this.#name}"`);
    throw result === NO_UTF8 ? damaged(this.#name, "has texts that are none in UTF-8") : this.#damaged();
  }

  #require(isSo: unknown): void {
    if (!isSo) throw this.#damaged();
  }

  #damaged(): ScanRefused {
    return damaged(this.#name, "is damaged");
  }
}
