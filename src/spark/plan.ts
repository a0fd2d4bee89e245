import { inspect } from "node:util";
import { UsageError } from "../errors.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { referencesOf } from "./references.ts";

/** One step of a plan in the words of the protocol. */
export type RelationType = NonNullable<RelationInit["relType"]>;

/** What a frame is made of: the relation in the words of the protocol, and the client that runs it. */
export interface Plan {
  readonly client: SparkClient;
  /** With the plan's own id in `common`, by which columns name the frame that they belong to. */
  readonly relation: RelationInit;
  readonly id: bigint;
}

let lastId = 0n;
let readPlan: (frame: SparkPlan) => Plan;

/** A plan on a server, without anything to do with it: that stands in the classes above. */
export class SparkPlan {
  readonly #plan: Plan;

  constructor(client: SparkClient, relation: RelationInit) {
    const id = ++lastId;
    const common = { $typeName: "spark.connect.RelationCommon" as const, planId: id };
    const root = { ...relation, common } as RelationInit;
    const references = referencesOf(relation, client);
    this.#plan = { client, id, relation: references.length === 0 ? root : withReferences(root, references) };
  }

  static {
    readPlan = (frame) => {
      if (typeof frame === "object" && frame !== null && #plan in frame) return frame.#plan;
      const isPromise = (frame as unknown) instanceof Promise;
      throw new UsageError(
        "E_SPARK_ARGUMENT",
        isPromise ? "the promise of a frame is no frame yet" : "what was given is no frame on Spark",
        { hint: 'await it first: await spark.sql("…")' },
      );
    };
  }

  /** What a console shows: no query is run for it. */
  [inspect.custom](): string {
    return `SparkDataFrame on ${this.#plan.client.label ?? "Spark"}: a query that runs when it is collected`;
  }
}

/** The plan of a frame, for the rooms of Spark; `new SparkDataFrame(client, relation)` is the way back. */
export function planOf(frame: SparkPlan): Plan {
  return readPlan(frame);
}

/** A new frame of the same session; the frame's class is asked for it, which stands above everything that derives. */
export function derive(frame: SparkPlan, relType: RelationType): SparkDataFrame {
  const Frame = frame.constructor as new (client: SparkClient, relation: RelationInit) => SparkDataFrame;
  return new Frame(planOf(frame).client, { relType });
}

/** Under the same id: columns name the step, subqueries of subqueries the whole. */
function withReferences(root: RelationInit, references: readonly RelationInit[]): RelationInit {
  const value = { root, references: [...references] };
  return { common: root.common, relType: { case: "withRelations", value } } as RelationInit;
}
