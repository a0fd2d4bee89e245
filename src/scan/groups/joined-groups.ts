import type { KeyValues } from "./group-keys.ts";
import type { GroupedValues } from "./grouping.ts";
import type { Texts } from "./texts-of.ts";

/** Groups that were copied some at a time, one behind the other: `Grouping.values` put together. */
export function joinedGroups(parts: readonly GroupedValues[]): GroupedValues {
  const [first] = parts as readonly [GroupedValues];
  if (parts.length === 1) return first;
  // Texts are divided only where they are the keys, whose codes are then those of their part.
  const starts = startsOf(parts);
  return {
    ...first,
    groups: starts.at(-1) as number,
    keys: first.keys.map((_, key) =>
      joinedKeys(
        parts.map(({ keys }) => keys[key] as KeyValues),
        starts,
      ),
    ),
    states: first.states.map((words, state) =>
      words.map((_, word) => joinedWords(parts.map(({ states }) => states[state]?.[word] as Words))),
    ),
    texts: first.texts.map(
      (texts, lane) =>
        texts &&
        joinedTexts(
          parts.map((part) => part.texts[lane] as Texts),
          starts,
        ),
    ),
  };
}

type Words = BigInt64Array<ArrayBuffer>;

/** The number of each part's first group, and of all. */
function startsOf(parts: readonly GroupedValues[]): readonly number[] {
  const starts = [0];
  for (const { groups } of parts) starts.push((starts.at(-1) as number) + groups);
  return starts;
}

function joinedWords(parts: readonly Words[]): Words {
  const words = new BigInt64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

function joinedKeys(parts: readonly KeyValues[], starts: readonly number[]): KeyValues {
  const groups = starts.at(-1) as number;
  const valid = parts.some((part) => part.valid) ? new Uint8Array(groups).fill(1) : undefined;
  for (const [i, part] of parts.entries()) if (part.valid) valid?.set(part.valid, starts[i]);
  if (parts[0]?.values instanceof BigInt64Array) return { values: joinedWords(parts.map(wordsOf)), valid };
  const codes = new Uint32Array(groups);
  for (const [i, { values }] of parts.entries()) {
    const start = starts[i] as number;
    for (let group = 0; group < values.length; group++) codes[start + group] = start + (values[group] as number);
  }
  return { values: codes, valid };
}

function wordsOf({ values }: KeyValues): Words {
  return values as Words;
}

function joinedTexts(parts: readonly Texts[], starts: readonly number[]): Texts {
  const offsets = new Uint32Array((starts.at(-1) as number) + 1);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let [at, missing] = [0, -1];
  for (const [i, part] of parts.entries()) {
    const start = starts[i] as number;
    for (let code = 0; code < part.offsets.length; code++) offsets[start + code] = at + (part.offsets[code] as number);
    bytes.set(part.bytes, at);
    at += part.bytes.length;
    if (part.missing !== undefined && part.missing >= 0) missing = start + part.missing;
  }
  return { offsets, bytes, missing };
}
