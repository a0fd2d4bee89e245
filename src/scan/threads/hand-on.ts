// To whom threads hand on what they have found. In each round every other thread that has something gives it to the one before, so that
// no thread takes more often than there are rounds: three of eight, where one thread would take what the seven others have one after the other.

/** The thread to which another one hands on. */
export function takerOf(thread: number): number {
  return thread & (thread - 1);
}

/** How many threads' findings come together in one, its own included. */
export function gatheredIn(thread: number, threads: number): number {
  const own = thread & -thread;
  return own === 0 ? threads : Math.min(own, threads - thread);
}
