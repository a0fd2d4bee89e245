import { findMagic, type MagicTable } from "./magic-call.ts";
import type { SplitCell } from "./split.ts";

/** Blanks everything in a stretch but line breaks, so that lines and offsets stay. */
export function blankRange(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
}

/** A script's first line, which says what runs it, as a comment: it is one at the very start alone, and more is put there. */
export function hashbangAsComment(text: string): string {
  return text.replace(/^#!/, "//");
}

/**
 * The cell as TypeScript of equal length: magic lines become blanks, and so does a body that is not TypeScript.
 * The body of a "function" magic stays where it is; whoever wraps it puts the function's head on its (blank) magic line.
 */
export function blankSplit({ source, magics, bodyStart }: SplitCell, table: MagicTable): string {
  let text = hashbangAsComment(source);
  for (const { start, line } of magics) text = blankRange(text, start, start + line.length);
  const hasText = magics.some(
    ({ sign, name }) => sign === "%%" && (findMagic(table, sign, name)?.body ?? "text") === "text",
  );
  return hasText ? blankRange(text, bodyStart, text.length) : text;
}
