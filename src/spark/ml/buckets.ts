import type { SparkDataFrame } from "../dataframe.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { anyNumber, double, doubles, int, ints, oneOf, splitLists, splits } from "./param.ts";
import { COLUMNS } from "./shared-params.ts";
import { Transformer } from "./transformer.ts";

const BINARIZER = {
  ...COLUMNS,
  /** What is greater becomes 1, the rest 0. */
  threshold: double({}, 0),
  thresholds: doubles(),
};
const INVALID = {
  /** What a row with NaN or null does: end the query, be left out, or get a bucket of its own. */
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
};
const BUCKETIZER = { ...COLUMNS, ...INVALID, splits: splits(), splitsArray: splitLists() };
const ERROR = { relativeError: double({ from: 0, to: 1 }, 0.001) };
const QUANTILES = {
  ...COLUMNS,
  ...INVALID,
  ...ERROR,
  numBuckets: int({ from: 2 }, 2),
  numBucketsArray: ints({ from: 2 }),
};
const IMPUTER = {
  ...COLUMNS,
  ...ERROR,
  strategy: oneOf(["mean", "median", "mode"], "mean"),
  /** What counts as missing, beside null. */
  missingValue: anyNumber(Number.NaN),
};

/** Numbers to 0 and 1 by a threshold. */
export class Binarizer extends Transformer<typeof BINARIZER> {
  static readonly operator = "feature.Binarizer";
  static readonly takes = BINARIZER;
}

/** Numbers to the indices 0, 1, 2… of the buckets between splits. */
export class Bucketizer extends Transformer<typeof BUCKETIZER> {
  static readonly operator = "feature.Bucketizer";
  static readonly takes = BUCKETIZER;
}

/** Splits as the server holds them. */
class FoundSplits extends Model<typeof BUCKETIZER> {
  static readonly operator = "feature.Bucketizer";
  static readonly takes = BUCKETIZER;

  get splits(): Promise<number[]> {
    return this.attribute("getSplits");
  }

  get splitsArray(): Promise<number[][]> {
    return this.attribute("getSplitsArray");
  }
}

/** Finds splits between which there are about as many rows; the fit gives the `Bucketizer` for them. */
export class QuantileDiscretizer extends Estimator<typeof QUANTILES, Bucketizer, FoundSplits> {
  static readonly operator = "feature.QuantileDiscretizer";
  static readonly takes = QUANTILES;
  protected override readonly model = FoundSplits;

  protected override async modelOf(found: FoundSplits): Promise<Bucketizer> {
    await using splits = found;
    const { inputCol, outputCol, inputCols, outputCols, handleInvalid } = this.params;
    if (inputCol) return new Bucketizer({ inputCol, outputCol, handleInvalid, splits: await splits.splits });
    return new Bucketizer({ inputCols, outputCols, handleInvalid, splitsArray: await splits.splitsArray });
  }
}

/** The values that missing ones get. */
export class ImputerModel extends Model<typeof IMPUTER> {
  static readonly operator = "feature.ImputerModel";
  static readonly takes = IMPUTER;

  /** One row: by column what a missing value becomes. */
  get surrogateDF(): SparkDataFrame {
    return this.frameOf("surrogateDF");
  }
}

/** Missing numbers to the mean, the median or the most frequent of the others. */
export class Imputer extends Estimator<typeof IMPUTER, ImputerModel> {
  static readonly operator = "feature.Imputer";
  static readonly takes = IMPUTER;
  protected override readonly model = ImputerModel;
}
