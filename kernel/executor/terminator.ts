import { Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { isHostRunning } from "./host-code.ts";
import { ACKNOWLEDGED, ACTIVE, COLLECT_KEY, NO_CELL, TERMINATE_KEY } from "./shared-state.ts";

/**
 * What the sentinel calls here, through the inspector, in the middle of whatever runs. The decision to terminate is made on this thread, with
 * the stack at hand: made by the sentinel, it could arrive late and unwind the kernel's own code or the next cell.
 */
export class Terminator {
  readonly #session = new Session();
  readonly #state: Int32Array;

  constructor(state: Int32Array) {
    this.#state = state;
    this.#session.connect();
    offer(COLLECT_KEY, collector());
    offer(TERMINATE_KEY, (cell: number, sequence: number) => this.#terminate(cell, sequence));
  }

  leave(): void {
    this.#session.disconnect();
  }

  /** True when user code was there to be unwound; no `catch` or `finally` of it runs. */
  #terminate(cell: number, sequence: number): boolean {
    const active = Atomics.load(this.#state, ACTIVE);
    const isOther = active !== NO_CELL && active !== cell;
    const isHeard = Atomics.load(this.#state, ACKNOWLEDGED) >= sequence;
    if (isOther || isHeard || isHostRunning() || !runsUserCode()) return false;
    this.#session.post("Runtime.terminateExecution");
    return true;
  }
}

const DEEP_ENOUGH = 200;
/** This function, its caller, the function that is called, the inspector's own line. */
const OWN_FRAMES = 4;

/** Node's own code alone is on its way to a handler, or at its end: unwinding it would lose a message. */
function runsUserCode(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = DEEP_ENOUGH;
    Error.prepareStackTrace = (_, sites) => sites;
    const holder: { stack?: readonly NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder);
    const below = holder.stack?.slice(OWN_FRAMES) ?? [];
    return below.some((site) => !site.isNative() && !site.getFileName()?.startsWith("node:"));
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** Only a context made after the flag has `gc`; user code must not find it by that name. */
function collector(): unknown {
  setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return collect;
}

function offer(key: string, value: unknown): void {
  Object.defineProperty(globalThis, Symbol.for(key), {
    value,
    enumerable: false,
    configurable: false,
    writable: false,
  });
}
