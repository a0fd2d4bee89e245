import type { MagicTable } from "./magic-call.ts";
import { type SplitCell, splitCell } from "./split.ts";

/** Blanks everything in a stretch but line breaks, so that lines and offsets stay. */
export function blankRange(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
}

/**
 * The cell as TypeScript of equal length: magic lines become blanks, and so does a body that is not TypeScript.
 * The body of a "function" magic stays where it is; whoever wraps it puts the function's head on its (blank) magic line.
 */
export function blankMagics(source: string, table: MagicTable): string {
  return blankSplit(splitCell(source, table), table);
}

export function blankSplit({ source, magics, bodyStart }: SplitCell, table: MagicTable): string {
  let text = source;
  for (const { start, line, sign } of magics) {
    text = blankRange(text, start, start + line.length);
    if (sign === "?") text = blankRange(text, 0, text.length);
  }
  const hasText = magics.some(({ sign, name }) => sign === "%%" && (table.get(name)?.body ?? "text") === "text");
  return hasText ? blankRange(text, bodyStart, text.length) : text;
}
