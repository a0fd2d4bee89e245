import { columnsIn, type Expression } from "../../query/expression.ts";
import { parseExpression } from "../../query/parse-expression.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { ORDERED } from "../../query/query.ts";
import type { Refusal } from "../answer.ts";
import { oddOnSpark } from "./expression.ts";
import { kindOf, NO_CONDITION } from "./kinds.ts";
import type { SparkPlan } from "./query.ts";
import { isSparkType } from "./source.ts";

/** The plan in which everything means the same on Spark, or what in it may not. */
export function sparkPlanOf(query: QueryPlan): SparkPlan | Refusal {
  const names = query.columns.map(({ name }) => name);
  const ordered = query.aggregates.find(({ fn }) => ORDERED.has(fn));
  if (ordered && query.rowOrder.length === 0)
    return { refused: `${ordered.fn} needs --order: rows have no order of their own on Spark` };
  const where = query.where === undefined ? undefined : parseExpression(query.where, names);
  if (query.where !== undefined && where === undefined)
    return { refused: "the condition may mean another thing there" };
  const keys: SparkPlan["keys"][number][] = [];
  for (const { name, expression } of query.keys) {
    const parsed: Expression | undefined =
      expression === undefined ? { kind: "column", name } : parseExpression(expression, names);
    if (parsed === undefined) return { refused: `the key ${name} may mean another thing there` };
    keys.push(parsed);
  }
  const types = new Map(query.columns.map(({ name, type }) => [name, type]));
  const typeOf = (name: string) => types.get(name) ?? "";
  if (where && !["boolean", "null"].includes(kindOf(where, typeOf))) return { refused: NO_CONDITION };
  for (const expression of where ? [...keys, where] : keys) {
    const odd = oddOnSpark(expression, typeOf);
    if (odd !== undefined) return { refused: odd };
  }
  const used = new Set([
    ...keys.flatMap(columnsIn),
    ...(where ? columnsIn(where) : []),
    ...query.aggregates.map(({ column }) => column),
    ...query.rowOrder.map(({ name }) => name),
  ]);
  const columns = query.columns
    .filter(({ name }) => used.has(name))
    .map(({ name, type }, i) => ({ name, type, alias: `c${i}` }));
  const odd = columns.find(({ type }) => !isSparkType(type));
  if (odd) return { refused: `"${odd.name}" is ${odd.type}` };
  return { query, keys, where, columns, rowsName: "n" };
}
