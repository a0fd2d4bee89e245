import { otherLanguage } from "./other-languages.ts";
import type { Position } from "./positions.ts";
import { parsesAsJsx } from "./tree.ts";

/** The parser's words, or better ones where the fault is a known one of notebooks. */
export function explainFailure(message: string, source: string, code: string, { line, column }: Position): string {
  const typed = source.split("\n")[line - 1] ?? "";
  const magic = /^(%%?)([a-z][\w-]*)/i.exec(typed);
  if (magic?.[1] === "%%") return `${magic[0]} must stand above all code of its cell`;
  // One that was taken for a magic stands blank before its own code.
  if (magic && code.split("\n")[line - 1]?.startsWith(magic[0]))
    return `${magic[0]} is neither a magic nor TypeScript here: a magic stands alone on its line, between statements`;
  // In a text of the same line `%d` is none.
  if (/=\s*$/.test(typed.slice(0, column - 1)) && /^%{1,2}[a-z]/.test(typed.slice(column - 1)))
    return "a magic stands alone on its line; the next line has its value as `_`";
  const other = otherLanguage(typed);
  if (other) return other;
  if (code.includes("<") && parsesAsJsx(code))
    return "JSX is not supported in a cell: call the element's function instead";
  return message;
}
