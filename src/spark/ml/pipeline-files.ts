import { DataError, UsageError } from "../../errors.ts";
import type { RelationInit, SparkClient } from "../connect/client.ts";
import { literal } from "../connect/literal.ts";
import type { ActionOptions } from "../query.ts";
import { serverPath } from "../server-path.ts";
import { clientOf, type SparkSession } from "../session.ts";
import * as classification from "./classification.ts";
import { fetchAttribute } from "./commands.ts";
import * as evaluation from "./evaluation.ts";
import * as feature from "./feature.ts";
import * as regression from "./regression.ts";
import { booleanLiteral, stringLiteral } from "./values.ts";
import { type MlWriter, type SavePlan, writingWith } from "./writer.ts";

// A pipeline is saved as Spark does: `metadata` holds one line of JSON with the names of the stages, and `stages/INDEX_UID` is what
// each stage saves of itself. The class is the Java one, so that Scala, Java and PySpark, classic or Connect, load it.

/** A part of a pipeline. */
export interface SavedStage {
  readonly uid: string;
  write(): MlWriter;
}

/** A class that loads what it saved. */
interface Loader {
  readonly operator: string;
  load(spark: SparkSession, path: string, options?: ActionOptions): Promise<SavedStage>;
}

interface Metadata {
  readonly class: string;
  readonly uid: string;
  readonly paramMap: { readonly stageUids?: readonly string[] };
}

const LOADERS: readonly Loader[] = [classification, evaluation, feature, regression].flatMap(
  (room) => Object.values(room) as readonly Loader[],
);
/** The object by which the server offers what belongs to no model. */
const HELPER = "______ML_CONNECT_HELPER______";
const ERROR_IF_EXISTS = 3;

export async function saveStages(
  client: SparkClient,
  {
    uid,
    stages,
    operator,
  }: { readonly uid: string; readonly stages: readonly SavedStage[]; readonly operator: string },
  { path, ...plan }: SavePlan,
): Promise<void> {
  const folder = await serverPath(client, path);
  if (plan.overwrite)
    await fetchAttribute(client, HELPER, "handleOverwrite", [stringLiteral(folder), booleanLiteral(true)]);
  const metadata = {
    class: `org.apache.spark.ml.${operator}`,
    timestamp: Date.now(),
    sparkVersion: await client.version(),
    uid,
    paramMap: { stageUids: stages.map((stage) => stage.uid) },
    defaultParamMap: {},
  };
  await writeLine(client, `${folder}/metadata`, JSON.stringify(metadata), plan);
  for (const [i, stage] of stages.entries()) {
    const writer = writingWith(stage.write(), client);
    for (const [key, value] of Object.entries(plan.writerOptions)) writer.option(key, value);
    await writer.save(stageFolder(folder, i, stage.uid, stages.length), plan);
  }
}

/**
 * @throws {DataError} E_ML_NOT_A_PIPELINE
 * @throws {UsageError} E_ML_UNKNOWN_CLASS for a stage that is not known here
 */
export async function loadStages(
  spark: SparkSession,
  {
    path,
    operator,
    pipelines,
    ...options
  }: {
    readonly path: string;
    readonly operator: string;
    readonly pipelines: readonly Loader[];
  } & ActionOptions,
): Promise<{ readonly uid: string; readonly stages: readonly SavedStage[] }> {
  const client = clientOf(spark);
  const folder = await serverPath(client, path);
  const { class: found, uid, paramMap } = await readMetadata(client, folder, options);
  const { stageUids } = paramMap;
  if (plainClass(found) !== operator || !stageUids)
    throw new DataError("E_ML_NOT_A_PIPELINE", `${folder} holds a ${plainClass(found)}, not a ${operator}`, {
      hint: `load it with ${plainClass(found).split(".").at(-1)}.load`,
    });
  const stages: SavedStage[] = [];
  for (const [i, stageUid] of stageUids.entries()) {
    const stage = stageFolder(folder, i, stageUid, stageUids.length);
    const its = plainClass((await readMetadata(client, stage, options)).class);
    const loader = [...pipelines, ...LOADERS].find((one) => one.operator === its);
    if (!loader)
      throw new UsageError("E_ML_UNKNOWN_CLASS", `stage ${i + 1} of ${folder} is a ${its}, which is not known here`, {
        hint: "use the pipeline where it was made, or build it anew of what is known here",
      });
    stages.push(await loader.load(spark, stage, options));
  }
  return { uid, stages };
}

/** The number has as many digits as the count of stages, so that names sort. */
function stageFolder(folder: string, index: number, uid: string, count: number): string {
  return `${folder}/stages/${String(index).padStart(String(count).length, "0")}_${uid}`;
}

/** PySpark names the classes that it wrote itself by its own modules. */
function plainClass(name: string): string {
  return name.replace(/^(org\.apache\.spark|pyspark)\.ml\./, "").replace(/^pipeline\./, "");
}

async function writeLine(client: SparkClient, path: string, line: string, options: ActionOptions): Promise<void> {
  const input: RelationInit = {
    relType: { case: "sql", value: { query: "SELECT :line AS value", namedArguments: { line: literal(line) } } },
  };
  const saveType = { case: "path" as const, value: path };
  const value = { input, source: "text", saveType, mode: ERROR_IF_EXISTS };
  await client.command({ commandType: { case: "writeOperation", value } }, options);
}

async function readMetadata(client: SparkClient, folder: string, options: ActionOptions): Promise<Metadata> {
  const dataSource = { format: "text", paths: [`${folder}/metadata`] };
  const input: RelationInit = {
    relType: { case: "read", value: { readType: { case: "dataSource", value: dataSource } } },
  };
  const { table } = await client.table({ relType: { case: "limit", value: { input, limit: 1 } } }, options);
  try {
    return JSON.parse(String(table.getChildAt(0)?.get(0))) as Metadata;
  } catch (cause) {
    throw new DataError("E_ML_NOT_A_PIPELINE", `${folder} holds nothing that was saved by Spark ML`, {
      hint: "give the folder that was named when saving",
      cause,
    });
  }
}
