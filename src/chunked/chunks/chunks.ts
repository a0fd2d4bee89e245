import { inspect } from "node:util";
import type { DataFrame } from "../../frame/frame.ts";
import { type ChunkInfo, type ChunksOptions, concurrencyOf } from "../options.ts";
import { attachPartial, type ChunkedRun, withRun } from "../run.ts";
import { callUser } from "./call-user.ts";
import { inOrder } from "./in-order.ts";
import type { Piece, Reading } from "./reading.ts";

/**
 * The chunks of a source, or what functions make of them, in the order of its rows. Nothing is read before somebody asks, and each
 * walk reads anew; one that is left in the middle ends the reading.
 *
 * @example
 * for await (const chunk of chunked("data.csv", { chunksize: 50_000 })) console.log(chunk.shape);
 * const tops = await chunked("data.csv").map((chunk) => chunk["amount"].max()).toArray();
 */
export interface Chunks<T = DataFrame> extends AsyncIterable<T> {
  /** What the function gives for each; as many run at a time as `concurrency` says. Lazy, as this is. */
  map<U>(call: (value: T, info: ChunkInfo) => U | PromiseLike<U>): Chunks<U>;
  /**
   * One value from all, from `start` on. After a stop the error's `partial` is the value so far.
   *
   * @throws {DataError | UsageError | Interrupted | MemoryLimitError}
   */
  reduce<S>(call: (state: S, value: T, info: ChunkInfo) => S | PromiseLike<S>, start: S): Promise<S>;
  /** Calls the function for each, as many at a time as `concurrency` says, and gives what the run took. */
  forEach(call: (value: T, info: ChunkInfo) => unknown): Promise<ChunkedRun>;
  /** All of them, for those that are small. After a stop the error's `partial` holds those before it. */
  toArray(): Promise<T[] & { readonly run: ChunkedRun }>;
}

/** One walk, which is begun by asking for its items. */
interface Walk<T> {
  readonly items: AsyncIterable<Piece<T>>;
  readonly reading: Reading;
}

type Call<T, U> = (value: T, info: ChunkInfo) => U | PromiseLike<U>;

/** @throws {UsageError} E_BAD_OPTION */
export function chunksOf(start: () => Promise<Reading>, options: ChunksOptions): Chunks {
  const limits = { limit: concurrencyOf(options.concurrency), signal: options.signal };
  const walk = async () => {
    const reading = await start();
    return { reading, items: reading.pieces() };
  };
  return chunksFrom(walk, limits);
}

interface Limits {
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

function chunksFrom<T>(walk: () => Promise<Walk<T>>, limits: Limits): Chunks<T> {
  const chunks: Chunks<T> = {
    map: (call) => chunksFrom(mapped(walk, call, limits), limits),
    async reduce(call, start) {
      let state = start;
      // One at a time: each gets the state that the one before it left.
      const steps = mapped(walk, (value, info) => call(state, value, info), { ...limits, limit: 1 });
      const take = (next: typeof state) => {
        state = next;
      };
      return gathered(steps, take, () => state);
    },
    forEach: async (call) =>
      (
        await gathered(
          mapped(walk, call, limits),
          () => undefined,
          () => ({}),
        )
      ).run,
    async toArray() {
      const values: T[] = [];
      return gathered(
        walk,
        (value) => values.push(value),
        () => values,
      );
    },
    [Symbol.asyncIterator]: () => iterated(walk),
  };
  return Object.defineProperty(chunks, inspect.custom, {
    value: () => "chunks, read when somebody walks through them: for await (const chunk of chunks) …",
  });
}

async function* iterated<T>(walk: () => Promise<Walk<T>>): AsyncGenerator<T, void, undefined> {
  const { reading, items } = await walk();
  try {
    for await (const { value, info } of items) {
      yield value;
      reading.took(info);
    }
    reading.finish(true);
  } catch (failure) {
    attachPartial(failure, undefined, reading.finish(false));
    throw failure;
  } finally {
    // Who leaves the loop ends the run.
    reading.finish(false);
  }
}

/** The walk with what `call` gives in the place of each value. */
function mapped<T, U>(walk: () => Promise<Walk<T>>, call: Call<T, U>, { limit, signal }: Limits) {
  return async (): Promise<Walk<U>> => {
    const { reading, items } = await walk();
    const work = async ({ value, info }: Piece<T>) => ({ value: await callUser(() => call(value, info), info), info });
    return { reading, items: inOrder(items, limit, work, signal) };
  };
}

/** Walks to the end. The run hangs on what was gathered, which goes with the error of a stop. */
async function gathered<T, R>(
  walk: () => Promise<Walk<T>>,
  take: (value: T, info: ChunkInfo) => unknown,
  result: () => R,
): Promise<R & { readonly run: ChunkedRun }> {
  const { reading, items } = await walk();
  try {
    for await (const { value, info } of items) {
      await take(value, info);
      reading.took(info);
    }
    return withRun(result(), reading.finish(true));
  } catch (failure) {
    attachPartial(failure, result(), reading.finish(false));
    throw failure;
  }
}
