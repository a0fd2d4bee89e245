import type { ExpressionInit } from "./connect/literal.ts";
import { planOf, type SparkPlan } from "./plan.ts";
import { noteReference } from "./references.ts";

const KINDS = { scalar: 1, exists: 2, in: 4 } as const;

/** A frame as an expression of another: its one value, whether it has rows, or whether these values are among its rows. */
export function subquery(
  frame: SparkPlan,
  kind: keyof typeof KINDS,
  inSubqueryValues: readonly ExpressionInit[] = [],
): ExpressionInit {
  const { id: planId, client, relation } = planOf(frame);
  const value = { planId, subqueryType: KINDS[kind], inSubqueryValues: [...inSubqueryValues] };
  noteReference(value, { client, relation });
  return { exprType: { case: "subqueryExpression", value } };
}
