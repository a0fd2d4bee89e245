import type { DuckdbSession } from "../../duckdb/session.ts";
import { DataError, EngineError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import { type SourceSchema, wantsRows } from "../../query/plan.ts";
import { readBlocks } from "../../source/blocks.ts";
import type { FileSource } from "../../source/source.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import type { SparkSession } from "../../spark/session.ts";
import type { Answer, Refusal } from "../answer.ts";
import type { ChunkedOptions } from "../options.ts";
import { whyNotAnsi } from "../spark/ansi.ts";
import { answerFromSpark } from "../spark/columns.ts";
import { sparkPlanOf } from "../spark/plan.ts";
import { type SparkPlan, sparkQuery } from "../spark/query.ts";
import { oddFolders, readOnSpark, whyNotOnSpark } from "../spark/source.ts";
import { checkedPlan } from "./checked-plan.ts";

/** Why it ran there. */
export const ON_SPARK = "Spark was asked for: it reads the files, and only the result comes here";

/** The same for a result that goes to files. */
export const WRITES_ON_SPARK = "Spark was asked for: it reads the files, and writes the result in a folder of parts";

/** A query that Spark can be given, and what it reads. */
interface Prepared {
  readonly plan: SparkPlan;
  readonly schema: SourceSchema;
  readonly hasLongRows: boolean;
}

/** The same query on a Spark session, or why it would not mean the same there. */
export function aggregateBySpark(
  session: SparkSession,
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Answer | Refusal> {
  return withSpark(session, engine, source, options, async (result, plan) => {
    const frame = await result.toDanfo(Number.POSITIVE_INFINITY, { signal: options.signal, onProgress });
    return { engine: "Spark", reason: ON_SPARK, ...answerFromSpark(frame, plan), notes: [] };
  });
}

/** What is made of a query's result on a Spark session, or why the query would not mean the same there. */
export async function withSpark<T>(
  session: SparkSession,
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  options: ChunkedOptions,
  finish: (result: SparkDataFrame, plan: SparkPlan) => Promise<T>,
): Promise<T | Refusal> {
  const prepared = await prepare(engine, source, options);
  if ("refused" in prepared) return prepared;
  const silent = await whyNotAnsi(session.conf);
  if (silent !== undefined) return { refused: silent };
  const { plan, schema } = prepared;
  const run = (hasLongRows: boolean) =>
    finish(sparkQuery(readOnSpark(session, source, schema.columns, plan.columns, hasLongRows), plan), plan);
  try {
    // A row of a text that goes over several lines looks cut to whoever reads it line by line.
    return await run(prepared.hasLongRows).catch((failure: unknown) => {
      if (prepared.hasLongRows || source.format !== "csv" || !isMalformed(failure)) throw failure;
      return run(true);
    });
  } catch (failure) {
    throw dataFailure(failure, source, session);
  }
}

/** Why Spark would not be given a query; undefined when it can. */
export async function whyNotSpark(
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  options: ChunkedOptions,
): Promise<string | undefined> {
  const prepared = await prepare(engine, source, options);
  return "refused" in prepared ? prepared.refused : undefined;
}

async function prepare(
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  options: ChunkedOptions,
): Promise<Prepared | Refusal> {
  const early = whyNotOnSpark(source, []);
  if (early !== undefined) return { refused: early };
  if (wantsRows(options)) return { refused: "only what is computed comes from there" };
  const { schema, plan: query } = await checkedPlan(engine, source, options);
  const reason = whyNotOnSpark(source, schema.columns);
  if (reason !== undefined) return { refused: reason };
  const plan = sparkPlanOf(query);
  if ("refused" in plan) return plan;
  const odd = oddFolders(source, plan.columns);
  if (odd !== undefined) return { refused: odd };
  return { plan, schema, hasLongRows: await hasLongRows(source) };
}

/** Whether a row of the first block goes over several lines; of JSON, whether the file is one array. */
async function hasLongRows(source: FileSource): Promise<boolean> {
  if (source.format === "parquet") return false;
  const head = (await readBlocks(source)).blocks[0]?.text ?? "";
  if (source.format === "json") return /^\s*\[/.test(head);
  return /"[^"]*[\r\n][^"]*"/.test(head.replaceAll('""', "").replace(/"[^"\r\n]*"/g, ""));
}

function isMalformed(failure: unknown): boolean {
  return failure instanceof EngineError && /MALFORMED/i.test(`${failure.code} ${failure.message}`);
}

/** What the content does not allow is the data's fault, and is told as such; so is a file that is here and not there. */
function dataFailure(failure: unknown, { label }: FileSource, session: SparkSession): unknown {
  if (!(failure instanceof EngineError)) return failure;
  if (/PATH_NOT_FOUND|FILE_NOT_EXIST/.test(failure.code))
    return new DataError(
      "E_NOT_ON_SERVER",
      `${label} is on this machine, and Spark at ${session.label} does not see it`,
      {
        cause: failure,
        hint: "run it with -e local, or put the file where the server reads (a shared folder, object storage) and give %chunked the frame of spark.read",
      },
    );
  if (isMalformed(failure))
    return new DataError("E_RAGGED_ROW", `${label}: a row has too few or too many fields`, {
      cause: failure,
      hint: "run it with -e local, which names the file and the row",
    });
  if (/CAST_INVALID_INPUT|CAST_OVERFLOW/.test(`${failure.code} ${failure.message}`))
    return new DataError("E_BAD_VALUE", `${label}: ${failure.message}`, {
      cause: failure,
      hint: "say the column's type with --dtype column:type, or run it with -e local, which finds it",
    });
  if (/ARITHMETIC_OVERFLOW/.test(`${failure.code} ${failure.message}`))
    return new DataError("E_OVERFLOW", `${label}: Spark has no whole number for a result: ${failure.message}`, {
      cause: failure,
      hint: "run it with -e local, which has whole numbers of any length",
    });
  return failure;
}
