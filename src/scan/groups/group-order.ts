import { gatherWords } from "../../frame/gather-words.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { Kind } from "../table.ts";
import type { KeyValues } from "./group-keys.ts";
import type { GroupValues } from "./group-part.ts";

/** What of a key's column its order needs. */
export interface KeyColumn {
  readonly type: Kind;
  /** Of texts. */
  readonly dictionary: number;
  /** The dictionary's codes by those of the groups, where they are others. */
  readonly codes?: Uint32Array | undefined;
}

/** The groups in the order of their keys: ascending, texts by their bytes, NaN behind every number, null last. */
export function sortedGroups(kernel: Kernel, part: GroupValues, columns: readonly KeyColumn[]): GroupValues {
  if (columns.length === 0) return part;
  const order = orderOf(kernel, part, columns);
  if (!order) return part;
  return {
    ...part,
    keys: part.keys.map(({ values, valid }) => ({
      values: values instanceof BigInt64Array ? gatherWords(values, order) : order.map((row) => values[row] as number),
      valid: valid && Uint8Array.from(order, (row) => valid[row] as number),
    })),
    states: part.states.map((words) => words.map((word) => gatherWords(word, order))),
  };
}

/** Numbers of the groups, sorted by the last key first; equal ones stay as they stand. Undefined where all stand in order, as those in places by their key do. */
function orderOf(
  kernel: Kernel,
  { groups, keys }: GroupValues,
  columns: readonly KeyColumn[],
): Uint32Array | undefined {
  const { calls } = kernel;
  const arena = new Arena(kernel);
  const room = groups + 1;
  const [order, scratch, values] = [arena.take(room * 4), arena.take(room * 4), arena.take(room * 8)];
  const [images, valid] = [arena.take(room * 8), arena.take(room)];
  calls.startOrder(order, groups);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] as KeyValues;
    const column = columns[i] as KeyColumn;
    const { buffer, byteOffset, byteLength } = codesIn(column, key);
    kernel.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), values);
    makeImages(kernel, arena, column, values, groups, images);
    if (keys.length === 1 && !key.valid && calls.areInOrder(images, groups)) {
      arena.free();
      return undefined;
    }
    calls.sortOrder(order, scratch, images, groups);
    if (!key.valid) continue;
    kernel.bytes.set(key.valid, valid);
    calls.nullsLast(order, scratch, valid, groups);
  }
  const copy = new Uint32Array(groups);
  copy.set(new Uint32Array(kernel.bytes.buffer, order, groups));
  arena.free();
  return copy;
}

function codesIn({ codes }: KeyColumn, { values, valid }: KeyValues): KeyValues["values"] {
  if (!codes || values instanceof BigInt64Array) return values;
  return values.map((code, group) => (valid?.[group] === 0 ? 0 : (codes[code] as number)));
}

function makeImages(
  kernel: Kernel,
  arena: Arena,
  { type, dictionary }: KeyColumn,
  values: number,
  groups: number,
  images: number,
): void {
  const { calls } = kernel;
  if (type.kind === "double") return calls.doubleImages(values, groups, images);
  if (type.kind !== "text") return calls.signedImages(values, groups, images);
  // A missing text has the code 0, which need not be there.
  const ranks = arena.take((calls.dictSize(dictionary) + 1) * 4);
  if (calls.rankTexts(dictionary, ranks) < 0) throw noMemory("the texts of the keys");
  calls.rankedImages(values, ranks, groups, images);
  arena.give(ranks);
}
