import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";

/** The texts of a dictionary in the order of their codes: their bytes one behind the other, and one offset more than there are texts. */
export interface Texts {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The code that stands for rows without a text, -1 or undefined for none. */
  readonly missing?: number | undefined;
}

/** A copy of a dictionary's texts from a code on. */
export function textsOf(kernel: Kernel, dictionary: number, from = 0): Texts {
  const { calls } = kernel;
  const count = calls.dictSize(dictionary) - from;
  const places = roomFor(kernel, (count + 1) * 4);
  calls.dictExport(dictionary, from, places, 0);
  const offsets = new Uint32Array(kernel.bytes.slice(places, places + (count + 1) * 4).buffer);
  const length = offsets[count] as number;
  const room = roomFor(kernel, length);
  calls.dictExport(dictionary, from, places, room);
  const bytes = kernel.bytes.slice(room, room + length);
  calls.free(places);
  calls.free(room);
  return { offsets, bytes, missing: from === 0 ? calls.tableNull(dictionary) : -1 };
}

function roomFor(kernel: Kernel, bytes: number): number {
  const room = kernel.calls.alloc(Math.max(bytes, 1)) >>> 0;
  if (room === 0) throw noMemory("the texts");
  return room;
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
  const places = arena.take(offsets.byteLength);
  const room = arena.take(Math.max(bytes.length, 1));
  const at = arena.take(Math.max(count, 1) * 4);
  kernel.bytes.set(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength), places);
  kernel.bytes.set(bytes, room);
  if (kernel.calls.dictAddAll(dictionary, places, room, count, missing, at) < 0) throw noMemory("the texts");
  arena.give(places);
  arena.give(room);
  let copied: Uint32Array | undefined;
  return {
    at,
    get codes() {
      copied ??= new Uint32Array(kernel.bytes.slice(at, at + count * 4).buffer);
      return copied;
    },
  };
}
