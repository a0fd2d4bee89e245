import { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { describe, KIND, readOperator, type Told, writeOperator } from "./commands.ts";
import { classOf, Operator, type OperatorClass } from "./operator.ts";
import type { Params, ParamValues } from "./param.ts";
import { type SavePlan, savingClient } from "./writer.ts";

type TransformerClass<T> = OperatorClass & (new (params: never, uid: string) => T);

/** Adds columns to a frame; what it does needs no fitting. */
export abstract class Transformer<P extends Params> extends Operator<P> {
  constructor(params: ParamValues<P> = {}, uid?: string) {
    super(params, uid);
  }

  /** Loads what was saved. */
  static async load<T>(
    this: TransformerClass<T>,
    spark: SparkSession,
    path: string,
    options?: ActionOptions,
  ): Promise<T> {
    const { params, uid } = await readOperator(clientOf(spark), {
      ...options,
      its: this,
      kind: KIND.transformer,
      path,
    });
    return new this(params as never, uid);
  }

  /** The frame with the new columns: a query, which runs when it is collected. */
  transform(frame: SparkQuery): SparkDataFrame {
    const { client, relation: input } = planOf(frame);
    const { operator, params } = describe(this.#told());
    const value = { operator: { case: "transformer" as const, value: operator }, input, params };
    return new SparkDataFrame(client, {
      relType: { case: "mlRelation", value: { mlType: { case: "transform", value } } },
    });
  }

  /** The same transformer with other parameters. */
  copy(params: ParamValues<P>): this {
    const made = this.constructor as TransformerClass<this>;
    return new made({ ...this.params, ...params } as never, this.uid);
  }

  protected override saveAs(plan: SavePlan): Promise<void> {
    return writeOperator(savingClient(classOf(this).name, plan), { told: this.#told() }, plan);
  }

  #told(): Told {
    return { its: classOf(this), kind: KIND.transformer, uid: this.uid, params: this.params };
  }
}
