import type { MagicCall } from "../cell/magic-call.ts";
import type { MagicDefinition } from "./magic.ts";
import { boundWords, wordText } from "./words.ts";

/**
 * Parameter names of a "function" body, read when the cell is compiled. `${…}` has no value yet, so only options in plain text are
 * read; what is wrong with the line is told when it runs.
 */
export function parametersOf(definition: MagicDefinition, call: MagicCall): readonly string[] {
  const words = boundWords(call, []).map((word) =>
    word.parts.every((part) => typeof part === "string") ? wordText(word) : "",
  );
  const plain = words.flatMap((word, index): readonly (readonly [string, string])[] => {
    const equals = /^--([a-z-]+)=(.*)$/s.exec(word);
    if (equals) return [[equals[1] ?? "", equals[2] ?? ""]];
    const name = /^--([a-z-]+)$/.exec(word)?.[1];
    const value = words[index + 1];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  });
  return definition.parameters?.(Object.fromEntries(plain)) ?? [];
}
