import type { Matrix } from "../connect/linear-algebra.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, int, ints, name, names, oneOf, text } from "./param.ts";
import { COLUMN } from "./shared-params.ts";
import { Transformer } from "./transformer.ts";

const PCA_PARAMS = { ...COLUMN, k: int({ from: 1 }, undefined) };
const POLYNOMIAL = { ...COLUMN, degree: int({ from: 1 }, 2) };
const SLICER = { ...COLUMN, indices: ints({ from: 0 }), names: names() };
const SIZE_HINT = {
  inputCol: name(),
  size: int({ from: 0 }),
  /** What a row with a vector of another size does: end the query, be left out, or pass. */
  handleInvalid: oneOf(["error", "skip", "optimistic"], "error"),
};
const INTERACTION = { inputCols: names({ required: true }), outputCol: name() };
const COSINE = { ...COLUMN, inverse: bool(false) };
const HASHER = {
  ...INTERACTION,
  /** Columns of numbers that are categories. */
  categoricalCols: names(),
  numFeatures: int({ from: 1 }, 2 ** 18),
};
const SQL = {
  /** A SELECT in which `__THIS__` is the frame. */
  statement: text(undefined, { required: true }),
};

/** The directions that were found. */
export class PCAModel extends Model<typeof PCA_PARAMS> {
  static readonly operator = "feature.PCAModel";
  static readonly takes = PCA_PARAMS;

  /** A column for each component. */
  get pc(): Promise<Matrix> {
    return this.attribute("pc");
  }

  /** The share of the variance in each. */
  get explainedVariance(): Promise<number[]> {
    return this.attribute("explainedVariance");
  }
}

/** Vectors to their k components of most variance. */
export class PCA extends Estimator<typeof PCA_PARAMS, PCAModel> {
  static readonly operator = "feature.PCA";
  static readonly takes = PCA_PARAMS;
  protected override readonly model = PCAModel;
}

/** Vectors to all products of their features up to a degree. */
export class PolynomialExpansion extends Transformer<typeof POLYNOMIAL> {
  static readonly operator = "feature.PolynomialExpansion";
  static readonly takes = POLYNOMIAL;
}

/** Vectors to some of their features. */
export class VectorSlicer extends Transformer<typeof SLICER> {
  static readonly operator = "feature.VectorSlicer";
  static readonly takes = SLICER;
}

/** Says how long the vectors of a column are, and what becomes of others. */
export class VectorSizeHint extends Transformer<typeof SIZE_HINT> {
  static readonly operator = "feature.VectorSizeHint";
  static readonly takes = SIZE_HINT;
}

/** Columns to a vector of the products of one value of each. */
export class Interaction extends Transformer<typeof INTERACTION> {
  static readonly operator = "feature.Interaction";
  static readonly takes = INTERACTION;
}

/** Vectors by the discrete cosine transform. */
export class DCT extends Transformer<typeof COSINE> {
  static readonly operator = "feature.DCT";
  static readonly takes = COSINE;
}

/** Columns of numbers and words to one vector, each value in the place that its hash gives. */
export class FeatureHasher extends Transformer<typeof HASHER> {
  static readonly operator = "feature.FeatureHasher";
  static readonly takes = HASHER;
}

/** What a SELECT makes of the frame. */
export class SQLTransformer extends Transformer<typeof SQL> {
  static readonly operator = "feature.SQLTransformer";
  static readonly takes = SQL;
}
