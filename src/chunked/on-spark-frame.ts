import { UsageError } from "../errors.ts";
import { type DataFrame, frameFromColumns } from "../frame/frame.ts";
import { planQuery, type SourceSchema } from "../query/plan.ts";
import { RuntimeConfig } from "../spark/conf.ts";
import type { SparkDataFrame } from "../spark/dataframe.ts";
import { SparkPlan as AnySparkFrame, planOf } from "../spark/plan.ts";
import { refuseAbsent } from "./engines/absent-column.ts";
import { Engines } from "./engines.ts";
import type { Explanation } from "./explain.ts";
import type { ChunkedOptions } from "./options.ts";
import type { ChunkedRun } from "./run.ts";
import { whyNotAnsi } from "./spark/ansi.ts";
import { answerFromSpark } from "./spark/columns.ts";
import type { OnSpark } from "./spark/found.ts";
import { sparkPlanOf } from "./spark/plan.ts";
import { type SparkPlan, sparkQuery } from "./spark/query.ts";
import { runOnSpark } from "./spark/run.ts";
import { columnsOnSpark } from "./spark/source.ts";
import { kindWritten, writeOnSpark } from "./spark/write.ts";
import type { WrittenFile } from "./written-file.ts";

export function isSparkFrame(value: unknown): value is SparkDataFrame {
  return value instanceof AnySparkFrame;
}

/** The query over data on Spark, where they are: its result comes here, or goes to the files that `to` names, which are written there. */
export async function chunkedOnSpark(
  data: OnSpark,
  options: ChunkedOptions,
): Promise<(DataFrame | WrittenFile) & { readonly run: ChunkedRun }> {
  const plan = await preparedOn(data, options);
  const result = sparkQuery(columnsOnSpark(data.frame, plan.columns), plan);
  const { to, signal, onProgress } = options;
  const work = { label: data.label, fileBytes: 0, reason: reasonOf(data, options) };
  if (to !== undefined)
    return runOnSpark(work, options, async () => {
      const written = await writeOnSpark(result, plan, to, options);
      return { value: written, rows: written.inputRows };
    });
  return runOnSpark(work, options, async () => {
    const frame = await result.toDanfo(Number.POSITIVE_INFINITY, { signal, onProgress });
    const answer = answerFromSpark(frame, plan);
    return { value: frameFromColumns(answer.columns), rows: answer.rows };
  });
}

/** What would run, and why no other engine does. */
export async function explainOnSpark(data: OnSpark, options: ChunkedOptions): Promise<Explanation> {
  if (options.to !== undefined) kindWritten(options.to);
  const { query } = await preparedOn(data, options);
  const refused = ["scanner", "DuckDB"].map((engine) => ({ engine, reason: "the data are on Spark" }));
  return { source: data.label, engine: "Spark", reason: reasonOf(data, options), refused, plan: query };
}

function reasonOf({ what }: OnSpark, { to }: ChunkedOptions): string {
  const result = to === undefined ? "only the result comes here" : "the result is written there, in a folder of parts";
  return `the data are ${what}: they are aggregated there, and ${result}`;
}

async function preparedOn({ frame }: OnSpark, options: ChunkedOptions): Promise<SparkPlan> {
  if (options.engine === "local")
    throw new UsageError("E_ENGINE_CHOICE", "the data are on Spark, and the local engines read files", {
      hint: "leave it to Spark, or bring it here with toDanfo()",
    });
  const silent = await whyNotAnsi(new RuntimeConfig(planOf(frame).client));
  if (silent !== undefined)
    throw new UsageError("E_ENGINE_CHOICE", `Spark is not given this: ${silent}`, {
      hint: 'set it for the session: await spark.conf.set("spark.sql.ansi.enabled", true)',
    });
  const schema = schemaOn(await frame.dtypes());
  const query = planQuery(schema, options);
  const plan = sparkPlanOf(query);
  if (!("refused" in plan)) return plan;
  await using engines = new Engines({ signal: options.signal });
  await refuseAbsent(
    async () => ({ schema, plan: query }),
    () => engines.duckdb(),
  );
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
