import type { SparkDataFrame } from "../dataframe.ts";
import { Summary } from "./summary.ts";
import { stringLiteral } from "./values.ts";

/** How well a line fits. */
export class LinearRegressionSummary extends Summary {
  get explainedVariance(): Promise<number> {
    return this.value("explainedVariance");
  }

  get meanAbsoluteError(): Promise<number> {
    return this.value("meanAbsoluteError");
  }

  get meanSquaredError(): Promise<number> {
    return this.value("meanSquaredError");
  }

  get rootMeanSquaredError(): Promise<number> {
    return this.value("rootMeanSquaredError");
  }

  get r2(): Promise<number> {
    return this.value("r2");
  }

  get r2adj(): Promise<number> {
    return this.value("r2adj");
  }

  get numInstances(): Promise<number> {
    return this.value("numInstances");
  }

  get degreesOfFreedom(): Promise<number> {
    return this.value("degreesOfFreedom");
  }

  get devianceResiduals(): Promise<number[]> {
    return this.value("devianceResiduals");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get coefficientStandardErrors(): Promise<number[]> {
    return this.value("coefficientStandardErrors");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get tValues(): Promise<number[]> {
    return this.value("tValues");
  }

  /** Of the solver `normal` alone; the last is of the intercept. */
  get pValues(): Promise<number[]> {
    return this.value("pValues");
  }

  /** What the prediction leaves of each label. */
  get residuals(): SparkDataFrame {
    return this.frame("residuals");
  }
}

/** How well a line fits the rows of the fit, and how that went. */
export class LinearRegressionTrainingSummary extends LinearRegressionSummary {
  /** What the algorithm made smaller, before the first step and after each. */
  get objectiveHistory(): Promise<number[]> {
    return this.value("objectiveHistory");
  }

  get totalIterations(): Promise<number> {
    return this.value("totalIterations");
  }
}

/** What the residuals of a generalised regression are measured by. */
export type ResidualsType = "deviance" | "pearson" | "working" | "response";

/** How well a generalised line fits. */
export class GeneralizedLinearRegressionSummary extends Summary {
  get numInstances(): Promise<number> {
    return this.value("numInstances");
  }

  get rank(): Promise<number> {
    return this.value("rank");
  }

  get degreesOfFreedom(): Promise<number> {
    return this.value("degreesOfFreedom");
  }

  get residualDegreeOfFreedom(): Promise<number> {
    return this.value("residualDegreeOfFreedom");
  }

  get residualDegreeOfFreedomNull(): Promise<number> {
    return this.value("residualDegreeOfFreedomNull");
  }

  get nullDeviance(): Promise<number> {
    return this.value("nullDeviance");
  }

  get deviance(): Promise<number> {
    return this.value("deviance");
  }

  get dispersion(): Promise<number> {
    return this.value("dispersion");
  }

  /** Akaike's information criterion. */
  get aic(): Promise<number> {
    return this.value("aic");
  }

  /** What the prediction leaves of each label. */
  residuals(type: ResidualsType = "deviance"): SparkDataFrame {
    return this.frame("residuals", { param: stringLiteral(type) });
  }
}

/** How well a generalised line fits the rows of the fit, and how that went. */
export class GeneralizedLinearRegressionTrainingSummary extends GeneralizedLinearRegressionSummary {
  get numIterations(): Promise<number> {
    return this.value("numIterations");
  }

  get solver(): Promise<string> {
    return this.value("solver");
  }

  /** The last is of the intercept. */
  get coefficientStandardErrors(): Promise<number[]> {
    return this.value("coefficientStandardErrors");
  }

  /** The last is of the intercept. */
  get tValues(): Promise<number[]> {
    return this.value("tValues");
  }

  /** The last is of the intercept. */
  get pValues(): Promise<number[]> {
    return this.value("pValues");
  }
}
