import type { SparkClient } from "../connect/client.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import type { Transforming } from "./pipeline.ts";
import { canBeAPart, type Saved } from "./saved.ts";
import { freed } from "./trials.ts";
import type { CrossValidatorOptions, TrainValidationSplitOptions, TuningOptions } from "./tuning.ts";
import { loadTuning, type SavedTuning, saveTuning } from "./tuning-files.ts";
import { FOLDS, modelParams, readFolds, readSplit, SPLIT } from "./tuning-params.ts";
import { MlWriter, type SavePlan } from "./writer.ts";

/** What a search found, and how it searched. */
interface Found<Options, Models> {
  readonly uid: string;
  readonly options: Options;
  readonly client: SparkClient;
  readonly bestModel: Transforming;
  readonly subModels: Models | undefined;
}

/** The best of the models that were tried, fitted on all rows. */
abstract class TunedModel<Options extends TuningOptions, Models> implements AsyncDisposable {
  readonly uid: string;
  /** How it was searched for. */
  readonly options: Options;
  readonly bestModel: Transforming;
  /** The models of every trial, where they were to be kept. */
  readonly subModels: Models | undefined;
  readonly #client: SparkClient;

  protected constructor({ uid, options, client, bestModel, subModels }: Found<Options, Models>) {
    this.uid = uid;
    this.options = options;
    this.bestModel = bestModel;
    this.subModels = subModels;
    this.#client = client;
  }

  transform(frame: SparkQuery): SparkDataFrame {
    return this.bestModel.transform(frame);
  }

  /** How to save it, said before it is done: `write().overwrite().save(path)`; `option("persistSubModels", false)` saves the best alone. */
  write(): MlWriter {
    return new MlWriter((plan) => saveTuning(plan.client ?? this.#client, this.saved(plan), plan));
  }

  /** Saves it in the server's file system as PySpark does, with the models that were kept. */
  save(path: string, options?: ActionOptions): Promise<void> {
    return this.write().save(path, options);
  }

  /** Frees the models on the server. */
  async delete(): Promise<void> {
    await Promise.all([this.bestModel, ...Object.values(this.parts())].map((model) => freed(model as Transforming)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }

  toString(): string {
    return this.uid;
  }

  /** The models of the trials by the folders that they are saved in. */
  protected abstract parts(): Readonly<Record<string, Saved>>;
  protected abstract saved(plan: SavePlan): SavedTuning;

  protected savedAs(
    operator: string,
    plan: SavePlan,
    { defaults, ...found }: { readonly defaults: Readonly<Record<string, unknown>>; readonly [name: string]: unknown },
  ): SavedTuning {
    const asked = Object.entries(plan.writerOptions).find(([key]) => key.toLowerCase() === "persistsubmodels")?.[1];
    const persistSubModels = this.subModels !== undefined && asked !== "false";
    const models = { bestModel: this.bestModel, ...(persistSubModels && this.parts()) };
    const { uid, options: tuning } = this;
    const params = { ...defaults, ...modelParams(tuning) };
    return { operator, uid, tuning, params, found: { ...found, persistSubModels }, models };
  }
}

type ByFold = readonly (readonly Transforming[])[];

/** What was best on average over the folds. */
export class CrossValidatorModel extends TunedModel<CrossValidatorOptions, ByFold> {
  static readonly operator = "tuning.CrossValidatorModel";
  /** The mean over the folds of the metric of each of the settings. */
  readonly avgMetrics: readonly number[];
  /** The deviation of these. */
  readonly stdMetrics: readonly number[];

  constructor({
    avgMetrics,
    stdMetrics,
    ...found
  }: Found<CrossValidatorOptions, ByFold> & Pick<CrossValidatorModel, "avgMetrics" | "stdMetrics">) {
    super(found);
    this.avgMetrics = avgMetrics;
    this.stdMetrics = stdMetrics;
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<CrossValidatorModel> {
    const { uid, tuning, params, metadata, part } = await loadTuning(spark, {
      ...options,
      path,
      operator: this.operator,
    });
    const { avgMetrics = [], stdMetrics = [], persistSubModels } = metadata as Partial<SavedCrossValidatorModel>;
    const how = readFolds(tuning, params);
    const bestModel = (await part("bestModel")) as Transforming;
    let subModels: Transforming[][] | undefined;
    if (persistSubModels) {
      subModels = Array.from({ length: how.numFolds ?? 3 }, () => []);
      for (const [fold, models] of subModels.entries())
        for (const i of how.estimatorParamMaps.keys()) models.push((await part(folderOf(i, fold))) as Transforming);
    }
    return new CrossValidatorModel({
      uid,
      options: how,
      client: clientOf(spark),
      bestModel,
      subModels,
      avgMetrics,
      stdMetrics,
    });
  }

  protected override parts(): Readonly<Record<string, Saved>> {
    const folds = (this.subModels ?? []).map((models, fold) => models.map((model, i) => [folderOf(i, fold), model]));
    return Object.fromEntries(folds.flat());
  }

  protected override saved(plan: SavePlan): SavedTuning {
    const { avgMetrics, stdMetrics } = this;
    return this.savedAs(CrossValidatorModel.operator, plan, { defaults: FOLDS, avgMetrics, stdMetrics });
  }
}

interface SavedCrossValidatorModel {
  readonly avgMetrics: readonly number[];
  readonly stdMetrics: readonly number[];
  readonly persistSubModels: boolean;
}

/** What was best on the rows that were kept back. */
export class TrainValidationSplitModel extends TunedModel<TrainValidationSplitOptions, readonly Transforming[]> {
  static readonly operator = "tuning.TrainValidationSplitModel";
  /** The metric of each of the settings. */
  readonly validationMetrics: readonly number[];

  constructor({
    validationMetrics,
    ...found
  }: Found<TrainValidationSplitOptions, readonly Transforming[]> &
    Pick<TrainValidationSplitModel, "validationMetrics">) {
    super(found);
    this.validationMetrics = validationMetrics;
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<TrainValidationSplitModel> {
    const { uid, tuning, params, metadata, part } = await loadTuning(spark, {
      ...options,
      path,
      operator: this.operator,
    });
    const { validationMetrics = [], persistSubModels } = metadata as Partial<SavedSplitModel>;
    const how = readSplit(tuning, params);
    const bestModel = (await part("bestModel")) as Transforming;
    let subModels: Transforming[] | undefined;
    if (persistSubModels) {
      subModels = [];
      for (const i of how.estimatorParamMaps.keys()) subModels.push((await part(folderOf(i))) as Transforming);
    }
    return new TrainValidationSplitModel({
      uid,
      options: how,
      client: clientOf(spark),
      bestModel,
      subModels,
      validationMetrics,
    });
  }

  protected override parts(): Readonly<Record<string, Saved>> {
    return Object.fromEntries((this.subModels ?? []).map((model, i) => [folderOf(i), model]));
  }

  protected override saved(plan: SavePlan): SavedTuning {
    return this.savedAs(TrainValidationSplitModel.operator, plan, {
      defaults: SPLIT,
      validationMetrics: this.validationMetrics,
    });
  }
}

interface SavedSplitModel {
  readonly validationMetrics: readonly number[];
  readonly persistSubModels: boolean;
}

function folderOf(index: number, fold?: number): string {
  return `subModels/${fold === undefined ? "" : `fold${fold}/`}${index}`;
}

canBeAPart(CrossValidatorModel);
canBeAPart(TrainValidationSplitModel);
