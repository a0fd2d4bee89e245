import { Session } from "node:inspector";
import { Interrupted } from "../../src/errors.ts";
import { garbageCollector } from "../../src/memory.ts";
import { knownRun } from "./current.ts";
import { isHostRunning } from "./host-code.ts";
import { ACKNOWLEDGED, ACTIVE, COLLECT_KEY, NO_CELL, TERMINATE_KEY, type TerminateRequest } from "./shared-state.ts";
import { userFrames } from "./stack.ts";

/**
 * What the sentinel calls here, through the inspector, in the middle of whatever runs. The decision to terminate is made on this thread, with
 * the stack at hand: made by the sentinel, it could arrive late and unwind the kernel's own code or the next cell.
 */
export class Terminator {
  readonly #session = new Session();
  readonly #state: Int32Array;
  #last: { readonly cell: number; readonly stack: string } | undefined;

  constructor(state: Int32Array) {
    this.#state = state;
    this.#session.connect();
    offer(COLLECT_KEY, garbageCollector());
    offer(TERMINATE_KEY, (request: TerminateRequest) => this.#terminate(request));
  }

  /** Where the cell's code was when it was unwound, as the stack of an error. */
  stackOf(cell: number): string | undefined {
    return this.#last?.cell === cell ? this.#last.stack : undefined;
  }

  leave(): void {
    this.#session.disconnect();
  }

  /** Unwinds the user code that runs, if the request is meant for it; no `catch` or `finally` of it runs. Gives the cell it belonged to. */
  #terminate(request: TerminateRequest): number | null {
    const isHeard = Atomics.load(this.#state, ACKNOWLEDGED) >= request.sequence;
    if (isHeard || isHostRunning() || !this.#isMeant(request)) return null;
    const { hasUserCode, loadsModule, text } = lookAtStack();
    if (!hasUserCode || (loadsModule && request.insistedMs < LOADING_MS)) return null;
    const unwound = knownRun()?.id ?? request.cell;
    // The library goes on behind the code that it called, to tell what was done before.
    if (this.#last?.cell === unwound && request.insistedMs < TELLING_MS && !hasUserFrames(text)) return null;
    this.#last = { cell: unwound, stack: text };
    if (request.isPaused) return unwound;
    // The last call here: the next one would take the termination for itself, and V8 would forget it on the way back to the loop.
    this.#session.post("Runtime.terminateExecution");
    return unwound;
  }

  /** What a stopped cell left running is never spared; else the cell that is asked for, or whatever keeps it from starting. */
  #isMeant({ cell, onlyLeftovers }: TerminateRequest): boolean {
    const run = knownRun();
    if (run?.stopped || (onlyLeftovers === "answered" && run?.answered)) return true;
    const active = Atomics.load(this.#state, ACTIVE);
    return !onlyLeftovers && (active === NO_CELL || active === cell);
  }
}

/** A module that is cut short stays broken in Node's cache for good: loading is given this long. */
const LOADING_MS = 2000;
/** What was done before the code was unwound is put together by steps that are shorter than this. */
const TELLING_MS = 300;
/** Node's own modules come by the second one: `net` loads `cluster` when a server listens for the first time. */
const LOADERS = /^node:internal\/(?:modules|bootstrap)\//;
const DEEP_ENOUGH = 200;
/** This function, its caller, the function that is called, the inspector's own line. */
const OWN_FRAMES = 4;

/** Where only Node's own code runs it is on its way to a handler, or at its end: unwinding it would lose a message. */
function lookAtStack(): { readonly hasUserCode: boolean; readonly loadsModule: boolean; readonly text: string } {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = DEEP_ENOUGH;
    Error.prepareStackTrace = (_, sites) => sites;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder);
    const below = (holder.stack?.slice(OWN_FRAMES) ?? []).filter((site) => !site.isNative());
    return {
      text: String(prepareStackTrace?.(new Interrupted(), below)),
      hasUserCode: below.some((site) => !site.getFileName()?.startsWith("node:")),
      loadsModule: below.some((site) => LOADERS.test(site.getFileName() ?? "")),
    };
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** What awaits is not at work. */
function hasUserFrames(stack: string): boolean {
  return userFrames(stack).some(({ text }) => !text.startsWith("async "));
}

function offer(key: string, value: unknown): void {
  Object.defineProperty(globalThis, Symbol.for(key), {
    value,
    enumerable: false,
    configurable: false,
    writable: false,
  });
}
