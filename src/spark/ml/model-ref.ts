import { AsyncResource } from "node:async_hooks";
import { UsageError } from "../../errors.ts";
import type { RelationInit, SparkClient } from "../connect/client.ts";

/** A model on the server, freed there when nothing here can reach it any more. */
export class ModelRef {
  readonly client: SparkClient;
  readonly #id: string;
  readonly #label: string;
  #freed: Promise<void> | undefined;
  #trainedOn: RelationInit | undefined;

  constructor(client: SparkClient, id: string, label: string, trainedOn?: RelationInit) {
    this.#trainedOn = trainedOn;
    this.client = client;
    this.#id = id;
    this.#label = label;
    abandoned.register(this, { client, id }, this);
  }

  /** @throws {UsageError} E_ML_FREED */
  get id(): string {
    this.#checkThere();
    return this.#id;
  }

  /**
   * The plan of the rows that it was fitted on, of a model with a summary: it holds the models that made these rows, as every frame does,
   * but no data beyond a megabyte. Undefined for one that was loaded.
   *
   * @throws {UsageError} E_ML_FREED
   */
  get trainedOn(): RelationInit | undefined {
    this.#checkThere();
    return this.#trainedOn;
  }

  delete(): Promise<void> {
    this.#trainedOn = undefined;
    abandoned.unregister(this);
    this.#freed ??= outsideOfCells.runInAsyncScope(() => deleteModels(this.client, [this.#id]));
    return this.#freed;
  }

  #checkThere(): void {
    if (this.#freed)
      throw new UsageError("E_ML_FREED", `this ${this.#label} was deleted on the server`, {
        hint: "fit again, or load it from where it was saved",
      });
  }
}

/** A frame needs the model of its plan as long as it can be run, also when nobody else does. */
const modelsOfPlans = new WeakMap<object, ModelRef>();

/** Keeps a model for as long as a part of a plan lives. */
export function keepFor(plan: object, model: ModelRef): void {
  modelsOfPlans.set(plan, model);
}

interface Abandoned {
  readonly client: SparkClient;
  readonly id: string;
}

/** Long enough for a collection of garbage to be one command. */
const GATHER_MS = 50;

const waiting = new Map<SparkClient, string[]>();
/** The context of no cell: what a cell leaves must be freed also when that cell was stopped. */
const outsideOfCells = new AsyncResource("outgrow.models");
const abandoned = new FinalizationRegistry<Abandoned>(({ client, id }) => {
  if (waiting.size === 0) setTimeout(freeAbandoned, GATHER_MS).unref();
  waiting.set(client, [...(waiting.get(client) ?? []), id]);
});

/** Frees what nobody can reach. A session that ended took its models with it, so that an error here is about nothing. */
function freeAbandoned(): void {
  for (const [client, ids] of waiting)
    outsideOfCells.runInAsyncScope(() => deleteModels(client, ids)).catch(() => undefined);
  waiting.clear();
}

async function deleteModels(client: SparkClient, ids: readonly string[]): Promise<void> {
  if (client.isClosed) return;
  // Servers of 4.0 take one model a command.
  const batches = (await client.version()).startsWith("4.0.") ? ids.map((id) => [id]) : [ids];
  for (const batch of batches) {
    const objRefs = batch.map((id) => ({ id }));
    await client.ml({ command: { case: "delete", value: { objRefs } } });
  }
}
