import { expressionOf } from "./column-operators.ts";
import type { RelationInit } from "./connect/client.ts";

/** Named parameters for `:name`, positional ones for `?`: values, or columns of constants as `lit("1.5", "decimal(2,1)")`. */
export type SqlParams = Readonly<Record<string, unknown>> | readonly unknown[];

/** A statement of SQL as a plan. */
export function sqlRelation(query: string, params: SqlParams = {}): RelationInit {
  const values = Array.isArray(params)
    ? { posArguments: params.map(expressionOf) }
    : { namedArguments: Object.fromEntries(Object.entries(params).map(([name, one]) => [name, expressionOf(one)])) };
  return { relType: { case: "sql", value: { query, ...values } } };
}
