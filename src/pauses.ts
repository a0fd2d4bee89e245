import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds. */
const PAUSE_AFTER = 8;

/** For work of many steps in the thread that speaks: what this gives is waited for after each of them, and lets the event loop turn where the work since the last turn took its time. */
export function pauses(pause: () => Promise<unknown> = nextTurn): () => Promise<void> {
  let start = performance.now();
  return async () => {
    if (performance.now() - start < PAUSE_AFTER) return;
    await pause();
    start = performance.now();
  };
}

/** What is made of each item, with turns between. */
export async function inTurns<T, U>(items: Iterable<T>, make: (item: T, i: number) => U): Promise<U[]> {
  const pause = pauses();
  const made: U[] = [];
  for (const item of items) {
    await pause();
    made.push(make(item, made.length));
  }
  return made;
}
