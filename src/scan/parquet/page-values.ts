import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { GrowingBlock } from "../tables/growing-block.ts";
import type { ColumnForm } from "./column-form.ts";
import { damaged } from "./damaged.ts";
import type { Page } from "./pages.ts";

/** Encodings of the format. */
export const ENCODING = { plain: 0, plainDictionary: 2, runs: 3, bits: 4, deltas: 5, dictionary: 8 } as const;
/** Room for what the kernel knows of where it is in a page. */
export const STATE_BYTES = 128;
const LENGTH = 4;

export interface PageValuesOptions {
  readonly name: string;
  readonly form: ColumnForm;
  /** Bytes of a value in a block. */
  readonly width: number;
  readonly maxRows: number;
}

/** The values of a page that are there, one behind the other, in the form in which a text's values are read. */
export class PageValues {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #form: ColumnForm;
  readonly #width: number;
  readonly #state: number;
  /** Codes, or values in the form of the page. */
  readonly #scratch: number;
  /** Values of the part's dictionary. */
  readonly #known: GrowingBlock;
  #count = 0;
  #how: "plain" | "codes" | "deltas" | "flags" = "plain";
  #at = 0;
  #end = 0;
  /** Of flags the next bit. */
  #bit = 0;

  constructor(kernel: Kernel, arena: Arena, { name, form, width, maxRows }: PageValuesOptions) {
    this.#kernel = kernel;
    this.#name = name;
    this.#form = form;
    this.#width = width;
    this.#state = arena.take(STATE_BYTES);
    this.#scratch = arena.take((maxRows + 1) * 8);
    this.#known = new GrowingBlock(arena);
  }

  /** A part of the column begins, which has no dictionary yet. */
  forget(): void {
    this.#count = 0;
  }

  learn({ values, at, end }: Page): void {
    const { bytes, stored } = this.#form;
    if (stored === "bool" || values * bytes > end - at) throw damaged(this.#name, "is damaged");
    const known = this.#known.room(8 * values);
    this.#convert(at, values, known);
    this.#count = values;
  }

  begin({ encoding, at, end }: Page): void {
    const { calls } = this.#kernel;
    const { stored } = this.#form;
    [this.#at, this.#end, this.#bit] = [at, end, 0];
    if (encoding === ENCODING.plain) this.#how = "plain";
    else if ((encoding === ENCODING.dictionary || encoding === ENCODING.plainDictionary) && stored !== "bool") {
      this.#how = "codes";
      this.#require(startCodes(this.#kernel, this.#state, at, end));
    } else if (encoding === ENCODING.deltas && stored === "whole") {
      this.#how = "deltas";
      if (!calls.startDeltas(this.#state, at, end)) throw damaged(this.#name, "is damaged");
    } else if (encoding === ENCODING.runs && stored === "bool") {
      // Their length is before them.
      this.#how = "flags";
      if (end - at < LENGTH) throw damaged(this.#name, "is damaged");
      calls.startRuns(this.#state, at + LENGTH, end, 1);
    } else throw damaged(this.#name, "has values in a form that the scanner does not read");
  }

  /** Writes the next so many values. */
  take(count: number, out: number): void {
    const { calls } = this.#kernel;
    const { stored, bytes } = this.#form;
    if (count === 0) return;
    switch (this.#how) {
      case "codes":
        this.#require(calls.takeRuns(this.#state, count, this.#scratch));
        return this.#require(
          calls.valuesOfCodes(this.#scratch, count, this.#known.at, this.#count, this.#width, out) && this.#count > 0,
        );
      case "deltas":
        this.#require(calls.takeDeltas(this.#state, count, bytes === 4, this.#scratch));
        if (bytes === 4 && !this.#form.isSigned) calls.dropSigns(this.#scratch, count);
        return this.#finish(this.#scratch, count, out);
      case "flags":
        this.#require(calls.takeLevels(this.#state, count, out) >= 0);
        return;
      case "plain":
        if (stored === "bool") return this.#takeBits(count, out);
        this.#require(count * bytes <= this.#end - this.#at);
        this.#convert(this.#at, count, out);
        this.#at += count * bytes;
    }
  }

  #takeBits(count: number, out: number): void {
    this.#require(this.#bit + count <= 8 * (this.#end - this.#at));
    this.#kernel.calls.unpackBits(this.#at + (this.#bit >>> 3), this.#bit & 7, count, out);
    this.#bit += count;
  }

  /** Values as they are written plainly. */
  #convert(from: number, count: number, out: number): void {
    const { calls } = this.#kernel;
    const { stored, bytes, isSigned, kind, factor, range } = this.#form;
    if (stored === "float") return calls.widenFloats(from, count, out);
    const isAsItIs = stored === "double" || kind.kind === "date" || (stored === "whole" && bytes === 8);
    if (isAsItIs) this.#kernel.bytes.copyWithin(out, from, from + count * bytes);
    else if (stored === "swapped") this.#require(calls.swapWholes(from, bytes, count, out));
    else calls.widenWholes(from, bytes, isSigned, count, out);
    if (stored === "double" || kind.kind === "date") return;
    this.#check(out, count, factor, range);
  }

  /** The same of whole numbers in 8 bytes. */
  #finish(from: number, count: number, out: number): void {
    const { calls } = this.#kernel;
    if (this.#width === 4) return calls.narrowInts(from, count, out);
    this.#kernel.bytes.copyWithin(out, from, from + 8 * count);
    this.#check(out, count, this.#form.factor, this.#form.range);
  }

  #check(values: number, count: number, factor: number, range: ColumnForm["range"]): void {
    const { calls } = this.#kernel;
    const { kind, isSigned, bytes } = this.#form;
    const isKept =
      (factor === 1 || calls.multiplyWholes(values, factor, count)) &&
      (range === undefined || calls.areWithin(values, count, range.min, range.max)) &&
      (kind.kind !== "int" || isSigned || bytes < 8 || !calls.hasSign(values, count));
    if (!isKept) throw damaged(this.#name, "has values that the scanner's types do not hold");
  }

  #require(isSo: unknown): void {
    if (!isSo) throw damaged(this.#name, "is damaged");
  }
}

/** Codes have their number of bits before them; where no value is there some write nothing at all. */
export function startCodes({ calls, bytes }: Kernel, state: number, at: number, end: number): boolean {
  const width = end > at ? (bytes[at] as number) : 0;
  return Boolean(calls.startRuns(state, Math.min(at + 1, end), end, Math.min(width, 33)));
}
