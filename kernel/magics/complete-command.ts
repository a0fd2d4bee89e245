import { findMagic } from "../cell/magic-call.ts";
import { type SplitCell, splitCell } from "../cell/split.ts";
import type { Completion } from "./complete.ts";
import { completeFiles } from "./complete-files.ts";
import { scanLine } from "./magic-line.ts";
import { magics } from "./registry.ts";

/** Files, in a `!` line and in a script (`%%sh`); nothing in any other body that is text. Undefined where TypeScript stands, inside of `${…}` too. */
export function completeCommand(code: string, cursor: number, cwd: string): Completion | undefined {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const end = code.indexOf("\n", cursor);
  const split = splitOrNone(end < 0 ? code : code.slice(0, end));
  const script = split && textBody(split, start);
  const isCommand = split?.magics.some((magic) => magic.sign === "!" && magic.start === start) ?? false;
  if (!isCommand && script === undefined) return undefined;
  const nothing: Completion = { matches: [], start: cursor, end: cursor };
  const words = scanLine(code.slice(start, cursor), isCommand ? "!".length : 0, cursor - start);
  const typed = words?.at(-1);
  if (typed === undefined) return isCommand ? undefined : nothing;
  const isName = words?.length === 1 && !typed.raw.includes("/");
  if (isName || (script !== undefined && script !== "sh")) return nothing;
  return { matches: completeFiles(typed.raw, cwd), start: start + typed.start, end: cursor };
}

/** A line that is not whole yet is none. */
function splitOrNone(code: string): SplitCell | undefined {
  try {
    return splitCell(code, magics);
  } catch {
    return undefined;
  }
}

/** The cell magic whose body the line at `start` stands in, when that is no TypeScript. */
function textBody({ magics: found, stack, bodyStart }: SplitCell, start: number): string | undefined {
  const innermost = found[stack.at(-1) ?? -1];
  if (innermost === undefined || bodyStart > start) return undefined;
  return findMagic(magics, "%%", innermost.name)?.body === "text" ? innermost.name : undefined;
}
