import type { SentinelLink } from "./sentinel-link.ts";
import type { Debugging } from "./session.ts";

const settlers = new WeakMap<Promise<unknown>, (reason: unknown) => void>();

/** While somebody debugs, a script waits for its breakpoints, and V8 is shown no handler but the user's. */
export function debuggingBy(sentinel: Pick<SentinelLink, "isDebugging" | "announce">): Debugging {
  return {
    get isOn() {
      return sentinel.isDebugging;
    },
    begin: (script, run) => (sentinel.isDebugging ? sentinel.announce(script).then(() => runUnwatched(run)) : run()),
  };
}

/**
 * Runs a cell's code with no `catch` of ours around it. V8 asks at each `throw` whether somebody will catch it, and a debugger that is to stand
 * at what nobody catches must not see the kernel, which catches all. So the failure is learnt as one that nobody has handled.
 */
function runUnwatched(run: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // From the loop: what awaits this promise is on the stack here.
    setImmediate(() => settlers.set(run().then(resolve), reject));
  });
}

/** Gives whether the rejected promise was one of these. */
export function settleUnwatched(promise: Promise<unknown>, reason: unknown): boolean {
  const settle = settlers.get(promise);
  settle?.(reason);
  return settle !== undefined;
}
