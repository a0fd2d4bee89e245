/** A copy of what a kernel holds, made some at a time. Between two steps other work may go on that leaves the kernel alone. */
export type Copying<T> = Generator<undefined, T, undefined>;

/** The same without a rest. */
export function whole<T>(copying: Copying<T>): T {
  for (;;) {
    const step = copying.next();
    if (step.done) return step.value;
  }
}
