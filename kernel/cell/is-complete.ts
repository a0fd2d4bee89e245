import { blankSplit } from "./blank.ts";
import type { MagicTable } from "./magic-call.ts";
import { splitCell } from "./split.ts";
import { parse } from "./tree.ts";

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line should start with, when incomplete. */
  readonly indent?: string | undefined;
}

/**
 * Whether a console may run the text: incomplete when its fault is that it ends too early.
 *
 * @example
 * isComplete("function f() {"); // { status: "incomplete", indent: "  " }
 */
export function isComplete(code: string, magics: MagicTable = new Map()): Completeness {
  const body = typescriptOf(code, magics);
  if (body === undefined) return { status: "invalid" };
  if (body === "incomplete") return { status: "incomplete", indent: "" };
  const { failure } = parse(body);
  if (!failure) return { status: "complete" };
  const rest = body.slice(failure.offset).trim();
  const endsEarly =
    rest === "" ||
    /^Unterminated (multiline comment|string$)/.test(failure.message) ||
    /found `EOF`/.test(failure.message);
  const unclosedQuote = /^Unterminated string/.test(failure.message) && !body.slice(failure.offset).startsWith("`");
  if (!endsEarly || unclosedQuote || /Unterminated regular/.test(failure.message)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(body) };
}

function typescriptOf(code: string, magics: MagicTable): string | undefined {
  try {
    const split = splitCell(code, magics);
    const innermost = split.magics[split.stack.at(-1) ?? -1];
    const needsBody = innermost && (magics.get(innermost.name)?.body ?? "none") !== "none";
    if (needsBody && code.slice(split.bodyStart).trim() === "" && !innermost.line.includes("--help"))
      return "incomplete";
    if (innermost && magics.get(innermost.name)?.body === "function")
      return `(async () => {${blankSplit(split, magics)}\n})`;
    return blankSplit(split, magics);
  } catch {
    return undefined;
  }
}

function indentAfter(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /[{([]$/.test(line.trimEnd()) ? `${indent}  ` : indent;
}
