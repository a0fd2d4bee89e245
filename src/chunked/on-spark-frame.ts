import { Interrupted, UsageError } from "../errors.ts";
import { type DataFrame, frameFromColumns } from "../frame/frame.ts";
import { planQuery, type SourceSchema } from "../query/plan.ts";
import type { SparkDataFrame } from "../spark/dataframe.ts";
import { SparkPlan as AnySparkFrame } from "../spark/plan.ts";
import type { Answer } from "./answer.ts";
import type { Explanation } from "./explain.ts";
import type { ChunkedOptions } from "./options.ts";
import { type ChunkedRun, RunMeter, withRun } from "./run.ts";
import { answerFromSpark } from "./spark/columns.ts";
import { sparkPlanOf } from "./spark/plan.ts";
import { type SparkPlan, sparkQuery } from "./spark/query.ts";
import { columnsOnSpark } from "./spark/source.ts";

const REASON = "the data are a frame on Spark: they are aggregated there, and only the result comes here";
const LABEL = "a frame on Spark";

export function isSparkFrame(value: unknown): value is SparkDataFrame {
  return value instanceof AnySparkFrame;
}

/** The query over a frame on Spark, where its data are. */
export async function chunkedOnSparkFrame(
  frame: SparkDataFrame,
  options: ChunkedOptions,
): Promise<DataFrame & { readonly run: ChunkedRun }> {
  const plan = await preparedOn(frame, options);
  using meter = new RunMeter(options.signal);
  const state: { answer: Pick<Answer, "columns" | "rows"> | undefined } = { answer: undefined };
  const finish = (isComplete: boolean): ChunkedRun => {
    const run = meter.finish({
      source: LABEL,
      rows: state.answer?.rows ?? 0,
      chunks: 0,
      fileBytes: 0,
      engine: "Spark",
      reason: REASON,
      complete: isComplete,
      fraction: isComplete ? 1 : undefined,
      wholeBytes: undefined,
      notes: [],
    });
    options.onRun?.(run);
    return run;
  };
  try {
    const { signal, onProgress } = options;
    const result = sparkQuery(columnsOnSpark(frame, plan.columns), plan);
    state.answer = answerFromSpark(await result.toDanfo(Number.POSITIVE_INFINITY, { signal, onProgress }), plan);
    return withRun(frameFromColumns(state.answer.columns), finish(true));
  } catch (failure) {
    const run = finish(false);
    if (failure instanceof Interrupted)
      Object.defineProperty(failure, "run", { value: run, enumerable: false, configurable: true });
    throw failure;
  }
}

/** What would run, and why no other engine does. */
export async function explainOnSparkFrame(frame: SparkDataFrame, options: ChunkedOptions): Promise<Explanation> {
  const { query } = await preparedOn(frame, options);
  const refused = ["scanner", "DuckDB"].map((engine) => ({ engine, reason: "the data are on Spark" }));
  return { source: LABEL, engine: "Spark", reason: REASON, refused, plan: query };
}

async function preparedOn(frame: SparkDataFrame, options: ChunkedOptions): Promise<SparkPlan> {
  if (options.engine === "local" || options.to !== undefined)
    throw new UsageError("E_ENGINE_CHOICE", "the data are on Spark, and the local engines read files", {
      hint: "leave it to Spark, write it there with write.parquet(path), or bring it here with toDanfo()",
    });
  const plan = sparkPlanOf(planQuery(schemaOn(await frame.dtypes()), options));
  if (!("refused" in plan)) return plan;
  throw new UsageError("E_ENGINE_CHOICE", `Spark is not given this: ${plan.refused}`, {
    hint: "say it with the methods of the frame: where, groupBy, agg",
  });
}

/** Spark's types under pandas' names; where a name is used twice no column of it can be meant. */
function schemaOn(dtypes: readonly (readonly [name: string, type: string])[]): SourceSchema {
  const count = (name: string) => dtypes.filter(([other]) => other.toLowerCase() === name.toLowerCase()).length;
  return {
    columns: dtypes.filter(([name]) => count(name) === 1).map(([name, type]) => ({ name, type: pandasTypeOf(type) })),
  };
}

function pandasTypeOf(type: string): string {
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return `decimal(${decimal[1]}, ${decimal[2]})`;
  if (/^(string|varchar|char)\b/.test(type)) return "str";
  if (/^(array|map|struct)/.test(type)) return type.startsWith("array") ? "list" : "struct";
  return TYPES[type] ?? "object";
}

const TYPES: Readonly<Record<string, string>> = {
  tinyint: "int8",
  smallint: "int16",
  int: "int32",
  bigint: "int64",
  float: "float32",
  double: "float64",
  boolean: "bool",
  date: "date",
  timestamp: "datetime64[us, UTC]",
  timestamp_ntz: "datetime64[us]",
};
