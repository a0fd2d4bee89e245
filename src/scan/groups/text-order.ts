import { gatherWords } from "../../frame/gather-words.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { KeyValues } from "./group-keys.ts";
import type { GroupValues } from "./group-part.ts";
import { copyFieldsAt } from "./table-field.ts";
import { textsInOrder } from "./texts-of.ts";

export interface RecordsByTexts {
  readonly groups: number;
  readonly key: KeyValues;
  readonly fields: BigInt64Array<ArrayBuffer>[];
}

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
  const used = valid ? codes.filter((_, group) => valid[group] !== 0) : codes;
  const { key, order } = textsAsKey(kernel, arena, dictionary, used, groups);
  const sorted = new Uint32Array(kernel.bytes.buffer, order, used.length);
  const rows = rowsOf(sorted, codes, valid, kernel.calls.dictSize(dictionary));
  arena.free();
  return { keys: [key], states: states.map((words) => words.map((word) => gatherWords(word, rows))) };
}

/** The same of groups that are the records of the dictionary, which are copied in this order. */
export function recordsByTexts(kernel: Kernel, dictionary: number, places: readonly number[]): RecordsByTexts {
  const groups = kernel.calls.dictSize(dictionary);
  const missing = kernel.calls.tableNull(dictionary);
  const arena = new Arena(kernel);
  const codes = new Uint32Array(missing < 0 ? groups : groups - 1);
  for (let i = 0; i < codes.length; i++) codes[i] = missing < 0 || i < missing ? i : i + 1;
  const { key, order } = textsAsKey(kernel, arena, dictionary, codes, groups);
  if (missing >= 0) new Uint32Array(kernel.bytes.buffer, order, groups)[groups - 1] = missing;
  const fields = copyFieldsAt(kernel, dictionary, places, order, groups);
  arena.free();
  return { groups, key, fields };
}

/** The key column of groups with these codes and, at most, one without a text behind them; the codes lie in order at an address. */
function textsAsKey(
  kernel: Kernel,
  arena: Arena,
  dictionary: number,
  codes: Uint32Array,
  groups: number,
): { readonly key: KeyValues; readonly order: number } {
  const count = codes.length;
  const order = arena.take(Math.max(groups, 1) * 4);
  new Uint32Array(kernel.bytes.buffer, order, count).set(codes);
  if (!kernel.calls.sortTexts(dictionary, order, count)) throw noMemory("the texts of the keys");
  const texts = textsInOrder(kernel, dictionary, order, count);
  const values = new Uint32Array(groups);
  for (let i = 0; i < count; i++) values[i] = i;
  const valid = count < groups ? new Uint8Array(groups).fill(1, 0, count) : undefined;
  return { key: { values, valid, texts }, order };
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
