import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { evaluateFrame, KIND, readOperator, type Told, writeOperator } from "./commands.ts";
import { classOf, Operator, type OperatorClass } from "./operator.ts";
import type { Params, ParamValues } from "./param.ts";
import { type SavePlan, savingClient } from "./writer.ts";

type EvaluatorClass<E> = OperatorClass & (new (params: never, uid: string) => E);

/** Measures predictions against what is true. */
export abstract class Evaluator<P extends Params> extends Operator<P> {
  constructor(params: ParamValues<P> = {}, uid?: string) {
    super(params, uid);
  }

  /** Loads what was saved. */
  static async load<E>(
    this: EvaluatorClass<E>,
    spark: SparkSession,
    path: string,
    options?: ActionOptions,
  ): Promise<E> {
    const { params, uid } = await readOperator(clientOf(spark), { ...options, its: this, kind: KIND.evaluator, path });
    return new this(params as never, uid);
  }

  /** The metric over a frame that has predictions and labels. */
  evaluate(frame: SparkQuery, options?: ActionOptions): Promise<number> {
    const { client, relation } = planOf(frame);
    return evaluateFrame(client, this.#told(), relation, options);
  }

  /** Whether more is better, for whoever looks for the best of several models. */
  abstract get isLargerBetter(): boolean;

  protected override saveAs(plan: SavePlan): Promise<void> {
    return writeOperator(savingClient(classOf(this).name, plan), { told: this.#told() }, plan);
  }

  #told(): Told {
    return { its: classOf(this), kind: KIND.evaluator, uid: this.uid, params: this.params };
  }
}
