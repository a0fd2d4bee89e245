/** Work on what a kernel holds, done some at a time. Between two steps other work may go on that leaves the kernel alone. */
export type Stepwise<T> = Generator<undefined, T, undefined>;

/** The same without a rest. */
export function whole<T>(work: Stepwise<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
