import { UsageError } from "../../errors.ts";
import { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { describe, fetchAttribute, KIND, modelSize, readOperator, type Told, writeOperator } from "./commands.ts";
import { keepFor, ModelRef } from "./model-ref.ts";
import { classOf, Operator, type OperatorClass } from "./operator.ts";
import type { Params, ParamValues } from "./param.ts";
import type { SavePlan } from "./writer.ts";

/** `hasSummary` says that the server can tell how the fit went, for which the plan of the rows is kept. */
export type ModelClass<M> = OperatorClass & { readonly hasSummary?: true } & (new (
    ref: ModelRef,
    params: never,
    uid: string,
  ) => M);

/**
 * A model that was fitted or loaded. It lives on the server, is freed there when nothing here holds it or a frame made by it any
 * more, at the end of the session, by `delete()`, and at the end of a block: `await using model = await forest.fit(train)`.
 */
export abstract class Model<P extends Params> extends Operator<P> implements AsyncDisposable {
  readonly #ref: ModelRef;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(ref: ModelRef, params: ParamValues<P>, uid: string) {
    super(params, uid);
    this.#ref = ref;
  }

  /**
   * Loads what was saved, by this program or by another client of Spark.
   *
   * @throws {EngineError} E_SPARK_PATH_NOT_FOUND
   */
  static async load<M>(this: ModelClass<M>, spark: SparkSession, path: string, options?: ActionOptions): Promise<M> {
    const client = clientOf(spark);
    const { params, uid, id = "" } = await readOperator(client, { ...options, its: this, kind: KIND.model, path });
    return new this(new ModelRef(client, id, this.name), params as never, uid);
  }

  /**
   * The frame with the predictions, or what else the model adds: a query, which runs when it is collected.
   *
   * @throws {UsageError} E_ML_FREED, E_ML_SESSION
   */
  transform(frame: SparkQuery): SparkDataFrame {
    const { client, relation: input } = planOf(frame);
    if (client !== this.#ref.client)
      throw new UsageError("E_ML_SESSION", `this ${classOf(this).name} is of another session than the frame`, {
        hint: "save the model, and load it in the session of the frame",
      });
    const { params } = describe(this.#told());
    const value = { operator: { case: "objRef" as const, value: { id: this.#ref.id } }, input, params };
    keepFor(value, this.#ref);
    return new SparkDataFrame(client, {
      relType: { case: "mlRelation", value: { mlType: { case: "transform", value } } },
    });
  }

  /** The same model with other parameters, such as another `predictionCol`. */
  copy(params: ParamValues<P>): this {
    const made = this.constructor as ModelClass<this>;
    return new made(this.#ref, { ...this.params, ...params } as never, this.uid);
  }

  /** Bytes in the server's memory; asks a server of 4.1 or newer. */
  get estimatedSize(): Promise<number> {
    return this.#once("estimatedSize", () => modelSize(this.#ref.client, this.#ref.id)) as Promise<number>;
  }

  /** Frees the model on the server, with its copies; frames made by it cannot run any more. */
  delete(): Promise<void> {
    return this.#ref.delete();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }

  /** Something that the model knows, asked of the server once. */
  protected attribute<T>(name: string): Promise<T> {
    return this.#once(name, () => fetchAttribute(this.#ref.client, this.#ref.id, name)) as Promise<T>;
  }

  /** How the fit went: asked of the server only when something of it is. */
  protected summaryAs<S>(Summary: new (model: ModelRef) => S): S {
    return new Summary(this.#ref);
  }

  protected override saveAs(plan: SavePlan): Promise<void> {
    return writeOperator(this.#ref.client, { told: this.#told(), id: this.#ref.id }, plan);
  }

  #once(name: string, ask: () => Promise<unknown>): Promise<unknown> {
    const known = this.#known.get(name);
    if (known) return known;
    const asked = (async () => ask())();
    this.#known.set(name, asked);
    asked.catch(() => this.#known.delete(name));
    return asked;
  }

  #told(): Told {
    return { its: classOf(this), kind: KIND.model, uid: this.uid, params: this.params };
  }
}
