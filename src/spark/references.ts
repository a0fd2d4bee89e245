import { UsageError } from "../errors.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";

interface Reference {
  readonly client: SparkClient;
  readonly relation: RelationInit;
}

/** The plan that each expression of a subquery speaks of; expressions are plain data and know but its number. */
const plans = new WeakMap<object, Reference>();
let hasPlans = false;

/** Says which plan an expression of a subquery speaks of. */
export function noteReference(subquery: object, plan: Reference): void {
  plans.set(subquery, plan);
  hasPlans = true;
}

/**
 * The plans of the subqueries among the expressions of one step, which have to be sent beside it; not those of the steps below.
 *
 * @throws {UsageError} E_SPARK_ARGUMENT where one is of another session, which has other views
 */
export function referencesOf({ relType }: RelationInit, client: SparkClient): readonly RelationInit[] {
  if (!hasPlans || !relType?.value) return [];
  const all = [...new Set(found(relType.value))];
  if (all.some((plan) => plan.client !== client))
    throw new UsageError("E_SPARK_ARGUMENT", "the frame of a subquery is of another session", {
      hint: "make both frames from one SparkSession",
    });
  return all.map(({ relation }) => relation);
}

/**
 * The expressions of a command, which the protocol gives no place for the plans of subqueries beside.
 *
 * @param what the command holds, in words
 * @throws {UsageError} E_SPARK_ARGUMENT where there is a subquery among them
 */
export function withoutSubqueries<Command extends object>(command: Command, what: string): Command {
  if (hasPlans && !found(command).next().done)
    throw new UsageError("E_SPARK_ARGUMENT", `${what} cannot hold a subquery: Spark takes none there`, {
      hint: "join the frame of the subquery first, or collect its value and write lit(value)",
    });
  return command;
}

function* found(value: object): Generator<Reference, void, undefined> {
  const plan = plans.get(value);
  if (plan) yield plan;
  for (const member of Object.values(value)) if (isInside(member)) yield* found(member);
}

function isInside(member: unknown): member is object {
  return typeof member === "object" && member !== null && !ArrayBuffer.isView(member) && !("relType" in member);
}
