import type { SparkDataFrame } from "../dataframe.ts";
import type { SparkQuery } from "../query.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, double, int, long, name, oneOf, text } from "./param.ts";
import { intLiteral } from "./values.ts";

const ALS_MODEL = {
  userCol: name("user"),
  itemCol: name("item"),
  predictionCol: name("prediction"),
  /** What a user or an item that was not there in the fit gets: NaN, or its row is left out. */
  coldStartStrategy: oneOf(["nan", "drop"], "nan"),
  blockSize: int({ from: 1 }, 4096),
};
const ALS_PARAMS = {
  ...ALS_MODEL,
  ratingCol: name("rating"),
  rank: int({ from: 1 }, 10),
  maxIter: int({ from: 0 }, 10),
  regParam: double({ from: 0 }, 0.1),
  nonnegative: bool(false),
  /** Whether a rating is how often something was done, and not a judgement. */
  implicitPrefs: bool(false),
  alpha: double({ from: 0 }, 1),
  numUserBlocks: int({ from: 1 }, 10),
  numItemBlocks: int({ from: 1 }, 10),
  checkpointInterval: int({ from: -1 }, 10),
  intermediateStorageLevel: text("MEMORY_AND_DISK"),
  finalStorageLevel: text("MEMORY_AND_DISK"),
  seed: long(),
};

/** What users like of items. */
export class ALSModel extends Model<typeof ALS_MODEL> {
  static readonly operator = "recommendation.ALSModel";
  static readonly takes = ALS_MODEL;

  get rank(): Promise<number> {
    return this.attribute("rank");
  }

  /** The id and the factors of each user. */
  get userFactors(): SparkDataFrame {
    return this.frameOf("userFactors");
  }

  /** The id and the factors of each item. */
  get itemFactors(): SparkDataFrame {
    return this.frameOf("itemFactors");
  }

  /** The items that each user likes most. */
  recommendForAllUsers(numItems: number): SparkDataFrame {
    return this.frameOf("recommendForAllUsers", { param: intLiteral(numItems) });
  }

  /** The users who like each item most. */
  recommendForAllItems(numUsers: number): SparkDataFrame {
    return this.frameOf("recommendForAllItems", { param: intLiteral(numUsers) });
  }

  /** The items that the users of a frame like most. */
  recommendForUserSubset(users: SparkQuery, numItems: number): SparkDataFrame {
    return this.frameOf("recommendForUserSubset", { input: this.planOf(users) }, { param: intLiteral(numItems) });
  }

  /** The users who like the items of a frame most. */
  recommendForItemSubset(items: SparkQuery, numUsers: number): SparkDataFrame {
    return this.frameOf("recommendForItemSubset", { input: this.planOf(items) }, { param: intLiteral(numUsers) });
  }
}

/** Ratings of items by users to what users would like, by alternating least squares. */
export class ALS extends Estimator<typeof ALS_PARAMS, ALSModel> {
  static readonly operator = "recommendation.ALS";
  static readonly takes = ALS_PARAMS;
  protected override readonly model = ALSModel;
}
