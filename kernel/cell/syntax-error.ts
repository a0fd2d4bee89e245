import { cutAround, padding } from "./columns.ts";
import type { Position } from "./positions.ts";

/** A cell that is not TypeScript. Its name is SyntaxError, since that is what people look up. */
export class CellSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly line: number;
  readonly column: number;
  /** The line as typed with a caret below the fault. */
  readonly excerpt: string;

  constructor(message: string, source: string, { line, column }: Position) {
    super(message);
    this.line = line;
    this.column = column;
    this.excerpt = excerptAt(source, { line, column });
  }
}

/** The same, before its place in the cell is known: `offset` counts in the code that was being worked on. */
export class CellFault extends SyntaxError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A source line with a caret under the column, and a very long line is cut around it. */
export function excerptAt(source: string, { line, column }: Position): string {
  const { text, at } = cutAround(source.split("\n")[line - 1] ?? "", column - 1);
  return `${text}\n${padding(text.slice(0, at))}^`;
}
