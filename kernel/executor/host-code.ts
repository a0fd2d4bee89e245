let depth = 0;

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
  depth++;
  return work.finally(() => {
    depth--;
  });
}

export function isHostRunning(): boolean {
  return depth > 0;
}
