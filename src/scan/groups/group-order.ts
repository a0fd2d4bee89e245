import { gatherWords } from "../../frame/gather-words.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { Kind } from "../table.ts";
import type { KeyValues } from "./group-keys.ts";
import type { GroupValues } from "./group-part.ts";
import { sortedByTexts } from "./text-order.ts";

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
  const [column] = columns;
  if (!column) return part;
  if (columns.length === 1 && column.dictionary !== 0)
    return { ...part, ...sortedByTexts(kernel, part, column.dictionary, textCodes(column, part)) };
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
  const [first] = keys as readonly [KeyValues];
  if (keys.length === 1 && isInOrder(columns[0] as KeyColumn, first)) return undefined;
  const arena = new Arena(kernel);
  const room = groups + 1;
  const [order, scratch, values] = [arena.take(room * 4), arena.take(room * 4), arena.take(room * 8)];
  const [images, imageScratch, valid] = [arena.take(room * 8), arena.take(room * 8), arena.take(room)];
  calls.startOrder(order, groups);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] as KeyValues;
    const column = columns[i] as KeyColumn;
    const { buffer, byteOffset, byteLength } = codesIn(column, key);
    kernel.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), values);
    makeImages(kernel, arena, column, values, groups, images);
    calls.sortOrder(order, images, scratch, imageScratch, groups);
    if (!key.valid) continue;
    kernel.bytes.set(key.valid, valid);
    calls.nullsLast(order, scratch, valid, groups);
  }
  const copy = new Uint32Array(groups);
  copy.set(new Uint32Array(kernel.bytes.buffer, order, groups));
  arena.free();
  return copy;
}

/** Whether whole numbers, none of which is missing, stand in ascending order. They are read by halves, of which no BigInt is made. */
function isInOrder({ type }: KeyColumn, { values, valid }: KeyValues): boolean {
  if (valid || type.kind === "double" || !(values instanceof BigInt64Array)) return false;
  const { buffer, byteOffset, length } = values;
  const [low, high] = [new Uint32Array(buffer, byteOffset, length * 2), new Int32Array(buffer, byteOffset, length * 2)];
  for (let at = 2; at < low.length; at += 2) {
    const [before, here] = [high[at - 1] as number, high[at + 1] as number];
    if (here < before || (here === before && (low[at] as number) < (low[at - 2] as number))) return false;
  }
  return true;
}

function textCodes(column: KeyColumn, { keys }: GroupValues): Uint32Array {
  return codesIn(column, keys[0] as KeyValues) as Uint32Array;
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
