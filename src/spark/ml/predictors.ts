import type { Matrix } from "../connect/linear-algebra.ts";
import { Model } from "./model.ts";
import type { Params } from "./param.ts";

/** A model that predicts one number or class a row. */
export abstract class PredictionModel<P extends Params> extends Model<P> {
  get numFeatures(): Promise<number> {
    return this.attribute("numFeatures");
  }
}

/** One tree. */
export abstract class TreeModel<P extends Params> extends PredictionModel<P> {
  get depth(): Promise<number> {
    return this.attribute("depth");
  }

  get numNodes(): Promise<number> {
    return this.attribute("numNodes");
  }

  /** How much each feature explains; they sum to 1. */
  get featureImportances(): Promise<number[]> {
    return this.attribute("featureImportances");
  }

  /** The tree as text. */
  get toDebugString(): Promise<string> {
    return this.attribute("toDebugString");
  }
}

/** Many trees that vote, or add up. */
export abstract class TreeEnsembleModel<P extends Params> extends PredictionModel<P> {
  get getNumTrees(): Promise<number> {
    return this.attribute("getNumTrees");
  }

  get totalNumNodes(): Promise<number> {
    return this.attribute("totalNumNodes");
  }

  get treeWeights(): Promise<number[]> {
    return this.attribute("treeWeights");
  }

  /** How much each feature explains; they sum to 1. */
  get featureImportances(): Promise<number[]> {
    return this.attribute("featureImportances");
  }

  /** The trees as text. */
  get toDebugString(): Promise<string> {
    return this.attribute("toDebugString");
  }
}

/** A weighted sum of the features. */
export abstract class LinearModel<P extends Params> extends PredictionModel<P> {
  get coefficients(): Promise<number[]> {
    return this.attribute("coefficients");
  }

  get intercept(): Promise<number> {
    return this.attribute("intercept");
  }
}

/** A weighted sum of the features and of the products of their pairs. */
export abstract class FactorizationModel<P extends Params> extends PredictionModel<P> {
  get intercept(): Promise<number> {
    return this.attribute("intercept");
  }

  get linear(): Promise<number[]> {
    return this.attribute("linear");
  }

  /** A row for each feature. */
  get factors(): Promise<Matrix> {
    return this.attribute("factors");
  }
}
