import { Interrupted } from "../errors.ts";

/**
 * The items as they are, until Stop, which is heard also while the next item never comes.
 *
 * @throws {Interrupted} when `signal` is aborted
 */
export async function* untilStopped<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  let isWaiting = false;
  const next = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      stop = () => reject(new Interrupted());
      iterator.next().then(resolve, reject);
    });
  const onAbort = () => stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) throw new Interrupted();
      isWaiting = true;
      const step = await next();
      isWaiting = false;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    const end = iterator.return?.();
    // A source that waits for something that never comes does not end either.
    if (isWaiting) end?.catch(() => undefined);
    else await end;
  }
}
