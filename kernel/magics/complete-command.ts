import { findMagic } from "../cell/magic-call.ts";
import { SHELL } from "../cell/split.ts";
import type { Completion } from "./complete.ts";
import { completeFiles } from "./complete-files.ts";
import { scanLine } from "./magic-line.ts";
import { magics } from "./registry.ts";

/** Files, in a `!` line and in a script (`%%sh`); nothing in any other body that is text. Undefined where TypeScript stands, inside of `${…}` too. */
export function completeCommand(code: string, cursor: number, cwd: string): Completion | undefined {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const before = code.slice(0, start);
  const script = textBody(before);
  const isCommand = SHELL.test(code.slice(start)) && isPrologue(before);
  if (!isCommand && script === undefined) return undefined;
  const nothing: Completion = { matches: [], start: cursor, end: cursor };
  const words = scanLine(code.slice(start, cursor), isCommand ? "!".length : 0, cursor - start);
  const typed = words?.at(-1);
  if (typed === undefined) return isCommand ? undefined : nothing;
  const isName = words?.length === 1 && !typed.raw.includes("/");
  if (isName || (script !== undefined && script !== "sh")) return nothing;
  return { matches: completeFiles(typed.raw, cwd), start: start + typed.start, end: cursor };
}

/** The cell magic whose body stands below this text, when that is no TypeScript. */
function textBody(before: string): string | undefined {
  const name = /^(?:(?:[%!].*|\/\/.*|[^\S\n]*)\n)*%%([a-z][a-z0-9-]*)/.exec(before)?.[1];
  return name !== undefined && findMagic(magics, "%%", name)?.body === "text" ? name : undefined;
}

/** Magic lines, blank ones and comments. */
function isPrologue(before: string): boolean {
  return before.split("\n").every((line) => line.trim() === "" || /^(?:[%!?]|\/\/)/.test(line));
}
