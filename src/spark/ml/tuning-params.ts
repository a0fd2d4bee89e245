import type { CrossValidatorOptions, TrainValidationSplitOptions, TuningOptions } from "./tuning.ts";

/** What PySpark expects to be said, also where it is the default. */
export const FOLDS = { numFolds: 3 };
export const SPLIT = { trainRatio: 0.75 };

type Search = Pick<TuningOptions, "estimator" | "evaluator" | "estimatorParamMaps">;
type Params = Readonly<Record<string, unknown>>;

/** What is written of how to search, beside the estimator, the evaluator and the settings. */
export function savedParams(options: TuningOptions & CrossValidatorOptions & TrainValidationSplitOptions): Params {
  const { estimator: _, evaluator: __, estimatorParamMaps: ___, ...params } = options;
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

/** The same of a model, which in PySpark has no parameters of the work that is over. */
export function modelParams(options: TuningOptions): Params {
  const { parallelism: _, collectSubModels: __, ...params } = savedParams(options);
  return params;
}

export function readFolds(search: Search, { numFolds, foldCol, ...common }: Params): CrossValidatorOptions {
  return {
    ...search,
    ...readCommon(common),
    numFolds: numFolds as number | undefined,
    foldCol: (foldCol as string | undefined) || undefined,
  };
}

export function readSplit(search: Search, { trainRatio, ...common }: Params): TrainValidationSplitOptions {
  return { ...search, ...readCommon(common), trainRatio: trainRatio as number | undefined };
}

/** A PySpark that was told no seed has one all the same, which it draws from its own name. */
function readCommon({ seed, parallelism, collectSubModels }: Params): Partial<TuningOptions> {
  return {
    seed: seed as number | bigint | undefined,
    parallelism: parallelism as number | undefined,
    collectSubModels: collectSubModels as boolean | undefined,
  };
}
