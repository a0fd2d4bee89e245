import { currentRun, knownRun } from "./current.ts";
import { settleUnwatched } from "./debugging.ts";
import { toFailure } from "./failure.ts";
import { mendImmediates } from "./immediates.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";
import { safely } from "./safely.ts";
import { isOurs, rejectionTold } from "./untold-rejections.ts";

const runs = new Map<string, WeakRef<CellRun>>();

/** Errors outside the life of a cell (a timer, a promise nobody awaits) are shown in their cell; the process lives. */
export function catchStrayErrors(): void {
  process.on("uncaughtException", takeStray);
  process.on("unhandledRejection", (reason, promise) => {
    if (!isOurs(reason) && !settleUnwatched(promise, reason)) takeStray(reason);
    rejectionTold();
  });
  // Without a listener Node warns of it, in words about flags of a program that nobody started.
  process.on("rejectionHandled", () => undefined);
}

/** Lets an error that lost its cell be found by the name in its stack. */
export function rememberRun(filename: string, run: CellRun): void {
  runs.set(filename, new WeakRef(run));
}

/** An error of what a cell left to be called later. An immediate may be running, which must not be taken for one that was terminated. */
export function reportStray(error: unknown): void {
  const run = knownRun() ?? runInStack(error) ?? currentRun();
  // What a stopped cell left behind fails because it was stopped, which has been told.
  if (run === undefined || run.stopped) return;
  publish({ type: "stray-error", cell: run.id, failure: toFailure(error) });
}

function takeStray(error: unknown): void {
  const mended = mendImmediates();
  if (isTermination(error)) return;
  // Node itself stumbles over an immediate that was terminated.
  if (mended && /_idleNext/.test(stackOf(error))) return;
  reportStray(error);
}

/**
 * Where a termination unwinds into native code that hands errors on, as DuckDB's does, V8's own mark of it comes out: an undefined that is
 * not `undefined`. The process dies of nearly all that could be done with it, `typeof error === "undefined"` is false.
 */
function isTermination(error: unknown): boolean {
  const kind: string = typeof error;
  return kind === "undefined" && error !== undefined;
}

/** A throw inside queueMicrotask has lost its context in Node 20. */
function runInStack(error: unknown): CellRun | undefined {
  const file = /\b(?:cell|silent)-\d+\.ts(?=:\d+:\d+)/.exec(stackOf(error))?.[0];
  return file === undefined ? undefined : runs.get(file)?.deref();
}

function stackOf(error: unknown): string {
  return safely(() => String((error as Error | undefined)?.stack ?? ""), "");
}
