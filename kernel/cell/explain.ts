import type { Position } from "./positions.ts";
import { parsesAsJsx } from "./tree.ts";

/** The parser's words, or better ones where the fault is a known one of notebooks. */
export function explainFailure(message: string, source: string, code: string, { line }: Position): string {
  const typed = source.split("\n")[line - 1] ?? "";
  const magic = /^(%%?)([a-z][a-z0-9-]*)/.exec(typed);
  if (magic?.[1] === "%%") return `${magic[0]} must stand above all code of its cell`;
  if (magic)
    return `${magic[0]} is neither a magic nor TypeScript here: a magic stands alone on its line, between statements`;
  if (code.includes("<") && parsesAsJsx(code))
    return "JSX is not supported in a cell: call the element's function instead";
  return message;
}
