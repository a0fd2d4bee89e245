import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import type { Params } from "./param.ts";
import { double, name, oneOf } from "./param.ts";
import { FEATURES } from "./shared-params.ts";

const VARIANCE = {
  ...FEATURES,
  outputCol: name(),
  /** Features of no more variance are left out. */
  varianceThreshold: double({ from: 0 }, 0),
};
const UNIVARIATE = {
  ...FEATURES,
  outputCol: name(),
  labelCol: name("label"),
  featureType: oneOf(["categorical", "continuous"]),
  labelType: oneOf(["categorical", "continuous"]),
  selectionMode: oneOf(["numTopFeatures", "percentile", "fpr", "fdr", "fwe"], "numTopFeatures"),
  /** By the mode: a number of features, a share of them, or a bound of p. */
  selectionThreshold: double(),
};

/** The features that are kept. */
abstract class SelectorModel<P extends Params> extends Model<P> {
  /** Their places. */
  get selectedFeatures(): Promise<number[]> {
    return this.attribute("selectedFeatures");
  }
}

/** The features that vary. */
export class VarianceThresholdSelectorModel extends SelectorModel<typeof VARIANCE> {
  static readonly operator = "feature.VarianceThresholdSelectorModel";
  static readonly takes = VARIANCE;
}

/** Keeps the features that vary. */
export class VarianceThresholdSelector extends Estimator<typeof VARIANCE, VarianceThresholdSelectorModel> {
  static readonly operator = "feature.VarianceThresholdSelector";
  static readonly takes = VARIANCE;
  protected override readonly model = VarianceThresholdSelectorModel;
}

/** The features that tell something of the label. */
export class UnivariateFeatureSelectorModel extends SelectorModel<typeof UNIVARIATE> {
  static readonly operator = "feature.UnivariateFeatureSelectorModel";
  static readonly takes = UNIVARIATE;
}

/** Keeps the features that tell most of the label, each by itself; the test is by what features and label are. */
export class UnivariateFeatureSelector extends Estimator<typeof UNIVARIATE, UnivariateFeatureSelectorModel> {
  static readonly operator = "feature.UnivariateFeatureSelector";
  static readonly takes = UNIVARIATE;
  protected override readonly model = UnivariateFeatureSelectorModel;
}
