import { UsageError } from "../../src/errors.ts";

/** When a breakpoint counts, and what it does then; as the Debug Adapter Protocol has it. */
export interface Terms {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  /** Said in place of standing, with what is in braces evaluated. */
  readonly logMessage?: string | undefined;
}

const HIT = /^\s*(>=|<=|>|<|={1,3}|%)?\s*(\d+)\s*$/;

/**
 * Whether the breakpoint counts at its so many-th hit, from 1: `5` is the fifth alone, `>= 5`, `% 2` every second.
 *
 * @throws {UsageError} E_BAD_REQUEST
 * @example
 * countsAt("% 2", 4); // true
 */
export function countsAt(hitCondition: string, hits: number): boolean {
  const [, operator = "==", text] = HIT.exec(hitCondition) ?? [];
  const count = Number(text);
  if (text === undefined || (operator === "%" && count === 0))
    throw new UsageError("E_BAD_REQUEST", `the hit count ${JSON.stringify(hitCondition)} is none`, {
      hint: "write 5, >= 5 or % 2",
    });
  if (operator === "%") return hits % count === 0;
  if (operator.startsWith("=")) return hits === count;
  return operator.startsWith(">")
    ? hits > count - (operator === ">=" ? 1 : 0)
    : hits < count + (operator === "<=" ? 1 : 0);
}

/** The words of a log message and the expressions among them, in turn. Braces inside of an expression belong to it. */
export function partsOf(logMessage: string): readonly { readonly text: string; readonly isCode: boolean }[] {
  const parts: { text: string; isCode: boolean }[] = [];
  let from = 0;
  for (let at = logMessage.indexOf("{"); at >= 0; at = logMessage.indexOf("{", from)) {
    const end = closingOf(logMessage, at);
    if (end < 0) break;
    parts.push(
      { text: logMessage.slice(from, at), isCode: false },
      { text: logMessage.slice(at + 1, end), isCode: true },
    );
    from = end + 1;
  }
  return [...parts, { text: logMessage.slice(from), isCode: false }].filter(({ text }) => text !== "");
}

function closingOf(text: string, open: number): number {
  for (let at = open, depth = 0; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}
