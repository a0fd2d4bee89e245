import { nameText, wholeNumber } from "../check.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import type { SparkQuery } from "../query.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { checkParams, double, int, long, type Params, vector } from "./param.ts";
import { COLUMN } from "./shared-params.ts";
import { doubleLiteral, intLiteral, stringLiteral, vectorLiteral } from "./values.ts";

const TABLES = {
  ...COLUMN,
  /** More find more of what is near, and take longer. */
  numHashTables: int({ from: 1 }, 1),
};
const BUCKETS = {
  ...TABLES,
  /** How wide a bucket is: wider ones find more of what is near, and take longer. */
  bucketLength: { ...double({ above: 0 }), required: true },
};
const SEED = { seed: long() };
const BUCKETS_FIT = { ...BUCKETS, ...SEED };
const TABLES_FIT = { ...TABLES, ...SEED };
const NEAREST = { key: vector({ required: true }) };
const NEARER = { threshold: { ...double(), required: true } };

/** Hash functions under which vectors that are near each other share a hash more often than others do. */
abstract class HashingModel<P extends Params> extends Model<P> {
  /**
   * The rows of a frame whose vectors are nearest to one, with a column of the distances: the nearest first. Of rows that share no hash
   * with it none is found, so that there may be fewer than were asked for.
   *
   * @param key a vector of as many numbers as those of the frame have
   * @param distCol the column for the distances
   * @throws {UsageError} E_ML_PARAM, E_ML_FREED, E_ML_SESSION
   */
  approxNearestNeighbors(
    frame: SparkQuery,
    key: readonly number[],
    numNearestNeighbors: number,
    distCol = "distCol",
  ): SparkDataFrame {
    checkParams("approxNearestNeighbors", NEAREST, { key });
    return this.frameOf(
      "approxNearestNeighbors",
      { input: this.planOf(frame) },
      { param: vectorLiteral(key) },
      { param: intLiteral(wholeNumber(numNearestNeighbors, "numNearestNeighbors", 1)) },
      { param: stringLiteral(nameText(distCol, "distCol")) },
    );
  }

  /**
   * The pairs of a row of one frame and a row of another whose vectors are less than a distance apart: the rows as structs `datasetA` and
   * `datasetB`, with a column of the distances. Of pairs that share no hash none is found.
   *
   * @throws {UsageError} E_ML_PARAM, E_ML_FREED, E_ML_SESSION
   */
  approxSimilarityJoin(a: SparkQuery, b: SparkQuery, threshold: number, distCol = "distCol"): SparkDataFrame {
    checkParams("approxSimilarityJoin", NEARER, { threshold });
    return this.frameOf(
      "approxSimilarityJoin",
      { input: this.planOf(a) },
      { input: this.planOf(b) },
      { param: doubleLiteral(threshold) },
      { param: stringLiteral(nameText(distCol, "distCol")) },
    );
  }
}

/** Random directions that were drawn. */
export class BucketedRandomProjectionLSHModel extends HashingModel<typeof BUCKETS> {
  static readonly operator = "feature.BucketedRandomProjectionLSHModel";
  static readonly takes = BUCKETS;
}

/**
 * Hashes of vectors by the buckets of random directions that they fall into: finds what is near by Euclidean distance.
 *
 * @example
 * const hashes = new BucketedRandomProjectionLSH({ inputCol: "features", outputCol: "hashes", bucketLength: 2, seed: 1 });
 * const model = await hashes.fit(rows);
 * const near = await model.approxNearestNeighbors(rows, [1, 0], 5).collect();
 */
export class BucketedRandomProjectionLSH extends Estimator<typeof BUCKETS_FIT, BucketedRandomProjectionLSHModel> {
  static readonly operator = "feature.BucketedRandomProjectionLSH";
  static readonly takes = BUCKETS_FIT;
  protected override readonly model = BucketedRandomProjectionLSHModel;
}

/** Random orders of the features that were drawn. */
export class MinHashLSHModel extends HashingModel<typeof TABLES> {
  static readonly operator = "feature.MinHashLSHModel";
  static readonly takes = TABLES;
}

/**
 * Hashes of sets, which are vectors whose features are in the set or 0: finds what is near by Jaccard distance, the share of what is in
 * one of two sets alone.
 */
export class MinHashLSH extends Estimator<typeof TABLES_FIT, MinHashLSHModel> {
  static readonly operator = "feature.MinHashLSH";
  static readonly takes = TABLES_FIT;
  protected override readonly model = MinHashLSHModel;
}
