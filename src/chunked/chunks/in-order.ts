import { Interrupted } from "../../errors.ts";

interface Slot<U> {
  value: U | undefined;
  isDone: boolean;
}

/**
 * What `work` gives for each item, in the order of the items, with at most `limit` of them begun and not yet taken: who takes slowly
 * holds up the reading. The first failure ends it; so does Stop, also while `work` waits for something that never comes.
 */
export async function* inOrder<T, U>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<U>,
  signal: AbortSignal | undefined,
): AsyncGenerator<U, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const slots: Slot<U>[] = [];
  let failure: { readonly why: unknown } | undefined;
  let [isAsked, isLast] = [false, false];
  let wake = (): void => undefined;
  const fail = (why: unknown): void => {
    failure ??= { why };
    wake();
  };
  const ask = async (): Promise<void> => {
    isAsked = true;
    const next = await iterator.next();
    isAsked = false;
    if (next.done) isLast = true;
    else start(next.value);
    wake();
  };
  const start = (item: T): void => {
    const slot: Slot<U> = { value: undefined, isDone: false };
    slots.push(slot);
    work(item).then((value) => {
      [slot.value, slot.isDone] = [value, true];
      wake();
    }, fail);
  };
  // What is done in this turn of the loop still counts.
  const onAbort = (): void => void setImmediate(fail, new Interrupted());
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const first = slots[0];
      if (failure) throw failure.why;
      if (first?.isDone) {
        slots.shift();
        yield first.value as U;
      } else if (isLast && !first) return;
      else {
        if (!isAsked && !isLast && slots.length < limit) ask().catch(fail);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    const end = iterator.return?.();
    // What a stop found waiting for its source may wait for ever.
    if (isAsked && signal?.aborted) end?.catch(() => undefined);
    else await end;
  }
}
