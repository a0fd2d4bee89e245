import { Estimator } from "./estimator.ts";
import { nameOrNone, oneOf } from "./param.ts";
import { TreeEnsembleModel, TreeModel } from "./predictors.ts";
import { BOOSTED, FOREST, PREDICTOR, TREE, VARIANCE } from "./shared-params.ts";

const TREE_REGRESSOR = {
  ...PREDICTOR,
  ...TREE,
  ...VARIANCE,
  /** The column for the variance among the rows of a leaf. */
  varianceCol: nameOrNone(),
};
const FOREST_REGRESSOR = { ...PREDICTOR, ...FOREST, ...VARIANCE };
const BOOSTED_REGRESSOR = {
  ...PREDICTOR,
  ...BOOSTED,
  ...VARIANCE,
  lossType: oneOf(["squared", "absolute"], "squared"),
};

/** A decision tree that was fitted. */
export class DecisionTreeRegressionModel extends TreeModel<typeof TREE_REGRESSOR> {
  static readonly operator = "regression.DecisionTreeRegressionModel";
  static readonly takes = TREE_REGRESSOR;
}

/** One tree of decisions, for a number. */
export class DecisionTreeRegressor extends Estimator<typeof TREE_REGRESSOR, DecisionTreeRegressionModel> {
  static readonly operator = "regression.DecisionTreeRegressor";
  static readonly takes = TREE_REGRESSOR;
  protected override readonly model = DecisionTreeRegressionModel;
}

/** A random forest that was fitted. */
export class RandomForestRegressionModel extends TreeEnsembleModel<typeof FOREST_REGRESSOR> {
  static readonly operator = "regression.RandomForestRegressionModel";
  static readonly takes = FOREST_REGRESSOR;
}

/** A forest of random trees, for a number: their mean. */
export class RandomForestRegressor extends Estimator<typeof FOREST_REGRESSOR, RandomForestRegressionModel> {
  static readonly operator = "regression.RandomForestRegressor";
  static readonly takes = FOREST_REGRESSOR;
  protected override readonly model = RandomForestRegressionModel;
}

/** Boosted trees that were fitted. */
export class GBTRegressionModel extends TreeEnsembleModel<typeof BOOSTED_REGRESSOR> {
  static readonly operator = "regression.GBTRegressionModel";
  static readonly takes = BOOSTED_REGRESSOR;
}

/** Trees of which each mends what those before it got wrong, for a number. */
export class GBTRegressor extends Estimator<typeof BOOSTED_REGRESSOR, GBTRegressionModel> {
  static readonly operator = "regression.GBTRegressor";
  static readonly takes = BOOSTED_REGRESSOR;
  protected override readonly model = GBTRegressionModel;
}
