import { inspect } from "node:util";
import type { SparkClient } from "../connect/client.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { freed } from "./at-once.ts";
import { inspectParts } from "./operator.ts";
import type { Transforming } from "./pipeline.ts";
import { canBeAPart, type Saved } from "./saved.ts";
import type { CrossValidatorOptions, TrainValidationSplitOptions, TuningOptions } from "./tuning.ts";
import { type LoadedTuning, loadTuning, type SavedTuning, saveTuning } from "./tuning-files.ts";
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

  [inspect.custom](depth: number, options: object): string {
    return inspectParts(this, depth, options);
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
    const saved = await loadTuning(spark, { ...options, path, operator: this.operator });
    const { avgMetrics = [], stdMetrics = [] } = saved.metadata as Partial<CrossValidatorModel>;
    const how = readFolds(saved.tuning, saved.params);
    const folders = Array.from({ length: how.numFolds ?? FOLDS.numFolds }, (_, fold) => `fold${fold}/`);
    const { subModels, ...found } = await loadModels(spark, saved, folders);
    return new CrossValidatorModel({ ...found, options: how, subModels, avgMetrics, stdMetrics });
  }

  protected override parts(): Readonly<Record<string, Saved>> {
    const folds = (this.subModels ?? []).map((models, fold) =>
      models.map((model, i) => [folderOf(i, `fold${fold}/`), model]),
    );
    return Object.fromEntries(folds.flat());
  }

  protected override saved(plan: SavePlan): SavedTuning {
    const { avgMetrics, stdMetrics } = this;
    return this.savedAs(CrossValidatorModel.operator, plan, { defaults: FOLDS, avgMetrics, stdMetrics });
  }
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
    const saved = await loadTuning(spark, { ...options, path, operator: this.operator });
    const { validationMetrics = [] } = saved.metadata as Partial<TrainValidationSplitModel>;
    const { subModels, ...found } = await loadModels(spark, saved, [""]);
    const how = readSplit(saved.tuning, saved.params);
    return new TrainValidationSplitModel({ ...found, options: how, subModels: subModels?.[0], validationMetrics });
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

/** The best model, and where they were kept those of the trials by the folder of each fold. */
async function loadModels(
  spark: SparkSession,
  { uid, tuning, metadata, part }: LoadedTuning,
  folders: readonly string[],
) {
  const bestModel = (await part("bestModel")) as Transforming;
  const isKept = (metadata as { readonly persistSubModels?: boolean }).persistSubModels;
  const subModels: Transforming[][] = [];
  for (const folder of isKept ? folders : []) {
    const models: Transforming[] = [];
    for (const i of tuning.estimatorParamMaps.keys()) models.push((await part(folderOf(i, folder))) as Transforming);
    subModels.push(models);
  }
  return { uid, client: clientOf(spark), bestModel, subModels: isKept ? subModels : undefined };
}

function folderOf(index: number, fold = ""): string {
  return `subModels/${fold}${index}`;
}

canBeAPart(CrossValidatorModel);
canBeAPart(TrainValidationSplitModel);
