import { inspect } from "node:util";
import type { DataFrame } from "../../frame/frame.ts";
import { type KeptRun, type KeptWork, keptNothing } from "../kept-run.ts";
import { type ChunkInfo, type ChunksOptions, concurrencyOf } from "../options.ts";
import { attachPartial, type ChunkedRun, withRun } from "../run.ts";
import { callUser } from "./call-user.ts";
import { inOrder } from "./in-order.ts";
import { requirePlain } from "./plain-data.ts";
import type { Piece } from "./reading.ts";

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
  readonly run: KeptRun;
}

/** Begins a walk of this work. */
type Begin<T> = (work: KeptWork) => Promise<Walk<T>>;

type Call<T, U> = (value: T, info: ChunkInfo) => U | PromiseLike<U>;

/** @throws {UsageError} E_BAD_OPTION */
export function chunksOf(start: (work: KeptWork) => Promise<KeptRun>, options: ChunksOptions): Chunks {
  const limits = { limit: concurrencyOf(options.concurrency), signal: options.signal };
  const begin = async (work: KeptWork) => {
    const run = await start(work);
    return { run, items: run.reading.pieces() };
  };
  return chunksFrom(begin, limits);
}

interface Limits {
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

function chunksFrom<T>(begin: Begin<T>, limits: Limits): Chunks<T> {
  const chunks: Chunks<T> = {
    map: (call) => chunksFrom(mapped(begin, call, limits), limits),
    async reduce(call, start) {
      let [state, isAtWork] = [start, false];
      const step: Call<T, typeof state> = (value, info) => {
        isAtWork = true;
        return call(state, value, info);
      };
      // One at a time: each gets the state that the one before it left.
      const steps = mapped(begin, step, { ...limits, limit: 1 }, String(call));
      const take = (next: typeof state) => {
        [state, isAtWork] = [next, false];
      };
      const work: KeptWork = {
        code: "reduce",
        save: () => plain(state),
        restore: (saved) => take(saved as typeof state),
        isTorn: () => isAtWork && typeof state === "object" && state !== null,
      };
      return gathered(steps, work, take, () => state);
    },
    async forEach(call) {
      const steps = mapped(begin, call, limits);
      const { run } = await gathered(
        steps,
        keptNothing("forEach"),
        () => undefined,
        () => ({}),
      );
      return run;
    },
    async toArray() {
      const values: T[] = [];
      const work: KeptWork = {
        code: "toArray",
        save: () => plain(values),
        restore: (saved) => values.push(...(saved as T[])),
      };
      return gathered(
        begin,
        work,
        (value) => values.push(value),
        () => values,
      );
    },
    [Symbol.asyncIterator]: () => iterated(begin),
  };
  return Object.defineProperty(chunks, inspect.custom, {
    value: () => "chunks, read when somebody walks through them: for await (const chunk of chunks) …",
  });
}

/** @throws {UsageError} E_CHECKPOINT for what would come back from a file as something else */
function plain<T>(value: T): T {
  requirePlain(value);
  return value;
}

/** A chunk counts as taken when the next is asked for: before, the loop is still at work on it. */
async function* iterated<T>(begin: Begin<T>): AsyncGenerator<T, void, undefined> {
  const { run, items } = await begin(keptNothing("a loop"));
  try {
    for await (const { value, info } of items) {
      yield value;
      await run.took(info);
    }
    await run.finish();
  } catch (failure) {
    attachPartial(failure, undefined, await run.fail());
    throw failure;
  } finally {
    // Who leaves the loop ends the run.
    await run.leave().finally(() => run.reading.finish(false));
  }
}

/** The walk with what `call` gives in the place of each value. */
function mapped<T, U>(begin: Begin<T>, call: Call<T, U>, { limit, signal }: Limits, code = String(call)): Begin<U> {
  return async (work) => {
    const { run, items } = await begin({ ...work, code: `${code}\n${work.code}` });
    const step = async ({ value, info }: Piece<T>) => ({ value: await callUser(() => call(value, info), info), info });
    return { run, items: inOrder(items, limit, step, signal) };
  };
}

/** Walks to the end. The run hangs on what was gathered, which goes with the error of a stop. */
async function gathered<T, R>(
  begin: Begin<T>,
  work: KeptWork,
  take: (value: T) => unknown,
  result: () => R,
): Promise<R & { readonly run: ChunkedRun }> {
  const { run, items } = await begin(work);
  try {
    for await (const { value, info } of items) {
      take(value);
      await run.took(info);
    }
    return withRun(result(), await run.finish());
  } catch (failure) {
    attachPartial(failure, result(), await run.fail());
    throw failure;
  }
}
