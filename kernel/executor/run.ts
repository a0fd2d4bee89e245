import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { Interrupted, MemoryLimitError } from "../../src/errors.ts";
import { formatBytes } from "../../src/units.ts";
import type { CellFailure, ToExecutor } from "../link/messages.ts";
import type { StopReason } from "./shared-state.ts";

export type RunRequest = Extract<ToExecutor, { readonly type: "run" }>;

/** One cell from its request to its `done`: what it holds, whether it was stopped, whether it has been answered. */
export class CellRun {
  readonly request: RunRequest;
  /** Made for the first who asks: few cells do. */
  #controller: AbortController | undefined;
  readonly #holds = new Set<() => unknown>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #lastWords = new Set<(failure: CellFailure | undefined) => void>();
  #stopped: StopReason | undefined;
  #heard = false;
  /** The user's code has begun. */
  started = false;
  /** Set while what listens to the signal has its moment. */
  grace: NodeJS.Timeout | undefined;
  /** `done` has been sent; what the cell's code still does happens after its life. */
  answered = false;
  /** A magic calls its code and is not unwound with it: what was done until then it still has to tell. */
  isCalled = false;
  /** How often its code was told after its life that it was stopped. */
  refusals = 0;

  constructor(request: RunRequest) {
    this.request = request;
  }

  /** Node marks timers and other things of a cell with the work that they belong to, and shows the mark with them. */
  [inspect.custom](): string {
    return `cell ${this.request.executionCount}`;
  }

  get id(): number {
    return this.request.cell;
  }

  get stopped(): StopReason | undefined {
    return this.#stopped;
  }

  get signal(): AbortSignal {
    return this.#stopper().signal;
  }

  /** True when something listens to the signal: it deserves a moment to end in order. Safe to call again. */
  markStopped(reason: StopReason): boolean {
    if (this.#stopped === undefined)
      this.#heard = this.#controller !== undefined && getEventListeners(this.signal, "abort").length > 0;
    this.#stopped ??= reason;
    return this.#heard;
  }

  /** Tells everything that listens, which is the user's code and may do what it likes. */
  abort(): void {
    if (this.#stopped) this.#stopper().abort(stopError(this.#stopped));
  }

  #stopper(): AbortController {
    this.#controller ??= new AbortController();
    return this.#controller;
  }

  /** Terminating a cell skips its `finally` blocks: what must be let go of is registered here. Gives the way to take it back. */
  hold(dispose: () => unknown): () => void {
    this.#holds.add(dispose);
    return () => this.#holds.delete(dispose);
  }

  /** The cell is not over before this is. */
  waitFor(work: Promise<unknown>): void {
    work.catch(() => undefined);
    this.#pending.add(work);
  }

  /** @throws what the work failed with */
  async settled(): Promise<void> {
    for (const work of this.#pending) {
      this.#pending.delete(work);
      await work;
    }
  }

  /** Called when the outcome is known, before it is told: the last moment for an output of the cell. */
  atEnd(say: (failure: CellFailure | undefined) => void): void {
    this.#lastWords.add(say);
  }

  /** One that fails must not keep the cell from being answered. */
  sayLastWords(failure: CellFailure | undefined, onError: (error: unknown) => void): void {
    for (const say of this.#lastWords) {
      try {
        say(failure);
      } catch (error) {
        onError(error);
      }
    }
    this.#lastWords.clear();
  }

  /** Lets go of everything, newest first. One that fails must not keep the others. */
  async release(): Promise<void> {
    for (const dispose of [...this.#holds].reverse()) {
      this.#holds.delete(dispose);
      try {
        await dispose();
      } catch (error) {
        process.emitWarning(`what a cell held could not be released: ${String(error)}`, "OutgrowWarning");
      }
    }
  }
}

/** Code that catches the first few refusals may be cleaning up; what goes on after that has to be ended from outside. */
const MOST_REFUSALS = 20;

/** Where a cell's code comes by after its life: one that was stopped goes no further. */
export function endIfStopped(run: CellRun | undefined): void {
  if (!run?.stopped || !run.answered) return;
  // Here the sentinel finds a thread that does not turn, and unwinds it past every `catch`.
  if (++run.refusals > MOST_REFUSALS) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw stopError(run.stopped);
}

/** `largest` are the variables that hold the most, in words. */
export function stopError(reason: StopReason, largest = ""): Interrupted | MemoryLimitError {
  if (reason.why === "interrupt") return new Interrupted();
  const where = reason.of === "heap" ? "the JavaScript heap" : "this process";
  return new MemoryLimitError(
    "E_MEMORY_LIMIT",
    `the cell was stopped at ${formatBytes(reason.used)} of ${where}, the limit is ${formatBytes(reason.limit)}; variables are kept${largest ? `; the largest are ${largest}` : ""}`,
    {
      hint: "set what is no longer needed to undefined; look at the size before loading with %profile FILE, or work in pieces with %chunked FILE",
    },
  );
}
