import type { ActionOptions } from "../query.ts";
import type { Transforming } from "./pipeline.ts";

export interface AtOnce<Made> {
  /** Works that are done at once. */
  readonly parallelism: number;
  readonly signal: AbortSignal | undefined;
  /** What a result holds on the server, where it is of no use any more. */
  free(made: Made): Promise<void>;
}

/** One result for each, in their order; the first failure ends the other works, and what they made is freed. */
export async function atOnce<One, Made>(
  all: readonly One[],
  { parallelism, signal, free }: AtOnce<Made>,
  make: (one: One, signal: AbortSignal) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  const failed = new AbortController();
  const ends = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const rest = all.entries();
  const work = async (): Promise<void> => {
    for (const [i, one] of rest) made[i] = await make(one, ends);
  };
  const workers = Array.from({ length: Math.min(parallelism, all.length) }, work);
  await Promise.all(workers).catch(async (error: unknown) => {
    failed.abort();
    await Promise.allSettled(workers);
    await Promise.all(Object.values(made).map(free));
    throw error;
  });
  return made;
}

/** Frees a model on the server, if it is one that can be. */
export async function freed(model: Transforming | undefined): Promise<void> {
  try {
    await (model as Partial<AsyncDisposable> | undefined)?.[Symbol.asyncDispose]?.();
  } catch {
    // A session that is gone has taken its models with it.
  }
}

/** Options that say in the progress at what a work is. */
export function reported({ onProgress, ...options }: ActionOptions, place: string | undefined): ActionOptions {
  if (!onProgress || !place) return { onProgress, ...options };
  return { ...options, onProgress: (event) => onProgress({ ...event, operation: `${event.operation}, ${place}` }) };
}
