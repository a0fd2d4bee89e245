import { callUser } from "./chunks/call-user.ts";
import { type Combiner, createCombiner } from "./chunks/combine.ts";
import { inOrder } from "./chunks/in-order.ts";
import { KeptRun, type KeptWork } from "./kept-run.ts";
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
  const combiner = createCombiner(options.merge, options.checkpoint !== undefined);
  const work: KeptWork = {
    code: String(callback),
    save: () => combiner.save(),
    restore: (saved) => combiner.restore(saved),
  };
  const run = await KeptRun.begin(source, work, options);
  try {
    const values = inOrder(
      run.reading.pieces(),
      concurrency,
      async ({ value, info }) => ({ value: await callUser(() => callback(value, info), info), info }),
      options.signal,
    );
    for await (const { value, info } of values) {
      combiner.add(value);
      await run.took(info);
    }
    const result = await combiner.finish();
    return withRun(result, await run.finish());
  } catch (failure) {
    const facts = await run.fail();
    const partial = isStop(failure) ? await finished(combiner) : undefined;
    attachPartial(failure, partial, facts);
    throw failure;
  } finally {
    combiner.release();
  }
}

/** A part that cannot be merged is none. */
async function finished(combiner: Combiner): Promise<unknown> {
  return combiner.finish().catch(() => undefined);
}
