import { spawn } from "node:child_process";
import { EngineError, Interrupted, UsageError } from "../../src/errors.ts";
import type { MagicContext, MagicDefinition } from "./magic.ts";

export const sh: MagicDefinition = {
  name: "sh",
  forms: ["%%"],
  summary: "run the cell as a shell script, up to the first command that fails",
  args: [],
  options: {},
  examples: ["%%sh\nhead -n 3 data/sales.csv\nwc -l data/sales.csv"],
  body: "text",
  async run({ bodyText = "" }, context) {
    const code = await runScript(bodyText, context);
    if (code === 0) return undefined;
    throw new EngineError("E_SHELL", `the script ended with ${typeof code === "number" ? `exit code ${code}` : code}`, {
      hint: "its own messages stand above",
    });
  },
};

/** Its output is streamed to the cell. Stop ends the script with all that it started: it has a process group of its own. */
function runScript(script: string, context: MagicContext): Promise<number | NodeJS.Signals> {
  const { cwd, signal } = context;
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-e"], { cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const stop = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGTERM");
      } catch {
        // The group is gone already.
      }
    };
    signal.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => context.print(text));
    child.stdin.on("error", () => {});
    child.stdin.end(script);
    child.once("error", (cause) => {
      signal.removeEventListener("abort", stop);
      reject(
        new UsageError("E_SHELL", "there is no /bin/sh to run the script", { cause, hint: "%%sh needs a POSIX shell" }),
      );
    });
    child.once("close", (code, ending) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason ?? new Interrupted());
      else resolve(code ?? ending ?? 1);
    });
  });
}
