import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { fitModel, KIND, readOperator, type Told, writeOperator } from "./commands.ts";
import type { ModelClass } from "./model.ts";
import { ModelRef } from "./model-ref.ts";
import { classOf, Operator, type OperatorClass } from "./operator.ts";
import type { Params, ParamValues } from "./param.ts";
import { type SavePlan, savingClient } from "./writer.ts";

type EstimatorClass<E> = OperatorClass & (new (params: never, uid: string) => E);

/** Learns a model from a frame: what the server learned is an `L`, which for nearly all is the model itself. */
export abstract class Estimator<P extends Params, M, L = M> extends Operator<P> {
  constructor(params: ParamValues<P> = {}, uid?: string) {
    super(params, uid);
  }

  /** Loads what was saved. */
  static async load<E>(
    this: EstimatorClass<E>,
    spark: SparkSession,
    path: string,
    options?: ActionOptions,
  ): Promise<E> {
    const { params, uid } = await readOperator(clientOf(spark), { ...options, its: this, kind: KIND.estimator, path });
    return new this(params as never, uid);
  }

  /**
   * Fits on the server. The frame's query runs once or more for it, so that a costly one is better persisted before. Aborting the
   * signal ends the job on the server.
   *
   * @throws {EngineError} for a column that is not there, labels that are no classes, rows that are none
   */
  async fit(frame: SparkQuery, options?: ActionOptions): Promise<M> {
    const { client, relation } = planOf(frame);
    const id = await fitModel(client, this.#told(), relation, options);
    const { model } = this;
    const kept = Object.entries(this.params).filter(([name]) => name in model.takes);
    const ref = new ModelRef(client, id, model.name, model.hasSummary && relation);
    return this.modelOf(new model(ref, Object.fromEntries(kept) as never, this.uid));
  }

  /** The same estimator with other parameters. */
  copy(params: ParamValues<P>): this {
    const made = this.constructor as EstimatorClass<this>;
    return new made({ ...this.params, ...params } as never, this.uid);
  }

  /** The class of what it learns. */
  protected abstract readonly model: ModelClass<L>;

  /** The model that what the server learned stands for. */
  protected modelOf(learned: L): M | Promise<M> {
    return learned as unknown as M;
  }

  protected override saveAs(plan: SavePlan): Promise<void> {
    return writeOperator(savingClient(classOf(this).name, plan), { told: this.#told() }, plan);
  }

  #told(): Told {
    return { its: classOf(this), kind: KIND.estimator, uid: this.uid, params: this.params };
  }
}
