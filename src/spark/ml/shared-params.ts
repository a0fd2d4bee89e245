import { bool, double, doubles, featureSubset, int, long, name, nameOrNone, names, oneOf } from "./param.ts";

// Parameters that several operators take, with the server's defaults.

/** One column to another. */
export const COLUMN = { inputCol: name(), outputCol: name() };
/** One column, or several at once. */
export const COLUMNS = { ...COLUMN, inputCols: names(), outputCols: names() };

export const FEATURES = {
  /** The column of vectors. */
  featuresCol: name("features"),
};

export const PREDICTOR = {
  ...FEATURES,
  labelCol: name("label"),
  predictionCol: name("prediction"),
};

export const CLASSIFIER = {
  ...PREDICTOR,
  /** One score a class, before they are probabilities. */
  rawPredictionCol: name("rawPrediction"),
  probabilityCol: name("probability"),
  /** One number a class: the class with the highest probability by threshold wins. */
  thresholds: doubles({ from: 0 }),
};

export const TREE = {
  maxDepth: int({ from: 0, to: 30 }, 5),
  /** How many values of a feature are tried as the place of a split. */
  maxBins: int({ from: 2 }, 32),
  minInstancesPerNode: int({ from: 1 }, 1),
  minWeightFractionPerNode: double({ from: 0, below: 0.5 }, 0),
  minInfoGain: double({ from: 0 }, 0),
  maxMemoryInMB: int({ from: 0 }, 256),
  cacheNodeIds: bool(false),
  checkpointInterval: int({ from: -1 }, 10),
  /** The column for the number of the leaf that a row ends in. */
  leafCol: nameOrNone(""),
  weightCol: nameOrNone(),
  /** The same seed gives the same model for the same data in the same partitions. */
  seed: long(),
};

export const FOREST = {
  ...TREE,
  numTrees: int({ from: 1 }, 20),
  bootstrap: bool(true),
  subsamplingRate: double({ above: 0, to: 1 }, 1),
  featureSubsetStrategy: featureSubset("auto"),
};

export const BOOSTED = {
  ...TREE,
  maxIter: int({ from: 0 }, 20),
  stepSize: double({ above: 0, to: 1 }, 0.1),
  subsamplingRate: double({ above: 0, to: 1 }, 1),
  featureSubsetStrategy: featureSubset("all"),
  validationIndicatorCol: nameOrNone(),
  validationTol: double({ from: 0 }, 0.01),
};

export const GINI = {
  impurity: oneOf(["gini", "entropy"], "gini"),
  /** Whether leaves beside each other that predict the same become one. */
  pruneTree: bool(true),
};
export const VARIANCE = { impurity: oneOf(["variance"], "variance") };

export const STEPS = { maxIter: int({ from: 0 }, 100), tol: double({ from: 0 }, 1e-6) };
export const BLOCKS = { aggregationDepth: int({ from: 2 }, 2), maxBlockSizeInMB: double({ from: 0 }, 0) };

export const LINEAR = {
  ...STEPS,
  ...BLOCKS,
  regParam: double({ from: 0 }, 0),
  fitIntercept: bool(true),
  standardization: bool(true),
  weightCol: nameOrNone(),
};

/** 0 is ridge (L2), 1 is lasso (L1). */
export const ELASTIC = { elasticNetParam: double({ from: 0, to: 1 }, 0) };

/** Factors of pairs of features. */
export const FACTORS = {
  ...STEPS,
  factorSize: int({ from: 1 }, 8),
  fitLinear: bool(true),
  fitIntercept: bool(true),
  regParam: double({ from: 0 }, 0),
  miniBatchFraction: double({ above: 0, to: 1 }, 1),
  initStd: double({ from: 0 }, 0.01),
  stepSize: double({ above: 0 }, 1),
  solver: oneOf(["gd", "adamW"], "adamW"),
  weightCol: nameOrNone(),
  seed: long(),
};
