import type { ActionOptions, SparkQuery } from "../query.ts";
import { ClassificationSummary, ClassificationTrainingSummary } from "./classification-summary.ts";
import type { Model } from "./model.ts";
import type { ModelRef } from "./model-ref.ts";
import type { Params } from "./param.ts";

/** What a model of classes knows beside what its kind does: lines, trees and factors predict numbers too. */
export interface Classifying {
  readonly numClasses: Promise<number>;
}

/** One whose fit the server can tell of. */
export interface SummarizedClassifying extends Classifying {
  /** How the fit went. */
  readonly summary: ClassificationTrainingSummary;
  /** How good it is on other rows. */
  evaluate(frame: SparkQuery, options?: ActionOptions): Promise<ClassificationSummary>;
}

type Kind<M, V> = Pick<typeof Model, "load"> & (abstract new (ref: ModelRef, params: V, uid: string) => M);

/** A kind of model, for classes. */
export function classifying<M extends object, V>(kind: Kind<M, V>): Kind<M & Classifying, V> {
  abstract class ClassifyingModel extends asModel(kind) implements Classifying {
    get numClasses(): Promise<number> {
      return this.attribute("numClasses");
    }
  }
  return ClassifyingModel as unknown as Kind<M & Classifying, V>;
}

/** A kind of model, for classes, with summaries. */
export function summarizedClassifying<M extends object, V>(
  kind: Kind<M, V>,
): Kind<M & SummarizedClassifying, V> & { readonly hasSummary: true } {
  abstract class SummarizedModel extends asModel(classifying(kind)) {
    static readonly hasSummary = true;

    get summary(): ClassificationTrainingSummary {
      return this.summaryAs(ClassificationTrainingSummary);
    }

    evaluate(frame: SparkQuery, options?: ActionOptions): Promise<ClassificationSummary> {
      return this.evaluateAs(ClassificationSummary, frame, options);
    }
  }
  return SummarizedModel as unknown as ReturnType<typeof summarizedClassifying<M, V>>;
}

/** A class can only extend a type that is known: what this kind adds to a model the types above tell. */
function asModel<M, V>(kind: Kind<M, V>): Kind<Model<Params>, V> {
  return kind as unknown as Kind<Model<Params>, V>;
}
