import { DataError, UsageError } from "../../errors.ts";
import type { SparkClient } from "../connect/client.ts";
import type { ActionOptions } from "../query.ts";
import { serverPath } from "../server-path.ts";
import { clientOf, type SparkSession } from "../session.ts";
import { Evaluator } from "./evaluator.ts";
import { readJson, writeJson } from "./json.ts";
import { classOf, type Operator } from "./operator.ts";
import type { Param, Params } from "./param.ts";
import { operatorsOf, type ParamMap, type ParamSetting } from "./param-grid.ts";
import type { Fitting } from "./pipeline.ts";
import { loadPart, type Metadata, readMetadata, type Saved, writeMetadata } from "./saved.ts";
import type { TuningOptions } from "./tuning.ts";
import type { LiteralInit } from "./values.ts";
import { type SavePlan, writingWith } from "./writer.ts";

// A search is saved as its settings, with the estimator and the evaluator in folders of their own; a model of it with its best model,
// and where they are to be kept all others.

/** What is written of a search or of its model. */
export interface SavedTuning {
  readonly operator: string;
  readonly uid: string;
  readonly tuning: TuningOptions;
  /** Parameters beside the estimator, the evaluator and the settings to try. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Further entries of the metadata. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Models by the folders that they are saved in. */
  readonly models?: Readonly<Record<string, Saved>>;
}

export async function saveTuning(
  client: SparkClient,
  { operator, uid, tuning, params, found, models }: SavedTuning,
  { path, ...plan }: SavePlan,
): Promise<void> {
  const folder = await serverPath(client, path);
  const estimatorParamMaps = tuning.estimatorParamMaps.map((map) => map.map(settingOf));
  const paramMap = { ...params, estimatorParamMaps };
  await writeMetadata(client, folder, { operator, uid, paramMap, ...found }, { path, ...plan });
  const parts = { evaluator: tuning.evaluator, estimator: tuning.estimator, ...models };
  for (const [name, part] of Object.entries(parts))
    await writingWith(part.write(), client, plan.writerOptions).save(`${folder}/${name}`, plan);
}

/** What was read of a search or of its model, and how models that stand beside it are loaded. */
export interface LoadedTuning {
  readonly uid: string;
  readonly tuning: Pick<TuningOptions, "estimator" | "evaluator" | "estimatorParamMaps">;
  readonly metadata: Metadata;
  readonly params: Readonly<Record<string, unknown>>;
  part(name: string): Promise<Saved>;
}

/**
 * @throws {DataError} E_ML_NOT_SAVED
 * @throws {UsageError} E_ML_UNKNOWN_CLASS, E_ML_PARAM
 */
export async function loadTuning(
  spark: SparkSession,
  { path, operator, ...options }: { readonly path: string; readonly operator: string } & ActionOptions,
): Promise<LoadedTuning> {
  const client = clientOf(spark);
  const folder = await serverPath(client, path);
  const metadata = await readMetadata(client, folder, { ...options, operator });
  const part = (name: string) => loadPart(spark, client, `${folder}/${name}`, options);
  const [estimator, evaluator] = [await part("estimator"), await part("evaluator")];
  if (!("fit" in estimator && evaluator instanceof Evaluator))
    throw new DataError("E_ML_NOT_SAVED", `${folder} holds no estimator with an evaluator`, { hint: "save it again" });
  const { estimatorParamMaps, ...own } = metadata.paramMap as { estimatorParamMaps?: readonly SavedSetting[][] };
  const operators = new Map(operatorsOf(estimator).map((one) => [one.uid, one]));
  const maps = (estimatorParamMaps ?? []).map((map): ParamMap => map.map((one) => readSetting(one, operators)));
  return {
    uid: metadata.uid,
    tuning: { estimator: estimator as Fitting, evaluator, estimatorParamMaps: maps },
    metadata,
    params: { ...(metadata.defaultParamMap as object), ...own },
    part,
  };
}

/** Values are texts of JSON within the JSON, as Scala reads them. */
interface SavedSetting {
  readonly parent: string;
  readonly name: string;
  readonly value: string;
  readonly isJson?: string | boolean;
}

function settingOf({ operator, name, value }: ParamSetting): SavedSetting {
  const param = classOf(operator).takes[name] as Param<unknown>;
  return { parent: operator.uid, name, value: jsonOf(param.literal(value), value), isJson: "true" };
}

/** Scala takes no whole number for a double. */
function jsonOf({ literalType }: LiteralInit, value: unknown): string {
  if (Array.isArray(value) && literalType?.case === "array")
    return `[${value.map((one, i) => jsonOf(literalType.value.elements?.[i] as LiteralInit, one)).join(",")}]`;
  if (literalType?.case !== "double") return writeJson(value);
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function readSetting(
  { parent, name, value, isJson = true }: SavedSetting,
  operators: ReadonlyMap<string, Operator<Params>>,
): ParamSetting {
  const operator = operators.get(parent);
  if (operator && String(isJson) === "true") return { operator, name, value: readJson(value) };
  throw new UsageError("E_ML_PARAM", `${name} of ${parent} was saved in a way that is not known here`, {
    hint: "make the search anew",
  });
}
