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
  const size = kernel.calls.dictSize(dictionary);
  const order = arena.take(Math.max(size, 1) * 4);
  if (kernel.calls.sortTexts(dictionary, order) < 0) throw noMemory("the texts of the keys");
  const sorted = new Uint32Array(kernel.bytes.buffer, order, size);
  const rows = new Uint32Array(groups);
  const count = chooseUsed(sorted, codes, valid, rows);
  const texts = textsInOrder(kernel, dictionary, order, count);
  arena.free();
  const values = new Uint32Array(groups);
  for (let i = 0; i < count; i++) values[i] = i;
  return {
    keys: [{ values, valid: valid && new Uint8Array(groups).fill(1, 0, count), texts }],
    states: states.map((words) => words.map((word) => gatherWords(word, rows))),
  };
}

/** Of all codes in order leaves those that groups have, and writes these groups, behind them the one without a text; gives how many codes are left. */
function chooseUsed(sorted: Uint32Array, codes: Uint32Array, valid: Uint8Array | undefined, rows: Uint32Array): number {
  const groupOf = new Int32Array(sorted.length).fill(-1);
  for (let group = 0; group < codes.length; group++) {
    if (valid?.[group] === 0) rows[rows.length - 1] = group;
    else groupOf[codes[group] as number] = group;
  }
  let count = 0;
  for (const code of sorted) {
    const group = groupOf[code] as number;
    if (group < 0) continue;
    sorted[count] = code;
    rows[count++] = group;
  }
  return count;
}
