import type { MagicCall } from "../cell/magic-call.ts";

/** The words of a magic's line; one with a `${…}` in it is unlike any other. */
export function wordsOf({ words }: MagicCall): readonly string[] {
  return words.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : "\0")).join(""));
}

/** Of `-o NAME`, `--output NAME` and `--output=NAME`. */
export function optionValue(call: MagicCall, ...names: readonly string[]): string | undefined {
  const texts = wordsOf(call);
  for (const [index, text] of texts.entries()) {
    if (names.includes(text)) return texts[index + 1];
    const [name, value] = text.split("=", 2);
    if (value !== undefined && names.includes(name ?? "")) return value;
  }
  return undefined;
}
