import { existsSync } from "node:fs";
import path from "node:path";
import { EngineError, UsageError } from "../../src/errors.ts";
import { packageRoot } from "../../src/paths.ts";
import type { MagicDefinition } from "./magic.ts";
import { runProgram } from "./run-program.ts";

export const npm: MagicDefinition = {
  name: "npm",
  forms: ["%"],
  summary: "run npm: the next cell imports what it installs",
  args: [{ name: "COMMAND", required: true, summary: "npm's own command and options" }],
  options: {},
  examples: ["%npm install lodash-es", "%npm install --save-dev @types/lodash-es", "%npm ls"],
  body: "none",
  raw: true,
  async run({ args, line }, context) {
    const words = wordsOf(String(args.COMMAND));
    if (words[0]?.startsWith("-") !== false)
      throw new UsageError("E_BAD_USE", "npm needs a command", {
        hint: "as in %npm install lodash-es",
        at: { text: line, start: 0, end: line.length },
      });
    const folder = projectOf(context.cwd);
    const quiet = ["--no-fund", "--no-audit", "--no-update-notifier"];
    const code = await runProgram(
      {
        command: "npm",
        args: ["--prefix", folder, ...words, ...quiet],
        cwd: folder,
        hint: "install Node with npm, and see that npm is on the PATH",
      },
      context,
    );
    if (code !== 0)
      throw new EngineError(
        "E_NPM",
        `npm ${words.join(" ")} ended with ${typeof code === "number" ? `exit code ${code}` : code}`,
        {
          hint: "its own messages stand above",
        },
      );
    return undefined;
  },
};

/** The project that the notebook is part of: the nearest folder above with a package.json; its own folder where there is none, or only Outgrow's. */
function projectOf(notebook: string): string {
  for (let folder = notebook; folder !== path.dirname(folder); folder = path.dirname(folder))
    if (existsSync(path.join(folder, "package.json"))) return folder === packageRoot() ? notebook : folder;
  return notebook;
}

/** Words as a shell cuts them, without its other signs. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}
