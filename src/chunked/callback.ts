import { Checkpoint } from "./checkpoint.ts";
import { callUser } from "./chunks/call-user.ts";
import { type Combiner, createCombiner } from "./chunks/combine.ts";
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
  const combiner = createCombiner(options.merge, options.checkpoint !== undefined);
  const kept =
    options.checkpoint === undefined ? undefined : await Checkpoint.open(options.checkpoint, source, callback, options);
  const reading = new Reading(source, options);
  const checkpoint = kept?.checkpoint;
  const save = async () => {
    if (reading.taken.chunks > 0) await checkpoint?.write({ ...reading.taken, state: combiner.save() });
  };
  try {
    if (kept?.saved) {
      combiner.restore(kept.saved.state);
      reading.resume(kept.saved);
    }
    const values = inOrder(
      reading.pieces(),
      concurrency,
      async ({ value, info }) => ({ value: await callUser(() => callback(value, info), info), info }),
      options.signal,
    );
    for await (const { value, info } of values) {
      combiner.add(value);
      reading.took(info);
      if (checkpoint?.isDue) await save();
    }
    const result = await combiner.finish();
    await checkpoint?.remove();
    return withRun(result, reading.finish(true));
  } catch (failure) {
    // Nothing may take the place of what ended the run.
    await save().catch((why: unknown) => reading.note(`the checkpoint was not written: ${String(why)}`));
    const partial = isStop(failure) ? await finished(combiner) : undefined;
    attachPartial(failure, partial, reading.finish(false));
    throw failure;
  } finally {
    combiner.release();
  }
}

/** A part that cannot be merged is none. */
async function finished(combiner: Combiner): Promise<unknown> {
  return combiner.finish().catch(() => undefined);
}
