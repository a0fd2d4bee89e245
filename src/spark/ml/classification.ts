import type { Matrix } from "../connect/linear-algebra.ts";
import { classifying, summarizedClassifying } from "./classifying.ts";
import { Estimator } from "./estimator.ts";
import { anyNumber, double, int, ints, long, matrix, name, nameOrNone, oneOf, vector } from "./param.ts";
import { FactorizationModel, LinearModel, PredictionModel } from "./predictors.ts";
import { CLASSIFIER, ELASTIC, FACTORS, LINEAR, PREDICTOR, STEPS } from "./shared-params.ts";

const LOGISTIC = {
  ...CLASSIFIER,
  ...LINEAR,
  ...ELASTIC,
  /** Of two classes, the probability from which on the second is predicted. */
  threshold: double({ from: 0, to: 1 }, 0.5),
  family: oneOf(["auto", "binomial", "multinomial"], "auto"),
  lowerBoundsOnCoefficients: matrix(),
  upperBoundsOnCoefficients: matrix(),
  lowerBoundsOnIntercepts: vector(),
  upperBoundsOnIntercepts: vector(),
};
const BAYES = {
  ...CLASSIFIER,
  modelType: oneOf(["multinomial", "bernoulli", "gaussian", "complement"], "multinomial"),
  smoothing: double({ from: 0 }, 1),
  weightCol: nameOrNone(),
};
const SUPPORT_VECTORS = {
  ...PREDICTOR,
  ...LINEAR,
  rawPredictionCol: name("rawPrediction"),
  /** The score above which the second class is predicted. */
  threshold: anyNumber(0),
};
const PERCEPTRON = {
  ...CLASSIFIER,
  ...STEPS,
  /** How many there are in each layer: first the features, last the classes. */
  layers: ints({ from: 1 }),
  solver: oneOf(["l-bfgs", "gd"], "l-bfgs"),
  stepSize: double({ above: 0 }, 0.03),
  blockSize: int({ from: 1 }, 128),
  initialWeights: vector(),
  seed: long(),
};
const MACHINE = { ...CLASSIFIER, ...FACTORS };

/** A logistic regression that was fitted; of more than two classes `coefficientMatrix` and `interceptVector` hold what it knows. */
export class LogisticRegressionModel extends summarizedClassifying(LinearModel<typeof LOGISTIC>) {
  static readonly operator = "classification.LogisticRegressionModel";
  static readonly takes = LOGISTIC;

  /** A row of coefficients for each class, or one in all where there are two. */
  get coefficientMatrix(): Promise<Matrix> {
    return this.attribute("coefficientMatrix");
  }

  get interceptVector(): Promise<number[]> {
    return this.attribute("interceptVector");
  }
}

/** The probability of a class from a weighted sum of the features; the labels are 0, 1, 2… */
export class LogisticRegression extends Estimator<typeof LOGISTIC, LogisticRegressionModel> {
  static readonly operator = "classification.LogisticRegression";
  static readonly takes = LOGISTIC;
  protected override readonly model = LogisticRegressionModel;
}

/** A line that parts two classes. */
export class LinearSVCModel extends summarizedClassifying(LinearModel<typeof SUPPORT_VECTORS>) {
  static readonly operator = "classification.LinearSVCModel";
  static readonly takes = SUPPORT_VECTORS;
}

/** A line between two classes, 0 and 1, with as much room on both sides as can be: a linear support vector machine. */
export class LinearSVC extends Estimator<typeof SUPPORT_VECTORS, LinearSVCModel> {
  static readonly operator = "classification.LinearSVC";
  static readonly takes = SUPPORT_VECTORS;
  protected override readonly model = LinearSVCModel;
}

/** What a feature says of each class. */
export class NaiveBayesModel extends classifying(PredictionModel<typeof BAYES>) {
  static readonly operator = "classification.NaiveBayesModel";
  static readonly takes = BAYES;

  /** The logarithm of the share of each class. */
  get pi(): Promise<number[]> {
    return this.attribute("pi");
  }

  /** A row for each class: the logarithms of the probabilities of the features, or their means. */
  get theta(): Promise<Matrix> {
    return this.attribute("theta");
  }

  /** A row for each class, of the type "gaussian": the variances of the features. */
  get sigma(): Promise<Matrix> {
    return this.attribute("sigma");
  }
}

/** Classes by features that are taken as independent; the labels are 0, 1, 2… */
export class NaiveBayes extends Estimator<typeof BAYES, NaiveBayesModel> {
  static readonly operator = "classification.NaiveBayes";
  static readonly takes = BAYES;
  protected override readonly model = NaiveBayesModel;
}

/** Layers that were fitted. */
export class MultilayerPerceptronClassificationModel extends summarizedClassifying(PredictionModel<typeof PERCEPTRON>) {
  static readonly operator = "classification.MultilayerPerceptronClassificationModel";
  static readonly takes = PERCEPTRON;

  get weights(): Promise<number[]> {
    return this.attribute("weights");
  }
}

/** A net of layers, each of which sees all of the one before; the labels are 0, 1, 2… */
export class MultilayerPerceptronClassifier extends Estimator<
  typeof PERCEPTRON,
  MultilayerPerceptronClassificationModel
> {
  static readonly operator = "classification.MultilayerPerceptronClassifier";
  static readonly takes = PERCEPTRON;
  protected override readonly model = MultilayerPerceptronClassificationModel;
}

/** Factors that were fitted. */
export class FMClassificationModel extends summarizedClassifying(FactorizationModel<typeof MACHINE>) {
  static readonly operator = "classification.FMClassificationModel";
  static readonly takes = MACHINE;
}

/** A line with the products of pairs of features, by factors of these; two classes, 0 and 1. */
export class FMClassifier extends Estimator<typeof MACHINE, FMClassificationModel> {
  static readonly operator = "classification.FMClassifier";
  static readonly takes = MACHINE;
  protected override readonly model = FMClassificationModel;
}
