import type { MlCommandResult, MlCommandResult_MlOperatorInfo } from "#spark-proto/ml";
import { KernelBug, UsageError } from "../../errors.ts";
import type { MlCommandInit, RelationInit, SparkClient } from "../connect/client.ts";
import type { ActionOptions } from "../query.ts";
import { requireVersion } from "../require-version.ts";
import { serverPath } from "../server-path.ts";
import type { OperatorClass } from "./operator.ts";
import { checkParams, paramLiterals } from "./param.ts";
import { type LiteralInit, readMlLiteral } from "./values.ts";
import type { SavePlan } from "./writer.ts";

/** The kinds of operators, by their numbers in the protocol. */
export const KIND = { estimator: 1, transformer: 2, evaluator: 3, model: 4 } as const;

type Kind = (typeof KIND)[keyof typeof KIND];
type Values = Readonly<Record<string, unknown>>;

/** An operator as the server is told of it. */
export interface Told {
  readonly its: OperatorClass;
  readonly kind: Kind;
  readonly uid: string;
  readonly params: Values;
}

export function describe({ its, kind, uid, params }: Told): {
  readonly operator: { readonly name: string; readonly uid: string; readonly type: Kind };
  readonly params: { params: Record<string, LiteralInit> };
} {
  return {
    operator: { name: `org.apache.spark.ml.${its.operator}`, uid, type: kind },
    params: { params: paramLiterals(its.takes, params) },
  };
}

/** Fits on the server, and gives the id under which it keeps the model. */
export async function fitModel(
  client: SparkClient,
  told: Told,
  dataset: RelationInit,
  options?: ActionOptions,
): Promise<string> {
  const { operator: estimator, params } = describe(told);
  const command: MlCommandInit = { command: { case: "fit", value: { estimator, params, dataset } } };
  const { type, warningMessage } = await operatorInfo(client, command, `fit ${told.its.name}`, options);
  // Trees that stopped growing at the limit of a model's size are a weaker model than was asked for.
  if (warningMessage) process.emitWarning(warningMessage, { type: "SparkWarning", code: "E_ML_FIT" });
  if (type.case !== "objRef") throw unexpected("fit");
  return type.value.id;
}

export async function evaluateFrame(
  client: SparkClient,
  told: Told,
  dataset: RelationInit,
  options?: ActionOptions,
): Promise<number> {
  const { operator: evaluator, params } = describe(told);
  const command: MlCommandInit = { command: { case: "evaluate", value: { evaluator, params, dataset } } };
  return (await value(client, command, `evaluate by ${told.its.name}`, options)) as number;
}

type FetchInit = Extract<NonNullable<MlCommandInit["command"]>, { case: "fetch" }>["value"];

/** What a method of a model is given: a value, or the rows of a frame. */
export type FetchArg = { readonly param: LiteralInit } | { readonly input: RelationInit };

/** Something of an object on the server: the names on the way to it, and what the last of them is given. */
export function fetchOf(id: string, names: readonly string[], args: readonly FetchArg[] = []): FetchInit {
  const given = args.map((arg) => ({
    argsType:
      "param" in arg ? { case: "param" as const, value: arg.param } : { case: "input" as const, value: arg.input },
  }));
  const last = names.length - 1;
  return { objRef: { id }, methods: names.map((method, i) => ({ method, args: i === last ? given : [] })) };
}

/** Something that a model knows, or that a part of it does. */
export function fetchAttribute(
  client: SparkClient,
  id: string,
  names: readonly string[],
  args: readonly FetchArg[] = [],
): Promise<unknown> {
  const fetch = fetchOf(id, names, args);
  return value(client, { command: { case: "fetch", value: fetch } }, `fetch ${names.at(-1)}`);
}

/** Measures a model on the rows of a frame: gives the id under which the server keeps what it found. */
export async function evaluateModel(
  client: SparkClient,
  id: string,
  dataset: RelationInit,
  options?: ActionOptions,
): Promise<string> {
  const fetch = fetchOf(id, ["evaluate"], [{ input: dataset }]);
  const { resultType } = await answer(client, { command: { case: "fetch", value: fetch } }, "evaluate", options);
  if (resultType.case !== "summary") throw unexpected("evaluate");
  return resultType.value;
}

/** Makes the summary of a fit again, which a server loses that moved the model to its disk meanwhile. */
export async function remakeSummary(client: SparkClient, id: string, dataset: RelationInit): Promise<void> {
  const command: MlCommandInit = { command: { case: "createSummary", value: { modelRef: { id }, dataset } } };
  await client.ml(command, { operation: "summarise the fit again" });
}

/** Bytes of a model in the server's memory; 4.1 and newer. */
export async function modelSize(client: SparkClient, id: string): Promise<number> {
  await requireVersion(client, "4.1", "the size of a model");
  const command: MlCommandInit = { command: { case: "getModelSize", value: { modelRef: { id } } } };
  return (await value(client, command, "size of a model")) as number;
}

/** What is saved: an operator by its description, a model by its id. */
export async function writeOperator(
  client: SparkClient,
  what: { readonly told: Told; readonly id?: string },
  { path, overwrite, writerOptions, ...options }: SavePlan,
): Promise<void> {
  const { operator, params } = describe(what.told);
  const type =
    what.id === undefined
      ? { case: "operator" as const, value: operator }
      : { case: "objRef" as const, value: { id: what.id } };
  const target = { path: await serverPath(client, path), shouldOverwrite: overwrite, options: { ...writerOptions } };
  const command: MlCommandInit = { command: { case: "write", value: { type, params, ...target } } };
  await client.ml(command, { ...options, operation: `save ${what.told.its.name}` });
}

export interface Loaded {
  readonly uid: string;
  readonly params: Record<string, unknown>;
  /** Of a model. */
  readonly id: string | undefined;
}

export async function readOperator(
  client: SparkClient,
  {
    its,
    kind,
    path,
    ...options
  }: { readonly its: OperatorClass; readonly kind: Kind; readonly path: string } & ActionOptions,
): Promise<Loaded> {
  const operator = { name: `org.apache.spark.ml.${its.operator}`, type: kind };
  const command: MlCommandInit = {
    command: { case: "read", value: { operator, path: await serverPath(client, path) } },
  };
  const info = await operatorInfo(client, command, `load ${its.name}`, options);
  const params = Object.entries(info.params?.params ?? {}).map(
    ([name, literal]) => [name, readMlLiteral(literal)] as const,
  );
  const known = params.filter(([name]) => name in its.takes);
  const strange = params.find(([name]) => !(name in its.takes));
  // A model has its parameters on the server. Of anything else this one would be lost.
  if (strange && kind !== KIND.model)
    throw new UsageError("E_ML_PARAM", `the saved ${its.name} sets ${strange[0]}, which is not known here`, {
      hint: `make a new ${its.name} with the parameters that are known`,
    });
  const id = info.type.case === "objRef" ? info.type.value.id : undefined;
  return { uid: info.uid ?? "", params: checkParams(its.name, its.takes, Object.fromEntries(known)), id };
}

async function operatorInfo(
  client: SparkClient,
  command: MlCommandInit,
  operation: string,
  options?: ActionOptions,
): Promise<MlCommandResult_MlOperatorInfo> {
  const { resultType } = await answer(client, command, operation, options);
  if (resultType.case !== "operatorInfo") throw unexpected(operation);
  return resultType.value;
}

async function value(
  client: SparkClient,
  command: MlCommandInit,
  operation: string,
  options?: ActionOptions,
): Promise<unknown> {
  const { resultType } = await answer(client, command, operation, options);
  if (resultType.case !== "param") throw unexpected(operation);
  return readMlLiteral(resultType.value);
}

async function answer(
  client: SparkClient,
  command: MlCommandInit,
  operation: string,
  options?: ActionOptions,
): Promise<MlCommandResult> {
  const result = await client.ml(command, { ...options, operation });
  if (!result) throw unexpected(operation);
  return result;
}

function unexpected(operation: string): KernelBug {
  return new KernelBug(`the server answered "${operation}" with something else`);
}
