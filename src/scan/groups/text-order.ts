import { gatherWords } from "../../frame/gather-words.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { GroupValues } from "./group-part.ts";
import { textsInOrder } from "./texts-of.ts";

/**
 * Groups with one key of texts in the order of their texts, the one without a text last. `codes` are those of the dictionary by group; the texts come
 * as the groups stand.
 */
export function sortedByTexts(
  kernel: Kernel,
  part: GroupValues,
  dictionary: number,
  codes: Uint32Array,
): Pick<GroupValues, "keys" | "states"> {
  const { groups, keys, states } = part;
  const [{ valid }] = keys as readonly [GroupValues["keys"][number]];
  const arena = new Arena(kernel);
  const order = arena.take(Math.max(groups, 1) * 4);
  const used = valid ? codes.filter((_, group) => valid[group] !== 0) : codes;
  const count = used.length;
  new Uint32Array(kernel.bytes.buffer, order, count).set(used);
  if (!kernel.calls.sortTexts(dictionary, order, count)) throw noMemory("the texts of the keys");
  const sorted = new Uint32Array(kernel.bytes.buffer, order, count);
  const rows = rowsOf(sorted, codes, valid, kernel.calls.dictSize(dictionary));
  const texts = textsInOrder(kernel, dictionary, order, count);
  arena.free();
  const values = new Uint32Array(groups);
  for (let i = 0; i < count; i++) values[i] = i;
  return {
    keys: [{ values, valid: valid && new Uint8Array(groups).fill(1, 0, count), texts }],
    states: states.map((words) => words.map((word) => gatherWords(word, rows))),
  };
}

/** Which group has each code, and behind all others the one without a text. */
function rowsOf(sorted: Uint32Array, codes: Uint32Array, valid: Uint8Array | undefined, size: number): Uint32Array {
  const groupOf = new Uint32Array(size);
  const rows = new Uint32Array(codes.length);
  for (let group = 0; group < codes.length; group++) {
    if (valid?.[group] === 0) rows[sorted.length] = group;
    else groupOf[codes[group] as number] = group;
  }
  for (let i = 0; i < sorted.length; i++) rows[i] = groupOf[sorted[i] as number] as number;
  return rows;
}
