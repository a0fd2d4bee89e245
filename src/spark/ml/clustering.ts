import type { Matrix } from "../connect/linear-algebra.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import type { SparkQuery } from "../query.ts";
import { GaussianMixtureSummary, KMeansSummary } from "./clustering-summary.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import type { Params } from "./param.ts";
import { bool, double, doubles, int, long, name, nameOrNone, oneOf, text } from "./param.ts";
import { FEATURES } from "./shared-params.ts";
import { intLiteral } from "./values.ts";

const CLUSTERS = { ...FEATURES, predictionCol: name("prediction"), weightCol: nameOrNone(), seed: long() };
const DISTANCE = { distanceMeasure: oneOf(["euclidean", "cosine"], "euclidean") };
const K_MEANS = {
  ...CLUSTERS,
  ...DISTANCE,
  k: int({ from: 2 }, 2),
  maxIter: int({ from: 0 }, 20),
  tol: double({ from: 0 }, 1e-4),
  initMode: oneOf(["random", "k-means||"], "k-means||"),
  initSteps: int({ from: 1 }, 2),
  solver: oneOf(["auto", "row", "block"], "auto"),
  maxBlockSizeInMB: double({ from: 0 }, 0),
  intermediateStorageLevel: text("MEMORY_AND_DISK"),
};
const BISECTING = {
  ...CLUSTERS,
  ...DISTANCE,
  k: int({ from: 2 }, 4),
  maxIter: int({ from: 0 }, 20),
  /** How many rows a cluster must have to be divided: a number, or below 1 a share. */
  minDivisibleClusterSize: double({ above: 0 }, 1),
};
const MIXTURE = {
  ...CLUSTERS,
  k: int({ from: 2 }, 2),
  maxIter: int({ from: 0 }, 100),
  tol: double({ from: 0 }, 0.01),
  probabilityCol: name("probability"),
  aggregationDepth: int({ from: 2 }, 2),
};
const TOPICS = {
  ...FEATURES,
  k: int({ from: 2 }, 10),
  maxIter: int({ from: 0 }, 20),
  seed: long(),
  optimizer: oneOf(["online", "em"], "online"),
  topicDistributionCol: name("topicDistribution"),
  docConcentration: doubles({ from: 0 }),
  topicConcentration: double({ from: 0 }),
  optimizeDocConcentration: bool(true),
  learningDecay: double({ above: 0 }, 0.51),
  learningOffset: double({ above: 0 }, 1024),
  subsamplingRate: double({ above: 0, to: 1 }, 0.05),
  checkpointInterval: int({ from: -1 }, 10),
  keepLastCheckpoint: bool(true),
};

/** Clusters around means. */
abstract class CentersModel<P extends Params> extends Model<P> {
  static readonly hasSummary = true;

  /** The mean of each cluster. */
  get clusterCenters(): Promise<number[][]> {
    return this.attribute<Matrix>("clusterCenterMatrix").then((rows) => rows.map((row) => [...row]));
  }

  get numFeatures(): Promise<number> {
    return this.attribute("numFeatures");
  }

  /** How the fit went. */
  get summary(): KMeansSummary {
    return this.summaryAs(KMeansSummary);
  }
}

/** Clusters that were found. */
export class KMeansModel extends CentersModel<typeof K_MEANS> {
  static readonly operator = "clustering.KMeansModel";
  static readonly takes = K_MEANS;
}

/** Rows to k clusters, each around its mean. */
export class KMeans extends Estimator<typeof K_MEANS, KMeansModel> {
  static readonly operator = "clustering.KMeans";
  static readonly takes = K_MEANS;
  protected override readonly model = KMeansModel;
}

/** Clusters that were found. */
export class BisectingKMeansModel extends CentersModel<typeof BISECTING> {
  static readonly operator = "clustering.BisectingKMeansModel";
  static readonly takes = BISECTING;
}

/** Rows to k clusters, by dividing one after the other. */
export class BisectingKMeans extends Estimator<typeof BISECTING, BisectingKMeansModel> {
  static readonly operator = "clustering.BisectingKMeans";
  static readonly takes = BISECTING;
  protected override readonly model = BisectingKMeansModel;
}

/** Clusters that overlap. */
export class GaussianMixtureModel extends Model<typeof MIXTURE> {
  static readonly operator = "clustering.GaussianMixtureModel";
  static readonly takes = MIXTURE;

  static readonly hasSummary = true;

  /** The share of each cluster. */
  get weights(): Promise<number[]> {
    return this.attribute("weights");
  }

  get numFeatures(): Promise<number> {
    return this.attribute("numFeatures");
  }

  /** The mean and the covariance of each cluster. */
  get gaussiansDF(): SparkDataFrame {
    return this.frameOf("gaussiansDF");
  }

  /** How the fit went. */
  get summary(): GaussianMixtureSummary {
    return this.summaryAs(GaussianMixtureSummary);
  }
}

/** Rows to k clusters that overlap, each a normal distribution. */
export class GaussianMixture extends Estimator<typeof MIXTURE, GaussianMixtureModel> {
  static readonly operator = "clustering.GaussianMixture";
  static readonly takes = MIXTURE;
  protected override readonly model = GaussianMixtureModel;
}

/** Topics that were found. */
export abstract class LDAModel extends Model<typeof TOPICS> {
  get vocabSize(): Promise<number> {
    return this.attribute("vocabSize");
  }

  get isDistributed(): Promise<boolean> {
    return this.attribute("isDistributed");
  }

  get estimatedDocConcentration(): Promise<number[]> {
    return this.attribute("estimatedDocConcentration");
  }

  /** How much each word belongs to each topic: a column for a topic. */
  get topicsMatrix(): Promise<Matrix> {
    return this.attribute("topicsMatrix");
  }

  /** The words of each topic that belong to it most. */
  describeTopics(maxTermsPerTopic = 10): SparkDataFrame {
    return this.frameOf("describeTopics", { param: intLiteral(maxTermsPerTopic) });
  }

  /** A bound of the likelihood of the rows. */
  logLikelihood(frame: SparkQuery): Promise<number> {
    return this.call("logLikelihood", { input: this.planOf(frame) });
  }

  /** A bound of the perplexity of the rows; less is better. */
  logPerplexity(frame: SparkQuery): Promise<number> {
    return this.call("logPerplexity", { input: this.planOf(frame) });
  }
}

/** What the optimizer "online" found. */
export class LocalLDAModel extends LDAModel {
  static readonly operator = "clustering.LocalLDAModel";
  static readonly takes = TOPICS;
}

/** What the optimizer "em" found, with the distributions of the rows of the fit. */
export class DistributedLDAModel extends LDAModel {
  static readonly operator = "clustering.DistributedLDAModel";
  static readonly takes = TOPICS;

  get trainingLogLikelihood(): Promise<number> {
    return this.attribute("trainingLogLikelihood");
  }

  get logPrior(): Promise<number> {
    return this.attribute("logPrior");
  }
}

/** Counts of words to topics. */
export class LDA extends Estimator<typeof TOPICS, LDAModel> {
  static readonly operator = "clustering.LDA";
  static readonly takes = TOPICS;

  protected override get model() {
    return this.params.optimizer === "em" ? DistributedLDAModel : LocalLDAModel;
  }
}
