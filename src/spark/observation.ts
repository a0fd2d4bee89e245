import { randomUUID } from "node:crypto";
import { UsageError } from "../errors.ts";
import { columnOnly, nameText, wrong } from "./check.ts";
import type { Column } from "./column.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import type { RelationType } from "./plan.ts";

let readMetrics: (observation: Observation, client: SparkClient) => void;

/**
 * Aggregates over the rows of a frame that are computed while something else runs on it, without a pass of their own.
 *
 * @example
 * const seen = new Observation();
 * await sales.observe(seen, F.count("*").alias("rows"), F.max("amount").alias("most")).write.parquet("copy");
 * console.log(seen.get.rows, seen.get.most);
 */
export class Observation {
  readonly name: string;
  #isUsed = false;
  #metrics: Readonly<Record<string, unknown>> | undefined;

  constructor(name: string = randomUUID()) {
    this.name = nameText(name, "the observation");
  }

  static {
    readMetrics = (observation, client) => {
      if (observation.#isUsed)
        throw wrong("an observation is of one frame", "make a new Observation() for another frame");
      observation.#isUsed = true;
      client.observe(observation.name, (metrics) => {
        observation.#metrics = Object.freeze(metrics);
      });
    };
  }

  /**
   * The aggregates by their names, as the first action on the frame found them.
   *
   * @throws {UsageError} E_SPARK_NOT_OBSERVED before that
   */
  get get(): Readonly<Record<string, unknown>> {
    if (this.#metrics) return this.#metrics;
    throw new UsageError("E_SPARK_NOT_OBSERVED", "nothing has been observed yet", {
      hint: "await an action on the frame that observe() gave first: collect, count, or a write",
    });
  }
}

/** The plan of a frame that is observed; under a bare name the server's listeners see the metrics, and nobody here. */
export function observed(
  client: SparkClient,
  input: RelationInit,
  observation: Observation | string,
  columns: readonly Column[],
): RelationType {
  if (columns.length === 0)
    throw wrong("observe() has no aggregates", 'write observe(seen, F.count("*").alias("rows"))');
  const metrics = columns.map((column) => columnOnly(column, "an aggregate of observe()").expression);
  if (observation instanceof Observation) readMetrics(observation, client);
  const name = observation instanceof Observation ? observation.name : nameText(observation, "the observation");
  return { case: "collectMetrics" as const, value: { input, name, metrics } };
}
