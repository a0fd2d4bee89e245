import { inspect } from "node:util";
import type { SparkClient } from "../connect/client.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { ActionOptions, SparkQuery } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { reported } from "./at-once.ts";
import { exportedName, inspectParts, newUid } from "./operator.ts";
import { loadStages, saveStages } from "./pipeline-files.ts";
import { canBeAPart, type Saved } from "./saved.ts";
import { MlWriter, type SavePlan, savingClient } from "./writer.ts";

/** What turns a frame into another: a transformer, a model, a fitted pipeline. */
export interface Transforming extends Saved {
  transform(frame: SparkQuery): SparkDataFrame;
}

/** What learns such a thing from a frame: an estimator, a pipeline. */
export interface Fitting extends Saved {
  fit(frame: SparkQuery, options?: ActionOptions): Promise<Transforming>;
}

export type PipelineStage = Transforming | Fitting;

/** What a pipeline and its model share: stages with a name, that are saved together. */
abstract class Staged<S extends Saved> {
  readonly uid: string;
  readonly stages: readonly S[];

  constructor({ stages }: { readonly stages: readonly S[] }, uid: string) {
    this.stages = Object.freeze([...stages]);
    this.uid = uid;
  }

  /** How to save it, said before it is done: `write().overwrite().save(path)`. */
  write(): MlWriter {
    const { operator } = this.constructor as unknown as { readonly operator: string };
    return new MlWriter((plan) => saveStages(this.savingClient(plan), { ...this, operator }, plan));
  }

  /** Saves it in the server's file system, in Spark's own layout: PySpark loads it, and what PySpark saved is loaded here. */
  save(path: string, options?: ActionOptions): Promise<void> {
    return this.write().save(path, options);
  }

  toString(): string {
    return this.uid;
  }

  [inspect.custom](depth: number, options: object): string {
    return inspectParts(this, depth, options);
  }

  protected savingClient(plan: SavePlan): SparkClient {
    return savingClient(exportedName(this), plan);
  }
}

/** A pipeline that was fitted: its stages are transformers and models, one after the other. */
export class PipelineModel extends Staged<Transforming> implements AsyncDisposable {
  static readonly operator = "PipelineModel";
  readonly #client: SparkClient | undefined;

  constructor(
    parts: { readonly stages: readonly Transforming[] },
    uid = newUid("PipelineModel"),
    client?: SparkClient,
  ) {
    super(parts, uid);
    this.#client = client;
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<PipelineModel> {
    const { uid, stages } = await loadStages(spark, { ...options, path, operator: this.operator });
    return new PipelineModel({ stages: stages as Transforming[] }, uid, clientOf(spark));
  }

  transform(frame: SparkQuery): SparkDataFrame {
    // Frames are of one class; the first input is only read as a query.
    return this.stages.reduce((made, stage) => stage.transform(made), frame as SparkDataFrame);
  }

  /** Frees the models of all stages on the server. */
  async delete(): Promise<void> {
    await Promise.all(this.stages.map((stage) => (stage as Partial<PipelineModel>).delete?.()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }

  protected override savingClient(plan: SavePlan): SparkClient {
    return plan.client ?? this.#client ?? super.savingClient(plan);
  }
}

/**
 * Stages that are fitted one after the other, each on what those before it made of the frame.
 *
 * @example
 * const pipeline = new Pipeline({ stages: [indexer, assembler, forest] });
 * const model = await pipeline.fit(train);
 * await model.write().overwrite().save("models/churn");
 */
export class Pipeline extends Staged<PipelineStage> {
  static readonly operator = "Pipeline";

  constructor(parts: { readonly stages: readonly PipelineStage[] }, uid = newUid("Pipeline")) {
    super(parts, uid);
  }

  /** Loads what was saved, here or by PySpark. */
  static async load(spark: SparkSession, path: string, options?: ActionOptions): Promise<Pipeline> {
    const { uid, stages } = await loadStages(spark, { ...options, path, operator: this.operator });
    return new Pipeline({ stages: stages as PipelineStage[] }, uid);
  }

  /** Each estimator runs the query of the frame with the stages before it, so that a costly frame is better persisted before. */
  async fit(frame: SparkQuery, options: ActionOptions = {}): Promise<PipelineModel> {
    const fitted: Transforming[] = [];
    const learned: Transforming[] = [];
    let current = frame;
    const last = this.stages.findLastIndex((stage) => "fit" in stage);
    try {
      for (const [i, stage] of this.stages.entries()) {
        const isFitting = "fit" in stage;
        const made = isFitting
          ? await stage.fit(current, reported(options, `stage ${i + 1} of ${this.stages.length}`))
          : stage;
        fitted.push(made);
        if (isFitting) learned.push(made);
        if (i < last) current = made.transform(current);
      }
    } catch (error) {
      await new PipelineModel({ stages: learned }).delete().catch(() => undefined);
      throw error;
    }
    return new PipelineModel({ stages: fitted }, this.uid, planOf(frame).client);
  }
}

canBeAPart(Pipeline);
canBeAPart(PipelineModel);
