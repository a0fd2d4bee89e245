import type { MagicCall } from "../cell/magic-call.ts";

/** A piece of a word after `${…}` was evaluated. */
export type BoundPart = string | { readonly value: unknown };

/** A word of a magic line, quotes removed from its parts, as the parser reads it. */
export interface BoundWord {
  /** As typed, quotes and all; lists and specs read their own quotes. */
  readonly raw: string;
  readonly parts: readonly BoundPart[];
  /** A quote stands in it. */
  readonly quoted: boolean;
  /** Where it stands in the line. */
  readonly start: number;
  readonly end: number;
}

/** The words of a magic line with the values of its `${…}` expressions in their places. */
export function boundWords(call: MagicCall, values: readonly unknown[]): readonly BoundWord[] {
  return call.words.map(({ parts, start, end, quoted }) => ({
    raw: call.line.slice(start, end),
    parts: parts.map((part) => ("text" in part ? part.text : { value: values[part.expression] })),
    quoted,
    start,
    end,
  }));
}

/** The words of a command line, which the shell has split and unquoted already; `line` shows them for carets. */
export function argvWords(
  command: string,
  argv: readonly string[],
): { readonly line: string; readonly words: readonly BoundWord[] } {
  let line = command;
  const words = argv.map((text) => {
    const start = line.length + 1;
    line = `${line} ${text}`;
    return { raw: text, parts: text === "" ? [] : [text], quoted: false, start, end: line.length };
  });
  return { line, words };
}

/** The part of a word behind its first `length` characters, which are plain text: the value of `--name=value`, `-n5`. */
export function wordTail({ raw, parts, quoted, start, end }: BoundWord, length: number): BoundWord {
  const [first = "", ...rest] = parts;
  const head = typeof first === "string" ? first.slice(length) : "";
  return { raw: raw.slice(length), parts: head === "" ? rest : [head, ...rest], quoted, start: start + length, end };
}

/** The one bound value that a word consists of, undefined for anything else. */
export function soleValue({ parts }: BoundWord): { readonly value: unknown } | undefined {
  const [only] = parts;
  return parts.length === 1 && typeof only === "object" ? only : undefined;
}

/** A word as text, bound values written out. */
export function wordText({ parts }: BoundWord): string {
  return parts.map((part) => (typeof part === "string" ? part : String(part.value))).join("");
}
