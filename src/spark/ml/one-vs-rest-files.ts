import type { SparkClient } from "../connect/client.ts";
import type { ActionOptions } from "../query.ts";
import { serverPath } from "../server-path.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { classOf, type OperatorClass } from "./operator.ts";
import { loadPart, readMetadata, type Saved, writeMetadata } from "./saved.ts";
import { type SavePlan, writingWith } from "./writer.ts";

// The classifier stands in a folder of its own, and of a model each of its models in `model_0`, `model_1`, …

interface Whole {
  readonly uid: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly classifier: Saved;
  readonly models?: readonly Saved[];
}

export async function saveOneVsRest(client: SparkClient, whole: Whole, { path, ...plan }: SavePlan): Promise<void> {
  const folder = await serverPath(client, path);
  const { uid, params: paramMap, classifier, models } = whole;
  const { operator } = classOf(whole);
  // Scala reads what the label column says of itself as a text of JSON.
  const found = models && { numClasses: models.length, labelMetadata: "{}" };
  await writeMetadata(client, folder, { operator, uid, paramMap, ...found }, { path, ...plan });
  const parts = { classifier, ...Object.fromEntries((models ?? []).map((model, i) => [folderOf(i), model])) };
  for (const [name, part] of Object.entries(parts))
    await writingWith(part.write(), client, plan.writerOptions).save(`${folder}/${name}`, plan);
}

/**
 * What it is made of; of an estimator there are no models.
 *
 * @throws {DataError} E_ML_NOT_SAVED
 * @throws {UsageError} E_ML_UNKNOWN_CLASS
 */
export async function loadOneVsRest(
  spark: SparkSession,
  { path, its, ...options }: { readonly path: string; readonly its: OperatorClass } & ActionOptions,
): Promise<Required<Whole>> {
  const client = clientOf(spark);
  const folder = await serverPath(client, path);
  const { uid, paramMap, numClasses } = await readMetadata(client, folder, { ...options, operator: its.operator });
  const part = (name: string) => loadPart(spark, client, `${folder}/${name}`, options);
  const classifier = await part("classifier");
  const models: Saved[] = [];
  for (let i = 0; i < Number(numClasses ?? 0); i++) models.push(await part(folderOf(i)));
  return { uid, params: paramMap, classifier, models };
}

function folderOf(label: number): string {
  return `model_${label}`;
}
