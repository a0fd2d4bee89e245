import type { SparkDataFrame } from "../dataframe.ts";
import { Summary } from "./summary.ts";

/** How well classes are told; what is by threshold is of two classes alone. */
export class ClassificationSummary extends Summary {
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

/** How well classes are told on the rows of the fit, and how it went. */
export class ClassificationTrainingSummary extends ClassificationSummary {
  /** What the algorithm made smaller, before the first step and after each. */
  get objectiveHistory(): Promise<number[]> {
    return this.value("objectiveHistory");
  }

  get totalIterations(): Promise<number> {
    return this.value("totalIterations");
  }
}
