import { UsageError } from "../../errors.ts";
import type { RelationInit } from "../connect/client.ts";
import { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import {
  describe,
  evaluateModel,
  type FetchArg,
  fetchAttribute,
  fetchOf,
  KIND,
  modelSize,
  readOperator,
  type Told,
  writeOperator,
} from "./commands.ts";
import { keepFor, ModelRef } from "./model-ref.ts";
import { classOf, Operator, type OperatorClass } from "./operator.ts";
import type { Params, ParamValues } from "./param.ts";
import type { SavePlan } from "./writer.ts";

type SummaryClass<S> = new (ref: ModelRef, path: readonly string[]) => S;

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
    const input = this.planOf(frame);
    const { params } = describe(this.#told());
    const value = { operator: { case: "objRef" as const, value: { id: this.#ref.id } }, input, params };
    keepFor(value, this.#ref);
    return new SparkDataFrame(this.#ref.client, {
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
    return this.#once(name, () => this.call(name)) as Promise<T>;
  }

  /** What a method of the model gives. */
  protected call<T>(name: string, ...args: readonly FetchArg[]): Promise<T> {
    return fetchAttribute(this.#ref.client, this.#ref.id, [name], args) as Promise<T>;
  }

  /** A frame that the model holds or makes: a query, which runs when it is collected. */
  protected frameOf(name: string, ...args: readonly FetchArg[]): SparkDataFrame {
    const value = fetchOf(this.#ref.id, [name], args);
    keepFor(value, this.#ref);
    return new SparkDataFrame(this.#ref.client, {
      relType: { case: "mlRelation", value: { mlType: { case: "fetch", value } } },
    });
  }

  /** @throws {UsageError} E_ML_SESSION for a frame of another session */
  protected planOf(frame: SparkQuery): RelationInit {
    const { client, relation } = planOf(frame);
    if (client === this.#ref.client) return relation;
    throw new UsageError("E_ML_SESSION", `this ${classOf(this).name} is of another session than the frame`, {
      hint: "save the model, and load it in the session of the frame",
    });
  }

  /**
   * How the fit went: asked of the server only when something of it is.
   *
   * @throws {UsageError} E_ML_NO_SUMMARY
   */
  protected summaryAs<S>(Summary: SummaryClass<S>): S {
    if (this.#ref.trainedOn) return new Summary(this.#ref, ["summary"]);
    throw new UsageError("E_ML_NO_SUMMARY", "a model that was loaded has no summary of its fit", {
      hint: "fit it again, or measure its predictions with an evaluator",
    });
  }

  /** How good the model is on the rows of a frame, which the server keeps until nobody here holds it. */
  protected async evaluateAs<S>(Summary: SummaryClass<S>, frame: SparkQuery, options?: ActionOptions): Promise<S> {
    const id = await evaluateModel(this.#ref.client, this.#ref.id, this.planOf(frame), options);
    return new Summary(new ModelRef(this.#ref.client, id, Summary.name), []);
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
