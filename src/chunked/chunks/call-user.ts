import { setImmediate as turnOfLoop } from "node:timers/promises";
import { inspect } from "node:util";
import { Interrupted, UsageError } from "../../errors.ts";
import { formatCount } from "../../units.ts";
import type { ChunkInfo } from "../options.ts";

/**
 * Runs the user's function for a chunk. Its error keeps its class and stack, and says which chunk it was.
 *
 * In a turn of the loop that is its own: where Stop unwinds a function that spins, V8 forgets all that waits in the same turn, and nobody would go on with what was done before.
 */
export async function callUser<T>(call: () => T | PromiseLike<T>, info: ChunkInfo): Promise<T> {
  await turnOfLoop();
  try {
    return await call();
  } catch (failure) {
    const place = `chunk ${info.index + 1}, rows ${formatCount(info.firstRow + 1)} to ${formatCount(info.firstRow + info.rows)}`;
    if (failure instanceof Interrupted) throw failure;
    if (!(failure instanceof Error))
      throw new UsageError("E_CALLBACK", `${place}: the callback threw ${inspect(failure, { depth: 1 })}`, {
        cause: failure,
        hint: "throw an Error to see where it came from",
      });
    // A frozen error is passed on as it is.
    Reflect.set(failure, "message", `${failure.message} (in ${place})`);
    throw failure;
  }
}
