import type { DuckDBVector } from "@duckdb/node-api";
import type { EngineColumn } from "../query/engine-table.ts";
import { Builder, rawOf } from "./builder-base.ts";

/** Texts up to this length lie inside the vector; longer ones cost a native call each. */
const INLINE_BYTES = 12;

/** A dictionary beyond this size that holds most rows' own text saves nothing. */
const DICTIONARY_LIMIT = 65_536;

/**
 * Text as codes into a dictionary in order of first appearance. Short texts are recognised by their 16 bytes in the
 * vector, so that a value seen before costs no string at all.
 */
export class TextBuilder extends Builder {
  #codes: Int32Array;
  readonly #dictionary: string[] = [];
  readonly #byText = new Map<string, number>();
  /** By the length and the first bytes of a text, then by the rest. */
  readonly #byBytes = new Map<number, Map<number, number>>();

  /** Takes over from codes when nearly every row has a text of its own. */
  #plain: (string | null)[] | undefined;

  constructor(name: string, type: string, rows = 0) {
    super(name, type);
    this.#codes = new Int32Array(rows);
  }

  protected take(vector: DuckDBVector, from: number, count: number): undefined {
    // Which rows of a stretch are missing is known once it is taken: those before may turn, it may not.
    const texts = this.#dictionary.length;
    if (texts > DICTIONARY_LIMIT && texts > this.rows / 2) this.#plain = this.#turnPlain();
    if (this.#plain) this.#takePlain(this.#plain, vector, from, count);
    else this.#takeCodes(vector, from, count);
  }

  #takePlain(plain: (string | null)[], vector: DuckDBVector, from: number, count: number): void {
    for (let i = 0; i < count; i++) plain.push(vector.getItem(from + i) as string | null);
  }

  #turnPlain(): (string | null)[] {
    const missing = this.validity();
    const isValid = (row: number) => !missing || (((missing[row >> 3] as number) >> (row & 7)) & 1) === 1;
    const plain = Array.from({ length: this.rows }, (_, row) =>
      isValid(row) ? (this.#dictionary[this.#codes[row] as number] as string) : null,
    );
    this.#byText.clear();
    this.#byBytes.clear();
    this.#dictionary.length = 0;
    this.#codes = new Int32Array(0);
    return plain;
  }

  #takeCodes(vector: DuckDBVector, from: number, count: number): void {
    if (this.rows + count > this.#codes.length) {
      const larger = new Int32Array(Math.max(this.rows + count, this.#codes.length * 2));
      larger.set(this.#codes);
      this.#codes = larger;
    }
    const { dataView, validity } = rawOf(vector);
    const isReadable = dataView !== undefined && validity?.offset === 0;
    const words = isReadable
      ? new Uint32Array(dataView.buffer, dataView.byteOffset, dataView.byteLength / 4)
      : undefined;
    const bits = validity?.data ? new Uint32Array(validity.data.buffer, validity.data.byteOffset) : undefined;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      if (bits && (((bits[row >> 5] as number) >>> (row & 31)) & 1) === 0) continue;
      this.#codes[this.rows + i] = words
        ? this.#codeInline(words, row, vector)
        : this.#codeOf(vector.getItem(row) as string | null);
    }
  }

  #codeInline(words: Uint32Array, row: number, vector: DuckDBVector): number {
    const at = row * 4;
    const length = words[at] as number;
    if (length > INLINE_BYTES) return this.#codeOf(vector.getItem(row) as string);
    // Twelve bytes and a length in two numbers that a Map takes without a string: 52 and 48 bits.
    const head = length * 2 ** 32 + (words[at + 1] as number);
    const tail = (words[at + 2] as number) * 2 ** 21 + ((words[at + 3] as number) & 0x1f_ffff);
    const rest = (words[at + 3] as number) >>> 21;
    const first = head * 2 ** 11 + rest;
    let tails = this.#byBytes.get(first);
    if (!tails) {
      tails = new Map();
      this.#byBytes.set(first, tails);
    }
    let code = tails.get(tail);
    if (code === undefined) {
      code = this.#codeOf(vector.getItem(row) as string);
      tails.set(tail, code);
    }
    return code;
  }

  #codeOf(text: string | null): number {
    if (text === null) return 0;
    let code = this.#byText.get(text);
    if (code === undefined) {
      code = this.#dictionary.length;
      this.#byText.set(text, code);
      this.#dictionary.push(text);
    }
    return code;
  }

  finish(): EngineColumn {
    if (this.#plain) return { name: this.name, type: this.type, values: this.#plain };
    const values = this.#codes.length === this.rows ? this.#codes : this.#codes.slice(0, this.rows);
    return { name: this.name, type: this.type, values, validity: this.validity(), dictionary: this.#dictionary };
  }
}
