import { EngineError, UsageError } from "../../errors.ts";
import type { RelationInit, SparkClient } from "../connect/client.ts";
import { SparkDataFrame } from "../dataframe.ts";
import { fetchAttribute, remakeSummary } from "./commands.ts";
import { keepFor, type ModelRef } from "./model-ref.ts";
import { doubleLiteral } from "./values.ts";

/**
 * How a fit went. The server keeps it with the model that was fitted, not with one that was loaded. One that it lost, as it moved the
 * model to its disk, is made again from the rows as they are then.
 */
abstract class TrainingSummary {
  readonly #model: ModelRef;

  constructor(model: ModelRef) {
    this.#model = model;
    if (!model.trainedOn)
      throw new UsageError("E_ML_NO_SUMMARY", "a model that was loaded has no summary of its fit", {
        hint: "fit it again, or measure its predictions with an evaluator",
      });
  }

  /** What the algorithm made smaller, before the first step and after each. */
  get objectiveHistory(): Promise<number[]> {
    return this.value("objectiveHistory");
  }

  get totalIterations(): Promise<number> {
    return this.value("totalIterations");
  }

  /** The rows of the fit with their predictions. */
  get predictions(): SparkDataFrame {
    return this.frame("predictions");
  }

  protected value<T>(name: string, ...args: readonly number[]): Promise<T> {
    const { client, id, trainedOn } = this.#model;
    const ask = () => fetchAttribute(client, id, ["summary", name], args.map(doubleLiteral)) as Promise<T>;
    return ask().catch(async (error: unknown) => {
      if (!isLost(error) || !trainedOn) throw error;
      await remade(client, id, trainedOn);
      return ask();
    });
  }

  protected frame(name: string): SparkDataFrame {
    const { client, id, trainedOn } = this.#model;
    const fetch = { objRef: { id }, methods: [{ method: "summary" }, { method: name }] };
    keepFor(fetch, this.#model);
    const value = {
      mlType: { case: "fetch" as const, value: fetch },
      ...(trainedOn && { modelSummaryDataset: trainedOn }),
    };
    return new SparkDataFrame(client, { relType: { case: "mlRelation", value } });
  }
}

async function remade(client: SparkClient, id: string, trainedOn: RelationInit): Promise<void> {
  try {
    await remakeSummary(client, id, trainedOn);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(
      "E_ML_NO_SUMMARY",
      `the server lost this summary, and the rows of the fit: ${error.message}`,
      {
        cause: error,
        hint: "fit it again, or measure its predictions with an evaluator",
      },
    );
  }
}

function isLost(error: unknown): boolean {
  return error instanceof EngineError && error.code === "E_SPARK_CONNECT_ML_MODEL_SUMMARY_LOST";
}

/** How well classes are told on the rows of the fit; what is of one threshold is of two classes alone. */
export class ClassificationTrainingSummary extends TrainingSummary {
  get accuracy(): Promise<number> {
    return this.value("accuracy");
  }

  /** The classes, in the order of the lists below. */
  get labels(): Promise<number[]> {
    return this.value("labels");
  }

  get truePositiveRateByLabel(): Promise<number[]> {
    return this.value("truePositiveRateByLabel");
  }

  get falsePositiveRateByLabel(): Promise<number[]> {
    return this.value("falsePositiveRateByLabel");
  }

  get precisionByLabel(): Promise<number[]> {
    return this.value("precisionByLabel");
  }

  get recallByLabel(): Promise<number[]> {
    return this.value("recallByLabel");
  }

  fMeasureByLabel(beta = 1): Promise<number[]> {
    return this.value("fMeasureByLabel", beta);
  }

  get weightedTruePositiveRate(): Promise<number> {
    return this.value("weightedTruePositiveRate");
  }

  get weightedFalsePositiveRate(): Promise<number> {
    return this.value("weightedFalsePositiveRate");
  }

  get weightedPrecision(): Promise<number> {
    return this.value("weightedPrecision");
  }

  get weightedRecall(): Promise<number> {
    return this.value("weightedRecall");
  }

  weightedFMeasure(beta = 1): Promise<number> {
    return this.value("weightedFMeasure", beta);
  }

  get areaUnderROC(): Promise<number> {
    return this.value("areaUnderROC");
  }

  /** The curve of ROC: FPR and TPR. */
  get roc(): SparkDataFrame {
    return this.frame("roc");
  }

  /** Precision by recall. */
  get pr(): SparkDataFrame {
    return this.frame("pr");
  }

  /** The F-measure with beta 1 by threshold. */
  get fMeasureByThreshold(): SparkDataFrame {
    return this.frame("fMeasureByThreshold");
  }

  /** Precision by threshold. */
  get precisionByThreshold(): SparkDataFrame {
    return this.frame("precisionByThreshold");
  }

  /** Recall by threshold. */
  get recallByThreshold(): SparkDataFrame {
    return this.frame("recallByThreshold");
  }
}

/** How well a line fits the rows that it was fitted on. */
export class LinearRegressionTrainingSummary extends TrainingSummary {
  get explainedVariance(): Promise<number> {
    return this.value("explainedVariance");
  }

  get meanAbsoluteError(): Promise<number> {
    return this.value("meanAbsoluteError");
  }

  get meanSquaredError(): Promise<number> {
    return this.value("meanSquaredError");
  }

  get rootMeanSquaredError(): Promise<number> {
    return this.value("rootMeanSquaredError");
  }

  get r2(): Promise<number> {
    return this.value("r2");
  }

  get r2adj(): Promise<number> {
    return this.value("r2adj");
  }

  get numInstances(): Promise<number> {
    return this.value("numInstances");
  }

  get degreesOfFreedom(): Promise<number> {
    return this.value("degreesOfFreedom");
  }

  get devianceResiduals(): Promise<number[]> {
    return this.value("devianceResiduals");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get coefficientStandardErrors(): Promise<number[]> {
    return this.value("coefficientStandardErrors");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get tValues(): Promise<number[]> {
    return this.value("tValues");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get pValues(): Promise<number[]> {
    return this.value("pValues");
  }

  /** What the prediction leaves of each label. */
  get residuals(): SparkDataFrame {
    return this.frame("residuals");
  }
}
