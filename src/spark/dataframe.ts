import type { RelationInit } from "./connect/client.ts";
import { planOf, SparkQuery } from "./query.ts";

/** A query on the server: a plan that never changes, run by `collect` and its like. */
export class SparkDataFrame extends SparkQuery {
  limit(rows: number): SparkDataFrame {
    return this.#with({ case: "limit", value: { input: planOf(this).relation, limit: rows } });
  }

  /** The rows for which an expression of SQL is true. */
  filter(condition: string): SparkDataFrame {
    const expression = { exprType: { case: "expressionString" as const, value: { expression: condition } } };
    return this.#with({ case: "filter", value: { input: planOf(this).relation, condition: expression } });
  }

  #with(relType: NonNullable<RelationInit["relType"]>): SparkDataFrame {
    return new SparkDataFrame(planOf(this).client, { relType });
  }
}
