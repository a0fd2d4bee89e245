import { spawn } from "node:child_process";
import { Interrupted, UsageError } from "../../src/errors.ts";
import type { MagicContext } from "./magic.ts";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Default the notebook's folder. */
  readonly cwd?: string | undefined;
  /** What it reads from its standard input. */
  readonly input?: string | undefined;
  /** What to do when there is no such program. */
  readonly hint: string;
}

/**
 * Runs a program and streams its output to the cell. Stop ends it with all that it started: it has a process group of its own.
 *
 * @returns its exit code, or the signal that ended it
 * @throws {UsageError} E_NO_PROGRAM
 */
export function runProgram(
  { command, args, cwd, input = "", hint }: Program,
  context: Pick<MagicContext, "cwd" | "signal" | "print">,
): Promise<number | NodeJS.Signals> {
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: cwd ?? context.cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
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
    child.stdin.end(input);
    child.once("error", (cause) => {
      signal.removeEventListener("abort", stop);
      reject(new UsageError("E_NO_PROGRAM", `"${command}" could not be started`, { cause, hint }));
    });
    child.once("close", (code, ending) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason ?? new Interrupted());
      else resolve(code ?? ending ?? 1);
    });
  });
}
