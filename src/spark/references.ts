import type { RelationInit } from "./connect/client.ts";

/** The plan that each expression of a subquery speaks of; expressions are plain data and know but its number. */
const plans = new WeakMap<object, RelationInit>();
let hasPlans = false;

/** Says which plan an expression of a subquery speaks of. */
export function noteReference(subquery: object, plan: RelationInit): void {
  plans.set(subquery, plan);
  hasPlans = true;
}

/** The plans of the subqueries among the expressions of one step, which have to be sent beside it; not those of the steps below. */
export function referencesOf({ relType }: RelationInit): readonly RelationInit[] {
  return hasPlans && relType?.value ? [...new Set(found(relType.value))] : [];
}

function* found(value: object): Generator<RelationInit, void, undefined> {
  const plan = plans.get(value);
  if (plan) yield plan;
  for (const member of Object.values(value)) if (isInside(member)) yield* found(member);
}

function isInside(member: unknown): member is object {
  return typeof member === "object" && member !== null && !ArrayBuffer.isView(member) && !("relType" in member);
}
