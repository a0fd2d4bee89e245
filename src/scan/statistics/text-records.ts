import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { copyIn, copyOut, made } from "./records.ts";

/** What the kernel's records hold, as bytes. */
export interface TextRecordsPart {
  readonly lengths: Uint8Array<ArrayBuffer>;
  readonly range: Uint8Array<ArrayBuffer>;
}

const KEPT = 320;

/** Lengths and range of texts, in memory of fixed size. */
export class TextRecords {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly lengths: number;
  readonly range: number;

  constructor(kernel: Kernel, arena: Arena) {
    const { lengthsBytes, rangeNew } = kernel.calls;
    this.#kernel = kernel;
    this.#arena = arena;
    this.lengths = arena.take(lengthsBytes());
    kernel.bytes.fill(0, this.lengths, this.lengths + lengthsBytes());
    this.range = made(rangeNew(), "a range");
  }

  /** Notes texts, each `weights` (u64) times where these are not 0. */
  note(offsets: number, bytes: number, weights: number, count: number): void {
    const { measureTexts, rangeTexts } = this.#kernel.calls;
    measureTexts(this.lengths, offsets, bytes, weights, count);
    rangeTexts(this.range, offsets, bytes, count);
  }

  part(): TextRecordsPart {
    const { lengthsBytes } = this.#kernel.calls;
    return {
      lengths: copyOut(this.#kernel, this.lengths, lengthsBytes()),
      range: copyOut(this.#kernel, this.range, this.#rangeBytes),
    };
  }

  merge({ lengths, range }: TextRecordsPart): void {
    const { lengthsMerge, rangeMerge } = this.#kernel.calls;
    const from = this.#arena.take(this.#rangeBytes);
    copyIn(this.#kernel, from, lengths);
    lengthsMerge(this.lengths, from);
    copyIn(this.#kernel, from, range);
    rangeMerge(this.range, from);
    this.#arena.give(from);
  }

  free(): void {
    this.#arena.give(this.lengths);
    this.#kernel.calls.free(this.range);
  }

  get #rangeBytes(): number {
    return this.#kernel.calls.rangeHead() + KEPT * 2;
  }
}

/** Where the kernel's records hold what. */
const LENGTHS = { count: 0, bytes: 8, chars: 16, wide: 24, zeros: 32, longest: 40, nullWords: 48 } as const;
const RANGE = { hasTexts: 0, leastLength: 4, greatestLength: 8 } as const;

export function lengthsOf({ lengths }: TextRecordsPart) {
  const view = new DataView(lengths.buffer);
  const at = (place: number) => view.getFloat64(place, true);
  return {
    count: at(LENGTHS.count),
    bytes: at(LENGTHS.bytes),
    chars: at(LENGTHS.chars),
    wide: at(LENGTHS.wide),
    zeros: at(LENGTHS.zeros),
    longest: at(LENGTHS.longest),
    nullWords: at(LENGTHS.nullWords),
  };
}

/** The least and the greatest text; of long ones the beginning. */
export function rangeOf({ range }: TextRecordsPart): { least: string; greatest: string } | undefined {
  const view = new DataView(range.buffer);
  if (view.getUint32(RANGE.hasTexts, true) === 0) return undefined;
  const head = range.length - KEPT * 2;
  const text = (from: number, length: number) => decodeText(range.subarray(from, from + view.getUint32(length, true)));
  return { least: text(head, RANGE.leastLength), greatest: text(head + KEPT, RANGE.greatestLength) };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A text that may be cut in the middle of its last character. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  return decoder.decode(bytes.length < KEPT ? bytes : bytes.subarray(0, wholeEnd(bytes)));
}

/** Where the last character that may be cut begins. */
function wholeEnd(bytes: Uint8Array<ArrayBuffer>): number {
  let end = bytes.length;
  for (let back = 1; back <= 4 && end === bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (size > back) end = bytes.length - back;
    break;
  }
  return end;
}
