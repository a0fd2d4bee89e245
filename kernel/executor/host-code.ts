let depth = 0;
let loads = 0;

/**
 * Runs the kernel's own code on the main thread: short, finite, and never to be unwound half-way. What a user wrote must not run inside.
 */
export function asHost<T>(work: () => T): T {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

/** The same for work that takes several turns of the loop, such as loading the kernel's own modules. */
export function asHostUntil<T>(work: Promise<T>): Promise<T> {
  loads++;
  return work.finally(() => {
    loads--;
  });
}

/**
 * To be called from the event loop, below which nothing runs. A termination that was asked for in the last moment of a user's code is
 * carried out a few instructions later, which may be in here, and no `finally` counts down then.
 */
export function forgetUnwound(): void {
  depth = 0;
}

export function isHostRunning(): boolean {
  return depth + loads > 0;
}
