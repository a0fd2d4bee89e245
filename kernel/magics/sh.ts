import { EngineError } from "../../src/errors.ts";
import type { MagicDefinition } from "./magic.ts";
import { runProgram } from "./run-program.ts";

export const sh: MagicDefinition = {
  name: "sh",
  forms: ["%%"],
  summary: "run the cell as a shell script, up to what fails",
  args: [],
  options: {},
  examples: ["%%sh\nhead -n 3 data/sales.csv\nwc -l data/sales.csv"],
  body: "text",
  async run({ bodyText = "" }, context) {
    const program = { command: "/bin/sh", args: ["-e"], input: bodyText, hint: "%%sh needs a POSIX shell" };
    const code = await runProgram(program, context);
    if (code === 0) return undefined;
    throw new EngineError("E_SHELL", `the script ended with ${typeof code === "number" ? `exit code ${code}` : code}`, {
      hint: "its own messages stand above",
    });
  },
};
