import type { ActionOptions } from "../query.ts";
import { atOnce, freed } from "./at-once.ts";
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
  const how = { parallelism, signal: options.signal, free: ({ model }: Trial) => freed(model) };
  try {
    await Promise.all([train.persist(), validation.persist()]);
    return await atOnce(estimatorParamMaps, how, (map, signal) =>
      tryOne(tuning, map, { train, validation }, { ...options, signal }),
    );
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
