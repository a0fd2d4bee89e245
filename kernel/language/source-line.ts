import { cutAround, padding, width } from "../cell/columns.ts";
import { lineColumn } from "../cell/positions.ts";

/** The line of `start` with carets under it up to `end`, indented by two; a very long line is cut around it. */
export function excerpt(source: string, start: number, end: number): string {
  const { line, column } = lineColumn(source, start);
  const whole = (source.split("\n")[line - 1] ?? "").replace(/\r$/, "");
  const { text, at } = cutAround(whole, column - 1);
  const marked = text.slice(at, at + Math.max(1, end - start));
  return `  ${text}\n  ${padding(text.slice(0, at))}${"^".repeat(Math.max(1, width(marked)))}`;
}
