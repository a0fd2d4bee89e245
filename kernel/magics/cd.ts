import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { nearest, UsageError } from "../../src/errors.ts";
import type { MagicDefinition } from "./magic.ts";

export const cd: MagicDefinition = {
  name: "cd",
  forms: ["%"],
  summary: "change the working folder, or show it",
  args: [{ name: "FOLDER", required: false, complete: "file", summary: "the folder to go to; ~ is your own" }],
  options: {},
  examples: ["%cd data", "%cd .."],
  body: "none",
  async run({ args }, context) {
    if (args.FOLDER !== undefined) {
      const typed = String(args.FOLDER);
      const named = typed.replace(/^~(?=$|\/)/, homedir());
      const folder = path.isAbsolute(named) ? named : path.resolve(context.cwd, named);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw await missing(folder, typed);
      process.chdir(folder);
    }
    context.print(`${process.cwd()}\n`);
    return undefined;
  },
};

async function missing(folder: string, typed: string): Promise<UsageError> {
  const entries = await readdir(path.dirname(folder), { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const near = nearest(path.basename(folder), folders, 1)[0];
  return new UsageError("E_NO_FOLDER", `no folder "${typed}"`, {
    hint: near ? `did you mean ${near}?` : `folders there: ${folders.join(", ") || "none"}`,
  });
}
