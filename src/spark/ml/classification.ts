import { Estimator } from "./estimator.ts";
import { double, oneOf } from "./param.ts";
import { LinearClassificationModel, TreeEnsembleModel, TreeModel } from "./predictors.ts";
import { BOOSTED, CLASSIFIER, FOREST, GINI, LINEAR, TREE, VARIANCE } from "./shared-params.ts";
import { ClassificationTrainingSummary } from "./summary.ts";

const TREE_CLASSIFIER = { ...CLASSIFIER, ...TREE, ...GINI };
const FOREST_CLASSIFIER = { ...CLASSIFIER, ...FOREST, ...GINI };
const BOOSTED_CLASSIFIER = { ...CLASSIFIER, ...BOOSTED, ...VARIANCE, lossType: oneOf(["logistic"], "logistic") };
const LOGISTIC = {
  ...CLASSIFIER,
  ...LINEAR,
  /** Of two classes, the probability from which on the second is predicted. */
  threshold: double({ from: 0, to: 1 }, 0.5),
  family: oneOf(["auto", "binomial", "multinomial"], "auto"),
};

/** A decision tree that was fitted. */
export class DecisionTreeClassificationModel extends TreeModel<typeof TREE_CLASSIFIER> {
  static readonly operator = "classification.DecisionTreeClassificationModel";
  static readonly takes = TREE_CLASSIFIER;

  get numClasses(): Promise<number> {
    return this.attribute("numClasses");
  }
}

/** One tree of decisions; the labels are 0, 1, 2… */
export class DecisionTreeClassifier extends Estimator<typeof TREE_CLASSIFIER, DecisionTreeClassificationModel> {
  static readonly operator = "classification.DecisionTreeClassifier";
  static readonly takes = TREE_CLASSIFIER;
  protected override readonly model = DecisionTreeClassificationModel;
}

/** A random forest that was fitted. */
export class RandomForestClassificationModel extends TreeEnsembleModel<typeof FOREST_CLASSIFIER> {
  static readonly operator = "classification.RandomForestClassificationModel";
  static readonly takes = FOREST_CLASSIFIER;
  static readonly hasSummary = true;

  get numClasses(): Promise<number> {
    return this.attribute("numClasses");
  }

  /** How the fit went. */
  get summary(): ClassificationTrainingSummary {
    return this.summaryAs(ClassificationTrainingSummary);
  }
}

/**
 * A forest of random trees that vote; the labels are 0, 1, 2…
 *
 * @example
 * const forest = new RandomForestClassifier({ labelCol: "label", featuresCol: "features", numTrees: 50, seed: 42 });
 * const model = await forest.fit(train);
 * const auc = await new BinaryClassificationEvaluator({ labelCol: "label" }).evaluate(model.transform(test));
 */
export class RandomForestClassifier extends Estimator<typeof FOREST_CLASSIFIER, RandomForestClassificationModel> {
  static readonly operator = "classification.RandomForestClassifier";
  static readonly takes = FOREST_CLASSIFIER;
  protected override readonly model = RandomForestClassificationModel;
}

/** Boosted trees that were fitted. */
export class GBTClassificationModel extends TreeEnsembleModel<typeof BOOSTED_CLASSIFIER> {
  static readonly operator = "classification.GBTClassificationModel";
  static readonly takes = BOOSTED_CLASSIFIER;

  get numClasses(): Promise<number> {
    return this.attribute("numClasses");
  }
}

/** Trees of which each mends what those before it got wrong; two classes, 0 and 1. */
export class GBTClassifier extends Estimator<typeof BOOSTED_CLASSIFIER, GBTClassificationModel> {
  static readonly operator = "classification.GBTClassifier";
  static readonly takes = BOOSTED_CLASSIFIER;
  protected override readonly model = GBTClassificationModel;
}

/** A logistic regression that was fitted; of more than two classes `coefficientMatrix` and `interceptVector` hold what it knows. */
export class LogisticRegressionModel extends LinearClassificationModel<typeof LOGISTIC> {
  static readonly operator = "classification.LogisticRegressionModel";
  static readonly takes = LOGISTIC;
  static readonly hasSummary = true;

  /** How the fit went. */
  get summary(): ClassificationTrainingSummary {
    return this.summaryAs(ClassificationTrainingSummary);
  }
}

/** The probability of a class from a weighted sum of the features; the labels are 0, 1, 2… */
export class LogisticRegression extends Estimator<typeof LOGISTIC, LogisticRegressionModel> {
  static readonly operator = "classification.LogisticRegression";
  static readonly takes = LOGISTIC;
  protected override readonly model = LogisticRegressionModel;
}
