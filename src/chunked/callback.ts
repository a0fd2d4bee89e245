import { callUser } from "./chunks/call-user.ts";
import { createCombiner } from "./chunks/combine.ts";
import { inOrder } from "./chunks/in-order.ts";
import { Reading } from "./chunks/reading.ts";
import { type CallbackOptions, type ChunkCallback, concurrencyOf } from "./options.ts";
import { attachPartial, isStop, withRun } from "./run.ts";
import type { LocalSource } from "./source.ts";

/** Runs the callback on each chunk of the source in the order of its rows, and combines what it gives. */
export async function chunkedByCallback(
  source: LocalSource,
  callback: ChunkCallback,
  options: CallbackOptions,
): Promise<unknown> {
  const concurrency = concurrencyOf(options.concurrency);
  const combiner = createCombiner(options.merge);
  const reading = new Reading(source, options);
  try {
    const values = inOrder(
      reading.pieces(),
      concurrency,
      async ({ value, info }) => ({ value: await callUser(() => callback(value, info), info), info }),
      options.signal,
    );
    for await (const { value, info } of values) {
      combiner.add(value);
      reading.took(info);
    }
    const result = await combiner.finish();
    return withRun(result, reading.finish(true));
  } catch (failure) {
    // A part that cannot be merged does not take the place of the stop.
    const partial = isStop(failure) ? await combiner.finish().catch(() => undefined) : undefined;
    attachPartial(failure, partial, reading.finish(false));
    throw failure;
  } finally {
    combiner.release();
  }
}
