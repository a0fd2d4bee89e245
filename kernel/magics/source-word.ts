import { homedir } from "node:os";
import path from "node:path";
import type { Span } from "../../src/errors.ts";
import type { SourceWord } from "./magic.ts";
import { type BoundWord, soleValue, wordText } from "./words.ts";

/** Quoted, or with `/`, `\`, `.` or `*`: a path. A bare name: a variable. */
export function readSourceWord(word: BoundWord, at: Span, onlyPaths: boolean): SourceWord {
  const bound = soleValue(word);
  if (bound) return { kind: "value", value: bound.value, at };
  const text = wordText(word);
  if (onlyPaths || word.quoted || /[/\\.*]/.test(text)) return { kind: "path", path: fromHome(text) };
  return { kind: "variable", name: text, at };
}

/** Shells do this for the command line; in a notebook nobody else does. */
function fromHome(text: string): string {
  return text.startsWith("~/") ? path.join(homedir(), text.slice(2)) : text;
}
