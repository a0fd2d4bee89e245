import { EngineError } from "../../errors.ts";
import type { RelationInit, SparkClient } from "../connect/client.ts";
import { SparkDataFrame } from "../dataframe.ts";
import { type FetchArg, fetchAttribute, fetchOf, remakeSummary } from "./commands.ts";
import { keepFor, type ModelRef } from "./model-ref.ts";
import { doubleLiteral } from "./values.ts";

/**
 * How good a model is on some rows. That of the fit the server keeps with the model that was fitted, not with one that was loaded. One
 * that it lost, as it moved the model to its disk, is made again from the rows as they are then.
 */
export abstract class Summary {
  readonly #ref: ModelRef;
  readonly #path: readonly string[];

  /** @param path the names on the way from what the server holds to the summary */
  constructor(ref: ModelRef, path: readonly string[]) {
    this.#ref = ref;
    this.#path = path;
  }

  /** The rows with their predictions. */
  get predictions(): SparkDataFrame {
    return this.frame("predictions");
  }

  protected value<T>(name: string, ...args: readonly number[]): Promise<T> {
    const { client, id, trainedOn } = this.#ref;
    const given = args.map((value): FetchArg => ({ param: doubleLiteral(value) }));
    const ask = () => fetchAttribute(client, id, [...this.#path, name], given) as Promise<T>;
    return ask().catch(async (error: unknown) => {
      if (!isLost(error) || !trainedOn) throw error;
      await remade(client, id, trainedOn);
      return ask();
    });
  }

  protected frame(name: string, ...args: readonly FetchArg[]): SparkDataFrame {
    const { client, id, trainedOn } = this.#ref;
    const fetch = fetchOf(id, [...this.#path, name], args);
    keepFor(fetch, this.#ref);
    const value = {
      mlType: { case: "fetch" as const, value: fetch },
      ...(trainedOn && { modelSummaryDataset: trainedOn }),
    };
    return new SparkDataFrame(client, { relType: { case: "mlRelation", value } });
  }
}

async function remade(client: SparkClient, id: string, trainedOn: RelationInit): Promise<void> {
  try {
    await remakeSummary(client, id, trainedOn);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(
      "E_ML_NO_SUMMARY",
      `the server lost this summary, and the rows of the fit: ${error.message}`,
      {
        cause: error,
        hint: "fit it again, or measure its predictions with an evaluator",
      },
    );
  }
}

function isLost(error: unknown): boolean {
  return error instanceof EngineError && error.code === "E_SPARK_CONNECT_ML_MODEL_SUMMARY_LOST";
}
