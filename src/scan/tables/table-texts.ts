import type { Data, Vector } from "../../frame/arrow.ts";
import { notUtf8 } from "../../frame/texts.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory, ScanRefused } from "../refused.ts";
import { isText } from "./arrow-kinds.ts";
import { GrowingBlock } from "./growing-block.ts";
import { requireLength } from "./table-block.ts";
import type { Places } from "./table-values.ts";
import { type TextRows, textsIn } from "./text-rows.ts";

interface TextsOptions {
  readonly name: string;
  /** The kernel's dictionary of the column. */
  readonly dictionary: number;
  readonly maxRows: number;
}

/** In the map of a dictionary's codes: not asked for yet, and the place of a missing value. */
const [UNKNOWN, MISSING] = [-1, -2];

/** Texts of tables as codes of the kernel's dictionary. A dictionary that tables have themselves is laid down once, and of its texts those are taken that a row has. */
export class TableTexts {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #dictionary: number;
  readonly #maxRows: number;
  readonly #offsets: GrowingBlock;
  readonly #texts: LaidTexts;
  readonly #known: LaidTexts;
  readonly #map: GrowingBlock;
  #given: Vector | undefined;

  constructor(kernel: Kernel, arena: Arena, { name, dictionary, maxRows }: TextsOptions) {
    this.#kernel = kernel;
    this.#name = name;
    this.#dictionary = dictionary;
    this.#maxRows = maxRows;
    this.#offsets = new GrowingBlock(arena);
    this.#texts = laidTexts(arena);
    this.#known = laidTexts(arena);
    this.#map = new GrowingBlock(arena);
  }

  /** Writes codes to `values`; gives the missing rows. */
  lay(data: Data, from: number, rows: number, nulls: number, places: Places): number {
    if (data.dictionary) return this.#layCodes(data, data.dictionary, from, rows, places);
    if (!isText(data.type)) throw this.#refused(`${data.type}`);
    const at = this.#layTexts([textsIn(data, from, rows)], this.#texts);
    const valid = nulls > 0 ? places.valid : 0;
    if (this.#kernel.calls.codesOfTexts(this.#dictionary, at, valid, rows, places.values) < 0) throw this.#full();
    return nulls;
  }

  #layCodes(data: Data, dictionary: Vector, from: number, rows: number, { values, valid, scratch }: Places): number {
    const { calls, bytes } = this.#kernel;
    const given = data.values as Int32Array;
    const width = given.BYTES_PER_ELEMENT;
    requireLength(given.length, from + rows);
    // Codes of fewer bytes are widened from behind the place where they go.
    const at = width === 8 ? scratch : scratch + 8 * this.#maxRows;
    bytes.set(new Uint8Array(given.buffer, given.byteOffset + from * width, rows * width), at);
    if (width < 8) calls.widenWholes(at, width, isSigned(given), rows, scratch);
    if (dictionary !== this.#given) this.#learn(dictionary);
    const places = this.#known.places.at;
    const { length } = dictionary;
    const missing = calls.codesOfCodes(this.#dictionary, scratch, valid, rows, places, length, this.#map.at, values);
    if (missing === -1) throw this.#full();
    if (missing < 0) throw this.#refused("a code without a text");
    return missing;
  }

  #learn(dictionary: Vector): void {
    if (!isText(dictionary.type)) throw this.#refused(`${dictionary.type}`);
    this.#layTexts(
      dictionary.data.map((data) => textsIn(data, 0, data.length)),
      this.#known,
    );
    const at = this.#map.room(4 * dictionary.length);
    const map = new Int32Array(this.#kernel.bytes.buffer, at, dictionary.length).fill(UNKNOWN);
    if (dictionary.nullCount > 0) for (const i of map.keys()) if (!dictionary.isValid(i)) map[i] = MISSING;
    this.#given = dictionary;
  }

  /** Lays the bytes of texts one behind the other, and gives where the addresses of them begin. */
  #layTexts(parts: readonly TextRows[], { places, bytes }: LaidTexts): number {
    const at = places.room(4 * (parts.reduce((sum, { rows }) => sum + rows, 0) + 1));
    let place = at;
    let byte = bytes.room(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    for (const { rows, offsets, bytes: texts } of parts) {
      this.#kernel.bytes.set(texts, byte);
      const room = this.#offsets.room(offsets.byteLength);
      this.#kernel.bytes.set(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength), room);
      const { placeTexts, invalidUtf8 } = this.#kernel.calls;
      const isPlaced = placeTexts(room, offsets.BYTES_PER_ELEMENT === 8, rows, byte, texts.length, place);
      if (!isPlaced || invalidUtf8(byte, byte + texts.length) !== 0) throw notUtf8();
      place += 4 * rows;
      byte += texts.length;
    }
    return at;
  }

  #full(): ScanRefused {
    return noMemory(`the texts of "${this.#name}"`);
  }

  #refused(what: string): ScanRefused {
    return new ScanRefused("type", `"${this.#name}" is ${what} in some of the rows`);
  }
}

/** Texts in the kernel's memory: an address for each and one more, and their bytes. */
interface LaidTexts {
  readonly places: GrowingBlock;
  readonly bytes: GrowingBlock;
}

function laidTexts(arena: Arena): LaidTexts {
  return { places: new GrowingBlock(arena), bytes: new GrowingBlock(arena) };
}

function isSigned(codes: ArrayBufferView): boolean {
  return codes instanceof Int8Array || codes instanceof Int16Array || codes instanceof Int32Array;
}
