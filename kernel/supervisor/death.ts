import type { CellFailure } from "../link/messages.ts";

/** How a child process ended; `error` when it could not be started at all. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error | undefined;
}

/** Why the executor died, in words that say what to do about it. */
export function causeOfDeath({ code, signal, error }: Death, stderr: string, wasReady: boolean): string {
  if (error) return `it could not be started: ${error.message}`;
  if (!wasReady) return `it ended while it started (${signal ?? `exit code ${code}`}): run "outgrow doctor"`;
  if (/heap out of memory|invalid array length Allocation failed/i.test(stderr))
    return "it ran out of JavaScript heap; work in chunks (%chunked), or keep less";
  if (signal === "SIGKILL")
    return "the system killed it (SIGKILL), most often because memory ran out; work in chunks (%chunked)";
  if (signal === "SIGABRT" || code === 134) return "it hit a fatal error (SIGABRT); its last words are above";
  if (signal === "SIGSEGV" || signal === "SIGBUS" || signal === "SIGILL" || code === 139)
    return `native code crashed (${signal ?? "SIGSEGV"}), most often that of a package with a native part`;
  if (signal) return `it ended by ${signal}`;
  return code === 0 ? "process.exit() was called" : `it exited with code ${code}`;
}

/** What the cell is told in which it happened. `lost` are the names that went with the process. */
export function failureOfDeath(cause: string, lost: readonly string[]): CellFailure {
  const shown = lost.slice(0, 20).join(", ");
  const more = lost.length > 20 ? ` and ${lost.length - 20} more` : "";
  const what = lost.length > 0 ? `These variables are lost: ${shown}${more}.` : "No variables were lost.";
  const evalue = `the process that runs the cells ended: ${cause}. ${what}`;
  const hint = "The next cell runs in a new one; run the cells again that define what is needed.";
  return { ename: "ExecutorDied", evalue, traceback: [`ExecutorDied: ${evalue}`, hint] };
}
