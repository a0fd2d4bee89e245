import { DataError } from "../../errors.ts";
import type { SparkClient } from "../connect/client.ts";
import type { ActionOptions } from "../query.ts";
import { serverPath } from "../server-path.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { loadPart, readMetadata, type Saved, writeMetadata } from "./saved.ts";
import { type SavePlan, writingWith } from "./writer.ts";

// The metadata of a pipeline names its stages, and `stages/INDEX_UID` is what each saves of itself.

export async function saveStages(
  client: SparkClient,
  { uid, stages, operator }: { readonly uid: string; readonly stages: readonly Saved[]; readonly operator: string },
  { path, ...plan }: SavePlan,
): Promise<void> {
  const folder = await serverPath(client, path);
  const paramMap = { stageUids: stages.map((stage) => stage.uid) };
  await writeMetadata(client, folder, { operator, uid, paramMap }, { path, ...plan });
  for (const [i, stage] of stages.entries())
    await writingWith(stage.write(), client, plan.writerOptions).save(
      stageFolder(folder, i, stage.uid, stages.length),
      plan,
    );
}

/**
 * @throws {DataError} E_ML_NOT_SAVED
 * @throws {UsageError} E_ML_UNKNOWN_CLASS for a stage that is not known here
 */
export async function loadStages(
  spark: SparkSession,
  { path, operator, ...options }: { readonly path: string; readonly operator: string } & ActionOptions,
): Promise<{ readonly uid: string; readonly stages: readonly Saved[] }> {
  const client = clientOf(spark);
  const folder = await serverPath(client, path);
  const { uid, paramMap } = await readMetadata(client, folder, { ...options, operator });
  const { stageUids } = paramMap as { readonly stageUids?: readonly string[] };
  if (!stageUids)
    throw new DataError("E_ML_NOT_SAVED", `${folder} holds a ${operator} that names no stages`, {
      hint: "save it again",
    });
  const stages: Saved[] = [];
  for (const [i, stageUid] of stageUids.entries())
    stages.push(await loadPart(spark, client, stageFolder(folder, i, stageUid, stageUids.length), options));
  return { uid, stages };
}

/** The number has as many digits as the count of stages, so that names sort. */
function stageFolder(folder: string, index: number, uid: string, count: number): string {
  return `${folder}/stages/${String(index).padStart(String(count).length, "0")}_${uid}`;
}
