import { inspect } from "node:util";
import { DataError, UsageError } from "../../errors.ts";
import { type Column, col, lit } from "../column.ts";
import type { SparkClient } from "../connect/client.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import { max } from "../functions/aggregate.ts";
import { array, array_append, array_max, array_position, get } from "../functions/array.ts";
import { nanvl, when } from "../functions/conditional.ts";
import { transform } from "../functions/higher-order.ts";
import { array_to_vector, vector_to_array } from "../functions/vector.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { atOnce, freed, reported } from "./at-once.ts";
import { loadOneVsRest, saveOneVsRest } from "./one-vs-rest-files.ts";
import { classOf, exportedName, newUid, Operator } from "./operator.ts";
import { int, name, nameOrNone, type ParamValues } from "./param.ts";
import type { Fitting, Transforming } from "./pipeline.ts";
import { canBeAPart } from "./saved.ts";
import { PREDICTOR } from "./shared-params.ts";
import { type SavePlan, savingClient } from "./writer.ts";

const SCORED = {
  ...PREDICTOR,
  /** One score a class: that of its model. */
  rawPredictionCol: name("rawPrediction"),
  weightCol: nameOrNone(),
};
const FITTED = {
  ...SCORED,
  /** Models that are fitted at once. */
  parallelism: int({ from: 1 }, 1),
};

type ColumnNames = { readonly [Name in keyof typeof SCORED]?: string };

/** A model of two classes that scores them. */
export interface ScoringModel extends Transforming {
  copy(params: ColumnNames): ScoringModel;
}

/** What learns such a model: any classifier. */
export interface Classifier<M extends ScoringModel = ScoringModel> extends Fitting {
  copy(params: ColumnNames): Classifier<M>;
  fit(frame: SparkQuery, options?: ActionOptions): Promise<M>;
}

interface Parts<M extends ScoringModel> {
  readonly classifier: Classifier<M>;
  readonly models: readonly M[];
  readonly client: SparkClient;
}

type LoadedParts = Omit<Parts<ScoringModel>, "client">;

/** One model for each class, which tells it from all others; the one with the highest score names the class. */
export class OneVsRestModel<M extends ScoringModel = ScoringModel>
  extends Operator<typeof SCORED>
  implements AsyncDisposable
{
  static readonly operator = "classification.OneVsRestModel";
  static readonly takes = SCORED;
  readonly classifier: Classifier<M>;
  /** Of the classes from 0 on, in their order. */
  readonly models: readonly M[];
  readonly #client: SparkClient;

  constructor({ classifier, models, client, ...params }: ParamValues<typeof SCORED> & Parts<M>, uid?: string) {
    super(params, uid);
    this.classifier = classifier;
    this.models = Object.freeze([...models]);
    this.#client = client;
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<OneVsRestModel> {
    const { uid, params, ...parts } = await loadOneVsRest(spark, { ...options, path, its: this });
    return new OneVsRestModel({ ...params, ...(parts as LoadedParts), client: clientOf(spark) }, uid);
  }

  get numClasses(): number {
    return this.models.length;
  }

  /** The frame with the scores and the class: a query, which runs when it is collected. */
  transform(frame: SparkQuery): SparkDataFrame {
    const { featuresCol = "features", predictionCol = "prediction", rawPredictionCol = "rawPrediction" } = this.params;
    const [scores, probabilities] = [`${this.uid}_scores`, `${this.uid}_probabilities`];
    // Frames are of one class; the first input is only read as a query.
    let scored = (frame as SparkDataFrame).withColumn(scores, array().cast("array<double>"));
    for (const model of this.models) {
      const own = "probabilityCol" in classOf(model).takes ? { probabilityCol: probabilities } : {};
      const columns = { featuresCol, predictionCol, rawPredictionCol, ...own };
      scored = model
        .copy(columns)
        .transform(scored)
        .withColumn(scores, array_append(scores, get(vector_to_array(rawPredictionCol), 1)))
        .drop(predictionCol, rawPredictionCol, probabilities);
    }
    return scored
      .withColumn(rawPredictionCol, array_to_vector(scores))
      .withColumn(predictionCol, placeOfHighest(scores))
      .drop(scores);
  }

  /** The same models with other columns. */
  copy(params: ParamValues<typeof SCORED>): OneVsRestModel<M> {
    const { classifier, models, uid } = this;
    return new OneVsRestModel({ ...this.params, ...params, classifier, models, client: this.#client }, uid);
  }

  /** Frees the models on the server. */
  async delete(): Promise<void> {
    await Promise.all(this.models.map((model: ScoringModel & { delete?: () => Promise<void> }) => model.delete?.()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }

  override [inspect.custom](depth: number, options: object): string {
    const { params, models } = this;
    return `${exportedName(this)} ${inspect({ ...params, models }, { ...options, depth })}`;
  }

  protected override saveAs(plan: SavePlan): Promise<void> {
    return saveOneVsRest(plan.client ?? this.#client, this, plan);
  }
}

/**
 * Many classes by a classifier of two: one copy of it is fitted for each class, which tells it from all others. The labels are 0, 1, 2…
 *
 * @example
 * const model = await new OneVsRest({ classifier: new LinearSVC({ regParam: 0.01 }), parallelism: 2 }).fit(train);
 */
export class OneVsRest<M extends ScoringModel = ScoringModel> extends Operator<typeof FITTED> {
  static readonly operator = "classification.OneVsRest";
  static readonly takes = FITTED;
  readonly classifier: Classifier<M>;

  constructor(
    { classifier, ...params }: ParamValues<typeof FITTED> & { readonly classifier: Classifier<M> },
    uid = newUid("OneVsRest"),
  ) {
    super(params, uid);
    this.classifier = checked(classifier, this.params.weightCol);
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<OneVsRest> {
    const { uid, params, ...parts } = await loadOneVsRest(spark, { ...options, path, its: this });
    return new OneVsRest({ ...params, classifier: (parts as LoadedParts).classifier }, uid);
  }

  /**
   * Fits a model for each class. The rows are kept on the server meanwhile, unless the frame already is.
   *
   * @throws {DataError} E_ML_LABELS where no row has a label, or one has no whole number
   */
  async fit(frame: SparkQuery, options: ActionOptions = {}): Promise<OneVsRestModel<M>> {
    const { parallelism = 1, ...params } = this.params;
    const { labelCol = "label", featuresCol = "features", weightCol } = params;
    const { classifier, uid } = this;
    // Frames are of one class; the first input is only read as a query.
    const given = frame as SparkDataFrame;
    const classes = Array.from({ length: await this.#countClasses(given, options) }, (_, i) => i);
    const rows = given.select(labelCol, featuresCol, ...(weightCol ? [weightCol] : []));
    const { useMemory, useDisk } = await given.storageLevel();
    const isKept = useMemory || useDisk;
    const how = { parallelism, signal: options.signal, free: (model: M) => freed(model) };
    try {
      if (!isKept) await rows.persist();
      const models = await atOnce(classes, how, (label, signal) => {
        const place = `class ${label + 1} of ${classes.length}`;
        return this.#fitOne(rows, label, reported({ ...options, signal }, place));
      });
      return new OneVsRestModel({ ...params, classifier, models, client: planOf(frame).client }, uid);
    } finally {
      if (!isKept) await rows.unpersist().then(undefined, () => undefined);
    }
  }

  /** The same with other parameters, or another classifier. */
  copy(params: ParamValues<typeof FITTED> & { readonly classifier?: Classifier<M> }): OneVsRest<M> {
    return new OneVsRest({ classifier: this.classifier, ...this.params, ...params }, this.uid);
  }

  override [inspect.custom](depth: number, options: object): string {
    const { params, classifier } = this;
    return `${exportedName(this)} ${inspect({ ...params, classifier }, { ...options, depth })}`;
  }

  protected override saveAs(plan: SavePlan): Promise<void> {
    return saveOneVsRest(savingClient(exportedName(this), plan), this, plan);
  }

  async #countClasses(frame: SparkDataFrame, options: ActionOptions): Promise<number> {
    const { labelCol = "label" } = this.params;
    const label = col(labelCol).cast("double");
    const row = await frame
      .agg(max(label).alias("highest"), max(label.mod(1).neq(0)).alias("isBroken"))
      .first<{ highest: number | null; isBroken: boolean | null }>(options);
    const highest = row?.highest ?? -1;
    if (!row?.isBroken && highest >= 0) return highest + 1;
    const what = row?.isBroken ? "holds labels that are no whole numbers" : "holds no class";
    throw new DataError("E_ML_LABELS", `"${labelCol}" ${what}`, {
      hint: "the labels are 0, 1, 2…, in rows of which there is at least one; a StringIndexer makes them of any values",
    });
  }

  /** PySpark's copies, too, have the columns of the whole. */
  #fitOne(rows: SparkDataFrame, label: number, options: ActionOptions): Promise<M> {
    const { featuresCol = "features", labelCol = "label", predictionCol = "prediction", weightCol } = this.params;
    const isIt = `mc2b$${label}`;
    const isLabel = when(col(labelCol).eq(label), lit(1).cast("double")).otherwise(lit(0).cast("double"));
    const columns = { labelCol: isIt, featuresCol, predictionCol, ...(weightCol && { weightCol }) };
    return this.classifier.copy(columns).fit(rows.withColumn(isIt, isLabel), options);
  }
}

/** The first of the highest; a score that is no number is the lowest. */
function placeOfHighest(scores: string): Column {
  const known = transform(scores, (score) => nanvl(score, lit(-Infinity)));
  return array_position(known, array_max(known)).minus(1).cast("double");
}

function checked<C extends Fitting>(classifier: C, weightCol: string | undefined): C {
  const takes = (classifier && classOf(classifier).takes) ?? {};
  if (!("rawPredictionCol" in takes && "fit" in classifier))
    throw new UsageError("E_ML_PARAM", "OneVsRest needs classifier", {
      hint: "classifier takes an estimator of classes, such as new LogisticRegression({ regParam: 0.01 })",
    });
  if (weightCol && !("weightCol" in takes))
    throw new UsageError("E_ML_PARAM", `${exportedName(classifier)} takes no weights`, {
      hint: "leave weightCol out, or take a classifier that has it",
    });
  return classifier;
}

canBeAPart(OneVsRest);
canBeAPart(OneVsRestModel);
