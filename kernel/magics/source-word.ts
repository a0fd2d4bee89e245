import { homedir } from "node:os";
import path from "node:path";
import type { Span } from "../../src/errors.ts";
import type { SourceWord } from "./magic.ts";
import { type BoundWord, soleValue, wordText } from "./words.ts";

/** A bare name: a variable. Quoted, or with a sign that no name has, as `/` or `.`: a path. */
export function readSourceWord(word: BoundWord, at: Span, onlyPaths: boolean): SourceWord {
  const bound = soleValue(word);
  if (bound) return { kind: "value", value: bound.value, at };
  const text = wordText(word);
  if (onlyPaths || word.quoted || !NAME.test(text)) return { kind: "path", path: fromHome(text) };
  return { kind: "variable", name: text, at };
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Shells do this for the command line; in a notebook nobody else does. */
function fromHome(text: string): string {
  return text === "~" || text.startsWith("~/") ? path.join(homedir(), text.slice(1)) : text;
}
