import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, double, vector } from "./param.ts";
import { COLUMN } from "./shared-params.ts";
import { Transformer } from "./transformer.ts";

const STANDARD = { ...COLUMN, withMean: bool(false), withStd: bool(true) };
const MIN_MAX = { ...COLUMN, min: double({}, 0), max: double({}, 1) };
const ROBUST = {
  ...COLUMN,
  lower: double({ above: 0, below: 1 }, 0.25),
  upper: double({ above: 0, below: 1 }, 0.75),
  withCentering: bool(false),
  withScaling: bool(true),
  relativeError: double({ from: 0, to: 1 }, 0.001),
};
const NORM = {
  ...COLUMN,
  /** 1 is the sum of the sizes, 2 the length. */
  p: double({ from: 1 }, 2),
};
const PRODUCT = { ...COLUMN, scalingVec: vector({ required: true }) };

/** The means and deviations that were found. */
export class StandardScalerModel extends Model<typeof STANDARD> {
  static readonly operator = "feature.StandardScalerModel";
  static readonly takes = STANDARD;

  get mean(): Promise<number[]> {
    return this.attribute("mean");
  }

  get std(): Promise<number[]> {
    return this.attribute("std");
  }
}

/** Vectors to a standard deviation of 1, and with `withMean` to a mean of 0. */
export class StandardScaler extends Estimator<typeof STANDARD, StandardScalerModel> {
  static readonly operator = "feature.StandardScaler";
  static readonly takes = STANDARD;
  protected override readonly model = StandardScalerModel;
}

/** The ranges that were found. */
export class MinMaxScalerModel extends Model<typeof MIN_MAX> {
  static readonly operator = "feature.MinMaxScalerModel";
  static readonly takes = MIN_MAX;

  get originalMin(): Promise<number[]> {
    return this.attribute("originalMin");
  }

  get originalMax(): Promise<number[]> {
    return this.attribute("originalMax");
  }
}

/** Vectors to a range, 0 to 1 unless said otherwise. */
export class MinMaxScaler extends Estimator<typeof MIN_MAX, MinMaxScalerModel> {
  static readonly operator = "feature.MinMaxScaler";
  static readonly takes = MIN_MAX;
  protected override readonly model = MinMaxScalerModel;
}

/** The largest sizes that were found. */
export class MaxAbsScalerModel extends Model<typeof COLUMN> {
  static readonly operator = "feature.MaxAbsScalerModel";
  static readonly takes = COLUMN;

  get maxAbs(): Promise<number[]> {
    return this.attribute("maxAbs");
  }
}

/** Vectors to -1 to 1, so that 0 stays 0. */
export class MaxAbsScaler extends Estimator<typeof COLUMN, MaxAbsScalerModel> {
  static readonly operator = "feature.MaxAbsScaler";
  static readonly takes = COLUMN;
  protected override readonly model = MaxAbsScalerModel;
}

/** The medians and the ranges between quantiles that were found. */
export class RobustScalerModel extends Model<typeof ROBUST> {
  static readonly operator = "feature.RobustScalerModel";
  static readonly takes = ROBUST;

  get median(): Promise<number[]> {
    return this.attribute("median");
  }

  get range(): Promise<number[]> {
    return this.attribute("range");
  }
}

/** Vectors by the range between two quantiles, which outliers do not move. */
export class RobustScaler extends Estimator<typeof ROBUST, RobustScalerModel> {
  static readonly operator = "feature.RobustScaler";
  static readonly takes = ROBUST;
  protected override readonly model = RobustScalerModel;
}

/** Vectors to a length of 1. */
export class Normalizer extends Transformer<typeof NORM> {
  static readonly operator = "feature.Normalizer";
  static readonly takes = NORM;
}

/** Vectors times a vector, feature by feature. */
export class ElementwiseProduct extends Transformer<typeof PRODUCT> {
  static readonly operator = "feature.ElementwiseProduct";
  static readonly takes = PRODUCT;
}
