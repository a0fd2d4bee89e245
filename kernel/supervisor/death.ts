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
