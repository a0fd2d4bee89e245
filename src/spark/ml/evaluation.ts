import { Evaluator } from "./evaluator.ts";
import { bool, double, int, name, nameOrNone, oneOf } from "./param.ts";
import { FEATURES } from "./shared-params.ts";

const BY_LABEL = ["truePositiveRateByLabel", "falsePositiveRateByLabel", "precisionByLabel", "recallByLabel"] as const;
const WEIGHTED = [
  "weightedTruePositiveRate",
  "weightedFalsePositiveRate",
  "weightedPrecision",
  "weightedRecall",
  "weightedFMeasure",
] as const;
const SMALLER_IS_BETTER: readonly string[] = [
  "falsePositiveRateByLabel",
  "weightedFalsePositiveRate",
  "logLoss",
  "hammingLoss",
];

const MULTILABEL_METRICS = [
  "subsetAccuracy",
  "accuracy",
  "hammingLoss",
  "precision",
  "recall",
  "f1Measure",
  "precisionByLabel",
  "recallByLabel",
  "f1MeasureByLabel",
  "microPrecision",
  "microRecall",
  "microF1Measure",
] as const;

const BINARY = {
  rawPredictionCol: name("rawPrediction"),
  labelCol: name("label"),
  weightCol: nameOrNone(),
  metricName: oneOf(["areaUnderROC", "areaUnderPR"], "areaUnderROC"),
  /** Points of the curve. 0 takes every distinct score, and is the one that gives the same number twice. */
  numBins: int({ from: 0 }, 1000),
};
const MULTICLASS = {
  predictionCol: name("prediction"),
  labelCol: name("label"),
  weightCol: nameOrNone(),
  metricName: oneOf(["f1", "accuracy", ...WEIGHTED, ...BY_LABEL, "fMeasureByLabel", "logLoss", "hammingLoss"], "f1"),
  /** The class of the metrics that are of one. */
  metricLabel: double({ from: 0 }, 0),
  beta: double({ above: 0 }, 1),
  probabilityCol: name("probability"),
  eps: double({ above: 0, below: 0.5 }, 1e-15),
};
const REGRESSION = {
  predictionCol: name("prediction"),
  labelCol: name("label"),
  weightCol: nameOrNone(),
  metricName: oneOf(["rmse", "mse", "r2", "mae", "var"], "rmse"),
  throughOrigin: bool(false),
};

const MULTILABEL = {
  predictionCol: name("prediction"),
  labelCol: name("label"),
  metricName: oneOf([...MULTILABEL_METRICS], "f1Measure"),
  /** The class of the metrics that are of one. */
  metricLabel: double({ from: 0 }, 0),
};
const CLUSTERING = {
  ...FEATURES,
  predictionCol: name("prediction"),
  weightCol: nameOrNone(),
  metricName: oneOf(["silhouette"], "silhouette"),
  distanceMeasure: oneOf(["squaredEuclidean", "cosine"], "squaredEuclidean"),
};
const RANKING = {
  predictionCol: name("prediction"),
  labelCol: name("label"),
  metricName: oneOf(
    ["meanAveragePrecision", "meanAveragePrecisionAtK", "precisionAtK", "ndcgAtK", "recallAtK"],
    "meanAveragePrecision",
  ),
  k: int({ from: 1 }, 10),
};

/** How well scores tell two classes apart: the area under the ROC or the precision-recall curve. */
export class BinaryClassificationEvaluator extends Evaluator<typeof BINARY> {
  static readonly operator = "evaluation.BinaryClassificationEvaluator";
  static readonly takes = BINARY;

  override get isLargerBetter(): boolean {
    return true;
  }
}

/** How often predicted classes are right, by many measures. */
export class MulticlassClassificationEvaluator extends Evaluator<typeof MULTICLASS> {
  static readonly operator = "evaluation.MulticlassClassificationEvaluator";
  static readonly takes = MULTICLASS;

  override get isLargerBetter(): boolean {
    return !SMALLER_IS_BETTER.includes(this.params.metricName ?? "f1");
  }
}

/** How far predicted numbers are from the true ones. */
export class RegressionEvaluator extends Evaluator<typeof REGRESSION> {
  static readonly operator = "evaluation.RegressionEvaluator";
  static readonly takes = REGRESSION;

  override get isLargerBetter(): boolean {
    return ["r2", "var"].includes(this.params.metricName ?? "rmse");
  }
}

/** How often sets of classes are right; both columns are arrays of numbers. */
export class MultilabelClassificationEvaluator extends Evaluator<typeof MULTILABEL> {
  static readonly operator = "evaluation.MultilabelClassificationEvaluator";
  static readonly takes = MULTILABEL;

  override get isLargerBetter(): boolean {
    return this.params.metricName !== "hammingLoss";
  }
}

/** How near rows are to their own cluster, and how far from the next: the silhouette, from -1 to 1. */
export class ClusteringEvaluator extends Evaluator<typeof CLUSTERING> {
  static readonly operator = "evaluation.ClusteringEvaluator";
  static readonly takes = CLUSTERING;

  override get isLargerBetter(): boolean {
    return true;
  }
}

/** How well things are put in order; both columns are arrays, that of the predictions in its order. */
export class RankingEvaluator extends Evaluator<typeof RANKING> {
  static readonly operator = "evaluation.RankingEvaluator";
  static readonly takes = RANKING;

  override get isLargerBetter(): boolean {
    return true;
  }
}
