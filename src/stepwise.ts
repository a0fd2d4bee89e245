/** Work that is done some at a time. Between two steps other work may go on that leaves alone what this one works on. */
export type Stepwise<T> = Generator<undefined, T, undefined>;

/** All of it without a rest. */
export function whole<T>(work: Stepwise<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** All of it with a pause after each step. */
export async function stepping<T>(work: Stepwise<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await pause();
  }
}
