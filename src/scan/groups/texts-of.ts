import { type Stepwise, whole } from "../../stepwise.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";

/** The texts of a dictionary in the order of their codes: their bytes one behind the other, and one offset more than there are texts. */
export interface Texts {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The code that stands for rows without a text, -1 or undefined for none. */
  readonly missing?: number | undefined;
}

/** Texts that are copied together: so few that they stay in a core's cache, and take no memory of their own. */
const AT_ONCE = 16_384;

/** A copy of a dictionary's texts from a code on. */
export function textsOf(kernel: Kernel, dictionary: number, from = 0): Texts {
  return whole(copyTexts(kernel, dictionary, from));
}

/** The same of all, or of those from a code on to the one before another. */
export function* copyTexts(
  kernel: Kernel,
  dictionary: number,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): Stepwise<Texts> {
  const { calls } = kernel;
  const size = Math.min(to, calls.dictSize(dictionary));
  const room = new TextRoom(kernel);
  const offsets = new Uint32Array(size - from + 1);
  let bytes = new Uint8Array(0);
  let length = 0;
  for (let code = from; code < size; code += AT_ONCE) {
    const end = Math.min(size, code + AT_ONCE);
    calls.dictExport(dictionary, code, end, length, room.offsets, 0);
    offsets.set(new Uint32Array(kernel.bytes.buffer, room.offsets, end - code + 1), code - from);
    const count = (offsets[end - from] as number) - length;
    const place = room.bytes(count);
    calls.dictExport(dictionary, code, end, length, room.offsets, place);
    // Where there are more the room may be too large: what is not written to costs nothing.
    if (code === from) bytes = new Uint8Array(end === size ? count : calls.dictTextBytes(dictionary));
    bytes.set(kernel.bytes.subarray(place, place + count), length);
    length += count;
    yield;
  }
  room.free();
  const missing = calls.tableNull(dictionary);
  const isHere = missing >= from && missing < size;
  return { offsets, bytes: bytes.subarray(0, length), missing: isHere ? missing - from : -1 };
}

/** A copy of the texts of some codes, which lie at an address. */
export function textsInOrder(kernel: Kernel, dictionary: number, codes: number, count: number): Texts {
  const { calls } = kernel;
  const room = new TextRoom(kernel);
  const offsets = new Uint32Array(count + 1);
  let bytes = new Uint8Array(0);
  let length = 0;
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Math.min(AT_ONCE, count - from);
    const bytesHere = calls.textsOfCodes(dictionary, codes + 4 * from, some, room.offsets, 0) >>> 0;
    const place = room.bytes(bytesHere);
    calls.textsOfCodes(dictionary, codes + 4 * from, some, room.offsets, place);
    // Where there are more the room may be too large: what is not written to costs nothing.
    if (from === 0) bytes = new Uint8Array(some === count ? bytesHere : calls.dictTextBytes(dictionary));
    const ends = new Uint32Array(kernel.bytes.buffer, room.offsets, some + 1);
    for (let i = 1; i <= some; i++) offsets[from + i] = length + (ends[i] as number);
    const end = offsets[from + some] as number;
    bytes.set(kernel.bytes.subarray(place, place + end - length), length);
    length = end;
  }
  room.free();
  return { offsets, bytes: bytes.subarray(0, length) };
}

/** Texts of another dictionary that were added to one. */
export interface AddedTexts {
  /** Address of the code of each (u32), in the arena. */
  readonly at: number;
  /** A copy of the codes. */
  readonly codes: Uint32Array;
}

/** Adds texts to a dictionary. */
export function addTexts(
  kernel: Kernel,
  arena: Arena,
  dictionary: number,
  { offsets, bytes, missing = -1 }: Texts,
): AddedTexts {
  const count = offsets.length - 1;
  const room = new TextRoom(kernel);
  const at = arena.take(Math.max(count, 1) * 4);
  for (let from = 0; from < count; from += AT_ONCE) {
    const ends = offsets.subarray(from, from + AT_ONCE + 1);
    const some = ends.length - 1;
    const [first, end] = [ends[0] as number, ends[some] as number];
    const place = room.bytes(end - first);
    kernel.bytes.set(bytes.subarray(first, end), place);
    new Uint32Array(kernel.bytes.buffer, room.offsets, some + 1).set(ends);
    const codes = at + 4 * from;
    if (kernel.calls.dictAddAll(dictionary, room.offsets, place - first, some, missing - from, codes) < 0)
      throw noMemory("the texts");
  }
  room.free();
  let copied: Uint32Array | undefined;
  return {
    at,
    get codes() {
      copied ??= new Uint32Array(kernel.bytes.slice(at, at + count * 4).buffer);
      return copied;
    },
  };
}

/** The kernel's side of some texts on their way out or in. */
class TextRoom {
  readonly offsets: number;
  readonly #arena: Arena;
  #place = 0;
  #size = 0;

  constructor(kernel: Kernel) {
    this.#arena = new Arena(kernel);
    this.offsets = this.#arena.take((AT_ONCE + 1) * 4);
  }

  /** Address of so many bytes; it may let the memory grow. */
  bytes(count: number): number {
    if (count <= this.#size && this.#place !== 0) return this.#place;
    this.#arena.give(this.#place);
    this.#size = Math.max(1, count);
    this.#place = this.#arena.take(this.#size);
    return this.#place;
  }

  free(): void {
    this.#arena.free();
  }
}
