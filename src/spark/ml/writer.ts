import { UsageError } from "../../errors.ts";
import { activeSession } from "../active.ts";
import type { SparkClient } from "../connect/client.ts";
import type { ActionOptions } from "../query.ts";
import { clientOf, type SparkSession } from "../session.ts";

/** How something is to be saved. */
export interface SavePlan extends ActionOptions {
  readonly path: string;
  readonly overwrite: boolean;
  readonly writerOptions: Readonly<Record<string, string>>;
  /** The session to save with, where the thing itself has none. */
  readonly client: SparkClient | undefined;
}

let setClient: (writer: MlWriter, client: SparkClient) => MlWriter;

/** Has the writer of a part save with the client and the options of the whole, for the room of ML. */
export function writingWith(
  writer: MlWriter,
  client: SparkClient,
  options: Readonly<Record<string, string>> = {},
): MlWriter {
  for (const [key, value] of Object.entries(options)) writer.option(key, value);
  return setClient(writer, client);
}

/** Says how to save before `save(path)` does it: `model.write().overwrite().save("models/churn")`. */
export class MlWriter {
  readonly #save: (plan: SavePlan) => Promise<void>;
  readonly #options: Record<string, string> = {};
  #overwrite = false;
  #client: SparkClient | undefined;

  static {
    setClient = (writer, client) => {
      writer.#client = client;
      return writer;
    };
  }

  constructor(save: (plan: SavePlan) => Promise<void>) {
    this.#save = save;
  }

  /** Replaces what stands at the path. */
  overwrite(): this {
    this.#overwrite = true;
    return this;
  }

  option(key: string, value: string | number | boolean): this {
    this.#options[key] = String(value);
    return this;
  }

  /** The session to save with, for estimators, evaluators and transformers, which belong to none; without it the active one. */
  session(spark: SparkSession): this {
    return setClient(this, clientOf(spark)) as this;
  }

  /**
   * @throws {EngineError} where something stands at the path already, and `overwrite` was not said
   */
  save(path: string, options?: ActionOptions): Promise<void> {
    const client = this.#client;
    return this.#save({ ...options, path, overwrite: this.#overwrite, writerOptions: this.#options, client });
  }
}

/** The client of the session that saves: the one that was named, or else the active one. */
export function savingClient(what: string, { client }: SavePlan): SparkClient {
  if (client) return client;
  const session = activeSession();
  if (session) return clientOf(session);
  throw new UsageError("E_ML_SESSION", `${what} belongs to no session, so that it is not known where to save it`, {
    hint: "say it: .write().session(spark).save(path)",
  });
}
