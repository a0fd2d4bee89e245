import { formatBytes } from "../../src/units.ts";
import type { FromSentinel } from "../link/messages.ts";

export type MemoryReport = Extract<FromSentinel, { readonly type: "memory" }>;

/** How a child process ended; `error` when it could not be started at all. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error | undefined;
}

/** An end with what was known of the process before it. */
export interface Death extends Exit {
  /** The end of what it wrote. */
  readonly stderr: string;
  /** What the sentinel saw last. */
  readonly memory: MemoryReport | undefined;
  readonly wasReady: boolean;
}

/** Why the executor died, in words that say what to do about it. */
export function causeOfDeath({ code, signal, error, stderr, memory, wasReady }: Death): string {
  if (error) return `it could not be started: ${error.message}`;
  if (!wasReady) return `it ended while it started (${signal ?? `exit code ${code}`}): run "outgrow doctor"`;
  if (/heap out of memory|Allocation failed/i.test(stderr))
    return `it ran out of JavaScript heap${lastSeen(memory)}; work in chunks (%chunked), or keep less`;
  if (signal === "SIGKILL")
    return `the system killed it (SIGKILL), most often because memory ran out${lastSeen(memory)}; work in chunks (%chunked)`;
  if (signal === "SIGABRT" || code === 134) return `it hit a fatal error (SIGABRT)${lastSeen(memory)}`;
  if (signal) return `it ended by ${signal}`;
  return code === 0 ? "process.exit() was called" : `it exited with code ${code}`;
}

function lastSeen(memory: MemoryReport | undefined): string {
  if (!memory) return "";
  const { resident, heap, heapLimit } = memory;
  return ` (last seen: ${formatBytes(resident)} resident, heap ${formatBytes(heap)} of ${formatBytes(heapLimit)})`;
}
