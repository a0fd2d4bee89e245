import { classifying, summarizedClassifying } from "./classifying.ts";
import { Estimator } from "./estimator.ts";
import { oneOf } from "./param.ts";
import { TreeEnsembleModel, TreeModel } from "./predictors.ts";
import { BOOSTED, CLASSIFIER, FOREST, GINI, TREE, VARIANCE } from "./shared-params.ts";

const TREE_CLASSIFIER = { ...CLASSIFIER, ...TREE, ...GINI };
const FOREST_CLASSIFIER = { ...CLASSIFIER, ...FOREST, ...GINI };
const BOOSTED_CLASSIFIER = { ...CLASSIFIER, ...BOOSTED, ...VARIANCE, lossType: oneOf(["logistic"], "logistic") };

/** A decision tree that was fitted. */
export class DecisionTreeClassificationModel extends classifying(TreeModel<typeof TREE_CLASSIFIER>) {
  static readonly operator = "classification.DecisionTreeClassificationModel";
  static readonly takes = TREE_CLASSIFIER;
}

/** One tree of decisions; the labels are 0, 1, 2… */
export class DecisionTreeClassifier extends Estimator<typeof TREE_CLASSIFIER, DecisionTreeClassificationModel> {
  static readonly operator = "classification.DecisionTreeClassifier";
  static readonly takes = TREE_CLASSIFIER;
  protected override readonly model = DecisionTreeClassificationModel;
}

/** A random forest that was fitted. */
export class RandomForestClassificationModel extends summarizedClassifying(
  TreeEnsembleModel<typeof FOREST_CLASSIFIER>,
) {
  static readonly operator = "classification.RandomForestClassificationModel";
  static readonly takes = FOREST_CLASSIFIER;
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
export class GBTClassificationModel extends classifying(TreeEnsembleModel<typeof BOOSTED_CLASSIFIER>) {
  static readonly operator = "classification.GBTClassificationModel";
  static readonly takes = BOOSTED_CLASSIFIER;
}

/** Trees of which each mends what those before it got wrong; two classes, 0 and 1. */
export class GBTClassifier extends Estimator<typeof BOOSTED_CLASSIFIER, GBTClassificationModel> {
  static readonly operator = "classification.GBTClassifier";
  static readonly takes = BOOSTED_CLASSIFIER;
  protected override readonly model = GBTClassificationModel;
}
