import { DataError, UsageError } from "../../errors.ts";
import type { RelationInit, SparkClient } from "../connect/client.ts";
import { literal } from "../connect/literal.ts";
import type { ActionOptions } from "../query.ts";
import type { SparkSession } from "../session.ts";
import { fetchAttribute } from "./commands.ts";
import { readJson, writeJson } from "./json.ts";
import { OPERATORS } from "./operators.ts";
import { booleanLiteral, stringLiteral } from "./values.ts";
import type { MlWriter, SavePlan } from "./writer.ts";

// What is composed here, of operators that the server knows, is saved as Spark does: `metadata` holds one line of JSON, beside it stand
// folders with what each part saves of itself. The class is the Java one, so that Scala, Java and PySpark, classic or Connect, load it.

/** Something that has a name and can be saved. */
export interface Saved {
  readonly uid: string;
  write(): MlWriter;
}

/** A class that loads what it saved. */
export interface Loader {
  readonly operator: string;
  load(spark: SparkSession, path: string, options?: ActionOptions): Promise<Saved>;
}

export interface Metadata {
  readonly class: string;
  readonly uid: string;
  readonly paramMap: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

/** The object by which the server offers what belongs to no model. */
const HELPER = "______ML_CONNECT_HELPER______";
const ERROR_IF_EXISTS = 3;
const loaders = new Map((OPERATORS as readonly object[] as readonly Loader[]).map((one) => [one.operator, one]));

/** Makes a class that is composed here one of those that can be a part of another. */
export function canBeAPart(loader: Loader): void {
  loaders.set(loader.operator, loader);
}

/** Writes the line of a folder that is about to be filled; what stands there goes, where that is wanted. */
export async function writeMetadata(
  client: SparkClient,
  folder: string,
  { operator, ...more }: { readonly operator: string } & Omit<Metadata, "class">,
  plan: SavePlan,
): Promise<void> {
  if (plan.overwrite) {
    const given = [stringLiteral(folder), booleanLiteral(true)].map((param) => ({ param }));
    await fetchAttribute(client, HELPER, ["handleOverwrite"], given);
  }
  const metadata = {
    class: `org.apache.spark.ml.${operator}`,
    timestamp: Date.now(),
    sparkVersion: await client.version(),
    defaultParamMap: {},
    ...more,
  };
  await writeLine(client, `${folder}/metadata`, writeJson(metadata), plan);
}

/**
 * @throws {DataError} E_ML_NOT_SAVED where nothing of ML is, or another class than the wanted one
 */
export async function readMetadata(
  client: SparkClient,
  folder: string,
  options: ActionOptions & { readonly operator?: string } = {},
): Promise<Metadata> {
  const line = await readLine(client, `${folder}/metadata`, options);
  const metadata = parsed(line);
  if (!metadata)
    throw new DataError("E_ML_NOT_SAVED", `${folder} holds nothing that was saved by Spark ML`, {
      hint: "give the folder that was named when saving",
    });
  const found = plainClass(metadata.class);
  if (options.operator === undefined || options.operator === found) return metadata;
  throw new DataError("E_ML_NOT_SAVED", `${folder} holds a ${found}, not a ${options.operator}`, {
    hint: `load it with ${found.split(".").at(-1)}.load`,
  });
}

/**
 * Loads a part, whatever it is.
 *
 * @throws {UsageError} E_ML_UNKNOWN_CLASS
 */
export async function loadPart(
  spark: SparkSession,
  client: SparkClient,
  folder: string,
  options: ActionOptions,
): Promise<Saved> {
  const its = plainClass((await readMetadata(client, folder, options)).class);
  const loader = loaders.get(its);
  if (loader) return loader.load(spark, folder, options);
  throw new UsageError("E_ML_UNKNOWN_CLASS", `${folder} holds a ${its}, which is not known here`, {
    hint: "use it where it was made, or build it anew of what is known here",
  });
}

/** PySpark names the classes that it wrote itself by its own modules. */
function plainClass(name: string): string {
  return name.replace(/^(org\.apache\.spark|pyspark)\.ml\./, "").replace(/^pipeline\./, "");
}

function parsed(line: string): Metadata | undefined {
  try {
    const metadata = readJson(line) as Partial<Metadata> | null;
    return typeof metadata?.class === "string" && metadata.paramMap ? (metadata as Metadata) : undefined;
  } catch {
    return undefined;
  }
}

async function writeLine(client: SparkClient, path: string, line: string, options: ActionOptions): Promise<void> {
  const input: RelationInit = {
    relType: { case: "sql", value: { query: "SELECT :line AS value", namedArguments: { line: literal(line) } } },
  };
  const saveType = { case: "path" as const, value: path };
  const value = { input, source: "text", saveType, mode: ERROR_IF_EXISTS };
  await client.command({ commandType: { case: "writeOperation", value } }, options);
}

async function readLine(client: SparkClient, path: string, options: ActionOptions): Promise<string> {
  const dataSource = { format: "text", paths: [path] };
  const input: RelationInit = {
    relType: { case: "read", value: { readType: { case: "dataSource", value: dataSource } } },
  };
  const { table } = await client.table({ relType: { case: "limit", value: { input, limit: 1 } } }, options);
  return String(table.getChildAt(0)?.get(0));
}
