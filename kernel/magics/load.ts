import { readFile } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../../src/errors.ts";
import type { MagicDefinition } from "./magic.ts";

/** A cell beyond it is a mistake: data are read with %head. */
const MOST_BYTES = 1_000_000;

export const load: MagicDefinition = {
  name: "load",
  forms: ["%"],
  summary: "put a script's text into this cell, to read, change and run",
  args: [{ name: "FILE", required: true, complete: "file", summary: "a text file" }],
  options: {},
  examples: ["%load helpers.ts"],
  body: "none",
  async run({ args }, context) {
    const typed = String(args.FILE);
    const file = path.resolve(context.cwd, typed);
    if (/^https?:/.test(typed))
      throw new UsageError("E_NO_FILE", `"${typed}" is an address, not a file`, {
        hint: `fetch it first: !curl -LO ${typed}`,
      });
    const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
      throw new UsageError("E_NO_FILE", reasonOf(cause, typed), { hint: `paths start from ${context.cwd}` });
    });
    if (bytes.length > MOST_BYTES || bytes.includes(0))
      throw new UsageError(
        "E_NOT_A_SCRIPT",
        `"${typed}" is not a script: it ${bytes.includes(0) ? "is not text" : "has more than 1 MB"}`,
        {
          hint: `to see data: %head "${typed}"`,
        },
      );
    const text = bytes.toString("utf8").replace(/\r\n/g, "\n").trimEnd();
    // The line that loaded it stays, so that one sees where the text is from, and does not load it again.
    context.replaceCell(`// %load ${typed}\n${text}`);
    return undefined;
  },
};

function reasonOf({ code, message }: NodeJS.ErrnoException, typed: string): string {
  if (code === "ENOENT") return `no file "${typed}"`;
  return code === "EISDIR" ? `"${typed}" is a folder, not a file` : `cannot read "${typed}": ${message}`;
}
