import type { SparkDataFrame } from "../dataframe.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { double, int, name } from "./param.ts";

const FP_GROWTH = {
  /** The column of arrays. */
  itemsCol: name("items"),
  predictionCol: name("prediction"),
  /** The share of the rows that a set must be in. */
  minSupport: double({ from: 0, to: 1 }, 0.3),
  minConfidence: double({ from: 0, to: 1 }, 0.8),
  numPartitions: int({ from: 1 }),
};

/** Sets that are together often. */
export class FPGrowthModel extends Model<typeof FP_GROWTH> {
  static readonly operator = "fpm.FPGrowthModel";
  static readonly takes = FP_GROWTH;

  /** The sets, and in how many rows each is. */
  get freqItemsets(): SparkDataFrame {
    return this.frameOf("freqItemsets");
  }

  /** What follows from what, how sure it is, and how much more than by chance. */
  get associationRules(): SparkDataFrame {
    return this.frameOf("associationRules");
  }
}

/** Finds the things that are together often; the prediction is what goes with those of a row. */
export class FPGrowth extends Estimator<typeof FP_GROWTH, FPGrowthModel> {
  static readonly operator = "fpm.FPGrowth";
  static readonly takes = FP_GROWTH;
  protected override readonly model = FPGrowthModel;
}
