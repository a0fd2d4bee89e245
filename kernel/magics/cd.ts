import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { nearest, UsageError } from "../../src/errors.ts";
import type { MagicDefinition } from "./magic.ts";

/** Where the notebook was before. */
let before: string | undefined;

export const cd: MagicDefinition = {
  name: "cd",
  forms: ["%"],
  summary: "change the working folder, or show it",
  args: [
    {
      name: "FOLDER",
      required: false,
      complete: "file",
      summary: "the folder to go to; ~ is your own, - the one before",
    },
  ],
  options: {},
  examples: ["%cd data", "%cd ..", "%cd -"],
  body: "none",
  async run({ args }, context) {
    if (args.FOLDER !== undefined) {
      const typed = String(args.FOLDER);
      const named = typed === "-" ? folderBefore() : typed.replace(/^~(?=$|\/)/, homedir());
      const folder = path.isAbsolute(named) ? named : path.resolve(context.cwd, named);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw await missing(folder, typed);
      const left = folderHere() ?? before;
      process.chdir(folder);
      before = left;
    }
    context.print(`${process.cwd()}\n`);
    return undefined;
  },
};

/** Undefined where it has been removed: that is left like any other. */
function folderHere(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function folderBefore(): string {
  if (before !== undefined) return before;
  throw new UsageError("E_NO_FOLDER", "there is no folder before this one", { hint: "name one, as in %cd data" });
}

async function missing(folder: string, typed: string): Promise<UsageError> {
  const entries = await readdir(path.dirname(folder), { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const near = nearest(path.basename(folder), folders, 1)[0];
  return new UsageError("E_NO_FOLDER", `no folder "${typed}"`, {
    hint: near ? `did you mean ${near}?` : `folders there: ${folders.join(", ") || "none"}`,
  });
}
