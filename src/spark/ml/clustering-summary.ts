import type { SparkDataFrame } from "../dataframe.ts";
import { Summary } from "./summary.ts";

/** What the clusters of the rows of the fit are. */
export class ClusteringSummary extends Summary {
  get k(): Promise<number> {
    return this.value("k");
  }

  get numIter(): Promise<number> {
    return this.value("numIter");
  }

  /** How many rows each cluster has. */
  get clusterSizes(): Promise<number[]> {
    return this.value("clusterSizes");
  }

  /** The cluster of each row. */
  get cluster(): SparkDataFrame {
    return this.frame("cluster");
  }
}

/** Clusters around means. */
export class KMeansSummary extends ClusteringSummary {
  /** The sum of the squared distances of the rows from the means of their clusters. */
  get trainingCost(): Promise<number> {
    return this.value("trainingCost");
  }
}

/** Clusters that overlap. */
export class GaussianMixtureSummary extends ClusteringSummary {
  /** The probability of each cluster for each row. */
  get probability(): SparkDataFrame {
    return this.frame("probability");
  }

  get logLikelihood(): Promise<number> {
    return this.value("logLikelihood");
  }
}
