import { inspect } from "node:util";
import { UsageError } from "../../errors.ts";
import { nameText, numberBetween, seedOf, wholeNumber } from "../check.ts";
import type { SparkClient } from "../connect/client.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions } from "../query.ts";
import type { SparkSession } from "../session.ts";
import { freed, reported } from "./at-once.ts";
import type { Evaluator } from "./evaluator.ts";
import { type Fold, namedFolds, randomFolds, trainFold } from "./folds.ts";
import { exportedName, inspectParts, newUid } from "./operator.ts";
import type { Params } from "./param.ts";
import { type ParamMap, withSettings } from "./param-grid.ts";
import type { Fitting, Transforming } from "./pipeline.ts";
import { canBeAPart } from "./saved.ts";
import { type Trial, tryAll } from "./trials.ts";
import { CrossValidatorModel, TrainValidationSplitModel } from "./tuned.ts";
import { loadTuning, saveTuning } from "./tuning-files.ts";
import { FOLDS, readFolds, readSplit, SPLIT, savedParams } from "./tuning-params.ts";
import { MlWriter, savingClient } from "./writer.ts";

/** What is tried, and how it is measured. */
export interface TuningOptions {
  /** What is fitted with each of the settings: an estimator or a pipeline. */
  readonly estimator: Fitting;
  /** The settings to choose from, as `ParamGridBuilder` makes them. */
  readonly estimatorParamMaps: readonly ParamMap[];
  readonly evaluator: Evaluator<Params>;
  /** Of the random draw of the rows; the same seed draws the same rows as in PySpark. */
  readonly seed?: number | bigint | undefined;
  /** Models that are fitted at once; default 1. */
  readonly parallelism?: number | undefined;
  /** Whether the models of every trial are kept; default false. */
  readonly collectSubModels?: boolean | undefined;
}

export interface CrossValidatorOptions extends TuningOptions {
  /** Default 3. */
  readonly numFolds?: number | undefined;
  /** A column that names the fold of each row, from 0 on, instead of a random draw. */
  readonly foldCol?: string | undefined;
}

export interface TrainValidationSplitOptions extends TuningOptions {
  /** The share of the rows to learn from; default 0.75. */
  readonly trainRatio?: number | undefined;
}

/** What a search has found: its metrics by fold and setting, and the models of these where they are kept. */
interface Outcome {
  readonly client: SparkClient;
  readonly bestModel: Transforming;
  readonly metrics: readonly (readonly number[])[];
  readonly models: readonly (readonly Transforming[])[] | undefined;
}

/** A search for the best settings, which is saved as PySpark does. */
abstract class Search<Options extends TuningOptions, Found> {
  readonly uid: string;
  readonly options: Options;

  protected constructor(options: Options, uid: string) {
    this.options = checked(options);
    this.uid = uid;
  }

  /** Fits and measures. Every fold's rows are kept on the server while models are fitted on them. */
  async fit(frame: SparkDataFrame, options: ActionOptions = {}): Promise<Found> {
    const trials: Trial[][] = [];
    try {
      const folds = await this.folds(frame);
      for (const [i, fold] of folds.entries()) {
        const place = folds.length > 1 ? `fold ${i + 1} of ${folds.length}` : undefined;
        trials.push(await tryAll(this.options, fold, reported(options, place)));
      }
      const metrics = trials.map((fold) => fold.map(({ metric }) => metric));
      const bestModel = await fitBest(this.options, meansOf(metrics), frame, options);
      const models = trials.map((fold) => fold.map(({ model }) => model as Transforming));
      const kept = this.options.collectSubModels ? models : undefined;
      return this.found({ client: planOf(frame).client, bestModel, metrics, models: kept });
    } catch (error) {
      await Promise.all(trials.flat().map(({ model }) => freed(model)));
      throw error;
    }
  }

  /** How to save it, said before it is done: `write().overwrite().save(path)`. */
  write(): MlWriter {
    const { operator } = this.constructor as unknown as { readonly operator: string };
    const { uid, options: tuning } = this;
    const saved = { operator, uid, tuning, params: { ...this.defaults, ...savedParams(tuning) } };
    return new MlWriter((plan) => saveTuning(savingClient(exportedName(this), plan), saved, plan));
  }

  save(path: string, options?: ActionOptions): Promise<void> {
    return this.write().save(path, options);
  }

  toString(): string {
    return this.uid;
  }

  [inspect.custom](depth: number, options: object): string {
    return inspectParts(this, depth, options);
  }

  /** What PySpark expects to be said. */
  protected abstract readonly defaults: Readonly<Record<string, unknown>>;
  protected abstract folds(frame: SparkDataFrame): Promise<readonly Fold[]> | readonly Fold[];
  protected abstract found(outcome: Outcome): Found;
}

/**
 * Finds the best settings: each is fitted once for every fold, on the rows outside of the fold, and measured by those within. The best on
 * average is fitted on all rows.
 *
 * @example
 * const grid = new ParamGridBuilder().addGrid(forest, "maxDepth", [3, 5]).build();
 * const validator = new CrossValidator({ estimator: forest, estimatorParamMaps: grid, evaluator, numFolds: 3, seed: 42 });
 * const { bestModel, avgMetrics } = await validator.fit(train);
 */
export class CrossValidator extends Search<CrossValidatorOptions, CrossValidatorModel> {
  static readonly operator = "tuning.CrossValidator";
  protected override readonly defaults = FOLDS;

  constructor(options: CrossValidatorOptions, uid = newUid("CrossValidator")) {
    super(options, uid);
    wholeNumber(options.numFolds ?? FOLDS.numFolds, "numFolds", 2);
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<CrossValidator> {
    const { uid, tuning, params } = await loadTuning(spark, { ...options, path, operator: this.operator });
    return new CrossValidator(readFolds(tuning, params), uid);
  }

  protected override folds(frame: SparkDataFrame): Promise<readonly Fold[]> | readonly Fold[] {
    const { foldCol, seed, numFolds = FOLDS.numFolds } = this.options;
    if (foldCol) return namedFolds(frame, numFolds, nameText(foldCol, "foldCol"));
    return randomFolds(frame, numFolds, { seed: seedOf(seed), column: `${this.uid}_rand` });
  }

  protected override found({ metrics, models: subModels, ...outcome }: Outcome): CrossValidatorModel {
    const { uid, options } = this;
    const avgMetrics = meansOf(metrics);
    const squares = metrics.map((fold) => fold.map((metric, i) => (metric - (avgMetrics[i] as number)) ** 2));
    return new CrossValidatorModel({
      uid,
      options,
      ...outcome,
      avgMetrics,
      stdMetrics: meansOf(squares).map(Math.sqrt),
      subModels,
    });
  }
}

/** Finds the best settings by one random split: each is fitted on a share of the rows and measured by the rest; the best is fitted on all rows. */
export class TrainValidationSplit extends Search<TrainValidationSplitOptions, TrainValidationSplitModel> {
  static readonly operator = "tuning.TrainValidationSplit";
  protected override readonly defaults = SPLIT;

  constructor(options: TrainValidationSplitOptions, uid = newUid("TrainValidationSplit")) {
    super(options, uid);
    numberBetween(options.trainRatio ?? SPLIT.trainRatio, "trainRatio", 0, 1);
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<TrainValidationSplit> {
    const { uid, tuning, params } = await loadTuning(spark, { ...options, path, operator: this.operator });
    return new TrainValidationSplit(readSplit(tuning, params), uid);
  }

  protected override folds(frame: SparkDataFrame): readonly Fold[] {
    const { trainRatio = SPLIT.trainRatio, seed } = this.options;
    return [trainFold(frame, trainRatio, { seed: seedOf(seed), column: `${this.uid}_rand` })];
  }

  protected override found({ metrics, models, ...outcome }: Outcome): TrainValidationSplitModel {
    const { uid, options } = this;
    const validationMetrics = metrics[0] ?? [];
    return new TrainValidationSplitModel({ uid, options, ...outcome, validationMetrics, subModels: models?.[0] });
  }
}

/** What is wrong with the settings is told before the first fit. */
function checked<T extends TuningOptions>(options: T): T {
  const { estimator, estimatorParamMaps, parallelism = 1 } = options;
  if (estimatorParamMaps.length === 0)
    throw new UsageError("E_ML_PARAM", "there are no settings to try", {
      hint: 'make them by new ParamGridBuilder().addGrid(forest, "maxDepth", [3, 5]).build()',
    });
  wholeNumber(parallelism, "parallelism", 1);
  for (const map of estimatorParamMaps) withSettings(estimator, map);
  return Object.freeze({ ...options });
}

/** The first of the best, fitted on all rows. */
function fitBest(
  { estimator, estimatorParamMaps, evaluator }: TuningOptions,
  metrics: readonly number[],
  frame: SparkDataFrame,
  options: ActionOptions,
): Promise<Transforming> {
  // A metric that is no number is the best to both, as it is to numpy.
  const best = evaluator.isLargerBetter ? Math.max(...metrics) : Math.min(...metrics);
  const index = metrics.findIndex((metric) => metric === best || Number.isNaN(metric));
  return withSettings(estimator, estimatorParamMaps[index] as ParamMap).fit(frame, reported(options, "best settings"));
}

/** The mean of each of the settings over the folds. */
function meansOf(folds: readonly (readonly number[])[]): number[] {
  return (folds[0] ?? []).map((_, i) => folds.reduce((sum, fold) => sum + (fold[i] as number), 0) / folds.length);
}

canBeAPart(CrossValidator);
canBeAPart(TrainValidationSplit);
