import { padding, width } from "../cell/columns.ts";
import { lineColumn } from "../cell/positions.ts";

/** The line of `start` with carets under it up to `end`, indented by two. */
export function excerpt(source: string, start: number, end: number): string {
  const { line, column } = lineColumn(source, start);
  const text = (source.split("\n")[line - 1] ?? "").replace(/\r$/, "");
  const before = text.slice(0, column - 1);
  const marked = text.slice(column - 1, column - 1 + Math.max(1, end - start));
  return `  ${text}\n  ${padding(before)}${"^".repeat(Math.max(1, width(marked)))}`;
}
