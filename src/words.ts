import { UsageError } from "./errors.ts";

/** A piece of an option's text between separators. */
export interface Piece {
  /** Quotes taken off. */
  readonly text: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts `text` from `start` to `end` at a separator outside of quotes and brackets. Names are quoted with `"` or `'`, and a
 * doubled quote stands for itself.
 *
 * @throws {UsageError} E_OPEN_QUOTE
 */
export function cut(text: string, separator: string, start = 0, end = text.length): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  let depth = 0;
  for (let i = start; i <= end; i++) {
    const char = i === end ? undefined : text[i];
    if (char !== undefined && isQuote(char) && startsName(text, start, i)) i = closing(text, i, end);
    else if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if (char === undefined || (char === separator && depth <= 0)) {
      pieces.push(piece(text, from, i));
      from = i + 1;
    }
  }
  return pieces;
}

/** The names of a list such as `--by "user id",day`; commas and spaces around names are free. */
export function parseNames(text: string | readonly string[]): string[] {
  if (typeof text !== "string") return [...text];
  return cut(text, ",")
    .map((name) => name.text)
    .filter((name) => name !== "");
}

function piece(text: string, from: number, to: number): Piece {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(text[start] as string)) start++;
  while (end > start && /\s/.test(text[end - 1] as string)) end--;
  const quote = text[start] ?? "";
  const isQuoted = isQuote(quote) && end - start >= 2 && text[end - 1] === quote;
  const inner = isQuoted ? text.slice(start + 1, end - 1).replaceAll(quote + quote, quote) : text.slice(start, end);
  return { text: inner, isQuoted, start, end };
}

/** A quote opens where a name may start; the one in `it's` is a letter of the name. */
function startsName(text: string, start: number, at: number): boolean {
  const before = text.slice(start, at).trimEnd();
  return before === "" || /[,=:(]$/.test(before);
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'";
}

/** Where the quote that opens at `open` closes. */
function closing(text: string, open: number, end: number): number {
  const quote = text[open] as string;
  for (let i = open + 1; i < end; i++) {
    if (text[i] !== quote) continue;
    if (text[i + 1] !== quote) return i;
    i++;
  }
  throw new UsageError("E_OPEN_QUOTE", "a quote is opened and never closed", {
    at: { text, start: open, end },
    hint: `close it with ${quote}`,
  });
}

/**
 * A name, or another item of a list, as `cut` and a magic's line read it: in quotes where blanks, commas and colons would mean something.
 *
 * @example
 * quoteItem("Betrag €"); // '"Betrag €"'
 */
export function quoteItem(item: string): string {
  return /^[\p{L}\p{N}_.$@+-]+$/u.test(item) && !item.startsWith("-") ? item : `"${item.replaceAll('"', '""')}"`;
}
