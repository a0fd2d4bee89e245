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

/** A source line with a caret under the column; tabs stay tabs so that the caret stands right. */
export function excerptAt(source: string, { line, column }: Position): string {
  const text = source.split("\n")[line - 1] ?? "";
  return `${text}\n${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
}
