import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import { DOCUMENT, type Document } from "../frame/preview.ts";
import { oneOf, wholeNumber } from "./check.ts";
import type { RelationInit } from "./connect/client.ts";
import { planOf, SparkPlan } from "./plan.ts";
import { type SparkField, sparkFields } from "./schema.ts";
import { schemaDocument } from "./schema-document.ts";
import type { StorageLevel } from "./storage-level.ts";

/** How much of a plan is explained; `true` is `extended`. */
export type ExplainMode = "simple" | "extended" | "codegen" | "cost" | "formatted";

/** In the order of the protocol's numbers, which begin at 1. */
const EXPLAIN_MODES: readonly ExplainMode[] = ["simple", "extended", "codegen", "cost", "formatted"];

const SCHEMA_MS = 5000;

/** What the server says of a plan without running it. */
export class SparkAnalysis extends SparkPlan {
  /** The columns and types. */
  async schema(): Promise<readonly SparkField[]> {
    const { client, relation } = planOf(this);
    return sparkFields(await client.schema(relation));
  }

  /** What a notebook shows: the columns. It waits for the server only so long, since a schema may need a pass over files. */
  async [DOCUMENT](): Promise<Document> {
    const { client } = planOf(this);
    // Starting a server takes longer than asking it.
    await client.version();
    const fields = await Promise.race([this.schema(), wait(SCHEMA_MS, undefined, { ref: false })]);
    return schemaDocument(fields, client.label ?? "Spark");
  }

  /** The names of the columns. */
  async columns(): Promise<readonly string[]> {
    return (await this.schema()).map(({ name }) => name);
  }

  /** Name and type of each column. */
  async dtypes(): Promise<readonly (readonly [name: string, type: string])[]> {
    return (await this.schema()).map(({ name, type }) => [name, type]);
  }

  /** The schema as Spark draws it, to a depth. */
  async treeString(level?: number): Promise<string> {
    const { client, relation } = planOf(this);
    const depth = level === undefined ? {} : { level: wholeNumber(level, "the level", 1) };
    return (await client.analyze("treeString", { plan: rootPlan(relation), ...depth })).treeString;
  }

  /** Prints the schema as Spark draws it. */
  async printSchema(level?: number): Promise<void> {
    console.log(await this.treeString(level));
  }

  /** What Spark would do, as text. */
  async explainString(mode: ExplainMode | boolean = "simple"): Promise<string> {
    const word = mode === true ? "extended" : mode === false ? "simple" : mode;
    const explainMode = EXPLAIN_MODES.indexOf(oneOf(word, EXPLAIN_MODES, "the mode")) + 1;
    const { client, relation } = planOf(this);
    return (await client.analyze("explain", { plan: rootPlan(relation), explainMode })).explainString;
  }

  /** Prints what Spark would do. */
  async explain(mode?: ExplainMode | boolean): Promise<void> {
    console.log(await this.explainString(mode));
  }

  /** Whether `collect` needs no executor. */
  async isLocal(): Promise<boolean> {
    const { client, relation } = planOf(this);
    return (await client.analyze("isLocal", { plan: rootPlan(relation) })).isLocal;
  }

  /** The files that the frame is read from, as far as Spark knows. */
  async inputFiles(): Promise<readonly string[]> {
    const { client, relation } = planOf(this);
    return (await client.analyze("inputFiles", { plan: rootPlan(relation) })).files;
  }

  /** Whether both plans are the same once names of columns are left aside. */
  async sameSemantics(other: SparkPlan): Promise<boolean> {
    const { client, relation } = planOf(this);
    const plans = { targetPlan: rootPlan(relation), otherPlan: rootPlan(planOf(other).relation) };
    return (await client.analyze("sameSemantics", plans)).result;
  }

  /** A hash that plans of the same semantics share. */
  async semanticHash(): Promise<number> {
    const { client, relation } = planOf(this);
    return (await client.analyze("semanticHash", { plan: rootPlan(relation) })).result;
  }

  /** Where the frame is cached. */
  async storageLevel(): Promise<StorageLevel> {
    const { client, relation } = planOf(this);
    const { storageLevel } = await client.analyze("getStorageLevel", { relation });
    const { useDisk = false, useMemory = false, useOffHeap = false } = storageLevel ?? {};
    const { deserialized = false, replication = 1 } = storageLevel ?? {};
    return { useDisk, useMemory, useOffHeap, deserialized, replication };
  }
}

function rootPlan(relation: RelationInit) {
  return { opType: { case: "root" as const, value: relation } };
}

/** Properties in PySpark: typed as such in a notebook, the method itself would be what is shown. */
for (const name of ["columns", "dtypes", "schema", "storageLevel"] as const) {
  const words = `${name} is asked of the server: await frame.${name}()`;
  Object.defineProperty(SparkAnalysis.prototype[name], inspect.custom, { value: () => words });
}
