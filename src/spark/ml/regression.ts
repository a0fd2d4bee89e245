import type { ActionOptions, SparkQuery } from "../query.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, double, doubles, int, name, nameOrNone, oneOf } from "./param.ts";
import { FactorizationModel, LinearModel } from "./predictors.ts";
import {
  GeneralizedLinearRegressionSummary,
  GeneralizedLinearRegressionTrainingSummary,
  LinearRegressionSummary,
  LinearRegressionTrainingSummary,
} from "./regression-summary.ts";
import { BLOCKS, ELASTIC, FACTORS, LINEAR, PREDICTOR, STEPS } from "./shared-params.ts";

const LEAST_SQUARES = {
  ...PREDICTOR,
  ...LINEAR,
  ...ELASTIC,
  solver: oneOf(["auto", "normal", "l-bfgs"], "auto"),
  loss: oneOf(["squaredError", "huber"], "squaredError"),
  epsilon: double({ above: 1 }, 1.35),
};
const GENERALIZED = {
  ...PREDICTOR,
  ...STEPS,
  maxIter: int({ from: 0 }, 25),
  /** How the labels are distributed around the prediction. */
  family: oneOf(["gaussian", "binomial", "poisson", "gamma", "tweedie"], "gaussian"),
  /** Between the weighted sum and the prediction; unset: the one that belongs to the family. */
  link: oneOf(["identity", "log", "inverse", "logit", "probit", "cloglog", "sqrt"]),
  variancePower: double({ from: 0 }, 0),
  linkPower: double(),
  linkPredictionCol: nameOrNone(),
  offsetCol: nameOrNone(),
  regParam: double({ from: 0 }, 0),
  fitIntercept: bool(true),
  weightCol: nameOrNone(),
  solver: oneOf(["irls"], "irls"),
  aggregationDepth: int({ from: 2 }, 2),
};
const ISOTONIC = {
  ...PREDICTOR,
  /** Whether it rises, or falls. */
  isotonic: bool(true),
  featureIndex: int({ from: 0 }, 0),
  weightCol: nameOrNone(),
};
const SURVIVAL = {
  ...PREDICTOR,
  ...STEPS,
  ...BLOCKS,
  /** The column that holds 1 where the end was seen. */
  censorCol: name("censor"),
  quantileProbabilities: doubles({ above: 0, below: 1 }, [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]),
  quantilesCol: nameOrNone(),
  fitIntercept: bool(true),
};
const MACHINE = { ...PREDICTOR, ...FACTORS };

/** A linear regression that was fitted. */
export class LinearRegressionModel extends LinearModel<typeof LEAST_SQUARES> {
  static readonly operator = "regression.LinearRegressionModel";
  static readonly takes = LEAST_SQUARES;
  static readonly hasSummary = true;

  /** How the fit went. */
  get summary(): LinearRegressionTrainingSummary {
    return this.summaryAs(LinearRegressionTrainingSummary);
  }

  /** How much the rows spread around the line; 1 but for the loss "huber". */
  get scale(): Promise<number> {
    return this.attribute("scale");
  }

  /** How good it is on other rows. */
  evaluate(frame: SparkQuery, options?: ActionOptions): Promise<LinearRegressionSummary> {
    return this.evaluateAs(LinearRegressionSummary, frame, options);
  }
}

/** A number as a weighted sum of the features. */
export class LinearRegression extends Estimator<typeof LEAST_SQUARES, LinearRegressionModel> {
  static readonly operator = "regression.LinearRegression";
  static readonly takes = LEAST_SQUARES;
  protected override readonly model = LinearRegressionModel;
}

/** A generalised line that was fitted. */
export class GeneralizedLinearRegressionModel extends LinearModel<typeof GENERALIZED> {
  static readonly operator = "regression.GeneralizedLinearRegressionModel";
  static readonly takes = GENERALIZED;
  static readonly hasSummary = true;

  /** How the fit went. */
  get summary(): GeneralizedLinearRegressionTrainingSummary {
    return this.summaryAs(GeneralizedLinearRegressionTrainingSummary);
  }

  /** How good it is on other rows. */
  evaluate(frame: SparkQuery, options?: ActionOptions): Promise<GeneralizedLinearRegressionSummary> {
    return this.evaluateAs(GeneralizedLinearRegressionSummary, frame, options);
  }
}

/** A number whose distribution around a function of a weighted sum is known: counts, shares, waiting times. */
export class GeneralizedLinearRegression extends Estimator<typeof GENERALIZED, GeneralizedLinearRegressionModel> {
  static readonly operator = "regression.GeneralizedLinearRegression";
  static readonly takes = GENERALIZED;
  protected override readonly model = GeneralizedLinearRegressionModel;
}

/** Steps that were fitted. */
export class IsotonicRegressionModel extends Model<typeof ISOTONIC> {
  static readonly operator = "regression.IsotonicRegressionModel";
  static readonly takes = ISOTONIC;

  get numFeatures(): Promise<number> {
    return this.attribute("numFeatures");
  }

  get boundaries(): Promise<number[]> {
    return this.attribute("boundaries");
  }

  /** What is predicted at each boundary. */
  get predictions(): Promise<number[]> {
    return this.attribute("predictions");
  }
}

/** A number that only rises, or only falls, with one feature. */
export class IsotonicRegression extends Estimator<typeof ISOTONIC, IsotonicRegressionModel> {
  static readonly operator = "regression.IsotonicRegression";
  static readonly takes = ISOTONIC;
  protected override readonly model = IsotonicRegressionModel;
}

/** Times of survival that were fitted. */
export class AFTSurvivalRegressionModel extends LinearModel<typeof SURVIVAL> {
  static readonly operator = "regression.AFTSurvivalRegressionModel";
  static readonly takes = SURVIVAL;

  get scale(): Promise<number> {
    return this.attribute("scale");
  }
}

/** How long something lasts, also of rows whose end was not seen. */
export class AFTSurvivalRegression extends Estimator<typeof SURVIVAL, AFTSurvivalRegressionModel> {
  static readonly operator = "regression.AFTSurvivalRegression";
  static readonly takes = SURVIVAL;
  protected override readonly model = AFTSurvivalRegressionModel;
}

/** Factors that were fitted. */
export class FMRegressionModel extends FactorizationModel<typeof MACHINE> {
  static readonly operator = "regression.FMRegressionModel";
  static readonly takes = MACHINE;
}

/** A line with the products of pairs of features, by factors of these. */
export class FMRegressor extends Estimator<typeof MACHINE, FMRegressionModel> {
  static readonly operator = "regression.FMRegressor";
  static readonly takes = MACHINE;
  protected override readonly model = FMRegressionModel;
}
