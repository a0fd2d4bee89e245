import type { ActionOptions } from "../query.ts";
import type { Fold } from "./folds.ts";
import { type ParamMap, withSettings } from "./param-grid.ts";
import type { Transforming } from "./pipeline.ts";
import type { TuningOptions } from "./tuning.ts";

/** What became of one of the settings. */
export interface Trial {
  readonly metric: number;
  /** Kept where models are to be kept, and freed on the server otherwise. */
  readonly model: Transforming | undefined;
}

/** Fits and measures every setting on one fold, so many at once as is wanted; the first failure ends the others. */
export async function tryAll(
  { estimatorParamMaps, parallelism = 1, ...tuning }: TuningOptions,
  { train, validation }: Fold,
  options: ActionOptions,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const maps = estimatorParamMaps.entries();
  const work = async (): Promise<void> => {
    for (const [i, map] of maps) trials[i] = await tryOne(tuning, map, { train, validation }, { ...options, signal });
  };
  try {
    await Promise.all([train.persist(), validation.persist()]);
    const workers = Array.from({ length: parallelism }, work);
    await Promise.all(workers).catch(async (error: unknown) => {
      failed.abort();
      await Promise.allSettled(workers);
      await Promise.all(trials.map(({ model }) => freed(model)));
      throw error;
    });
    return trials;
  } finally {
    await Promise.allSettled([train.unpersist(), validation.unpersist()]);
  }
}

async function tryOne(
  { estimator, evaluator, collectSubModels }: Omit<TuningOptions, "estimatorParamMaps">,
  map: ParamMap,
  { train, validation }: Fold,
  options: ActionOptions,
): Promise<Trial> {
  const model = await withSettings(estimator, map).fit(train, options);
  let isKept = false;
  try {
    const metric = await evaluator.evaluate(model.transform(validation), options);
    isKept = collectSubModels ?? false;
    return { metric, model: isKept ? model : undefined };
  } finally {
    if (!isKept) await freed(model);
  }
}

/** Frees a model on the server, if it is one that can be. */
export async function freed(model: Transforming | undefined): Promise<void> {
  try {
    await (model as Partial<AsyncDisposable> | undefined)?.[Symbol.asyncDispose]?.();
  } catch {
    // A session that is gone has taken its models with it.
  }
}
