import { DataError, EngineError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import { type SourceSchema, wantsRows } from "../../query/plan.ts";
import { readBlocks } from "../../source/blocks.ts";
import type { FileSource } from "../../source/source.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import type { SparkSession } from "../../spark/session.ts";
import type { Found, Refusal } from "../answer.ts";
import type { ChunkedOptions } from "../options.ts";
import { whyNotAnsi } from "../spark/ansi.ts";
import { answerFromSpark } from "../spark/columns.ts";
import { sparkPlanOf } from "../spark/plan.ts";
import { type SparkPlan, sparkQuery } from "../spark/query.ts";
import { oddFolders, oddMoments, readOnSpark, whyNotOnSpark } from "../spark/source.ts";
import type { CheckedPlan } from "./checked-plan.ts";

/** What Spark is given: the query in its words, and how the files are read. */
export interface SparkWork {
  readonly plan: SparkPlan;
  readonly schema: SourceSchema;
  readonly hasLongRows: boolean;
}

/** The query on a Spark session, or why it would not mean the same in that one. */
export function aggregateBySpark(
  session: SparkSession,
  work: SparkWork,
  source: FileSource,
  { signal }: Pick<ChunkedOptions, "signal">,
  onProgress: ProgressListener,
): Promise<Found | Refusal> {
  return withSpark(session, work, source, async (result, plan) => {
    const frame = await result.toDanfo(Number.POSITIVE_INFINITY, { signal, onProgress });
    return { engine: "Spark", ...answerFromSpark(frame, plan), notes: [] };
  });
}

/** What is made of a query's result on a Spark session, or why the query would not mean the same there. */
export async function withSpark<T>(
  session: SparkSession,
  { plan, schema, hasLongRows }: SparkWork,
  source: FileSource,
  finish: (result: SparkDataFrame, plan: SparkPlan) => Promise<T>,
): Promise<T | Refusal> {
  const silent = await whyNotAnsi(session.conf);
  if (silent !== undefined) return { refused: silent };
  const run = (isLong: boolean) =>
    finish(sparkQuery(readOnSpark(session, source, schema.columns, plan.columns, isLong), plan), plan);
  try {
    // A row of a text that goes over several lines looks cut to whoever reads it line by line.
    return await run(hasLongRows).catch((failure: unknown) => {
      if (hasLongRows || source.format !== "csv" || !isMalformed(failure)) throw failure;
      return run(true);
    });
  } catch (failure) {
    throw dataFailure(failure, source, session);
  }
}

/** The query as Spark is given it, or why it would not mean the same there; no server is asked. */
export async function sparkWorkOf(
  checked: () => Promise<CheckedPlan>,
  source: FileSource,
  options: ChunkedOptions,
): Promise<SparkWork | Refusal> {
  const early = whyNotOnSpark(source, []);
  if (early !== undefined) return { refused: early };
  if (wantsRows(options)) return { refused: "only what is computed comes from there" };
  const { schema, plan: query } = await checked();
  const reason = whyNotOnSpark(source, schema.columns);
  if (reason !== undefined) return { refused: reason };
  const plan = sparkPlanOf(query);
  if ("refused" in plan) return plan;
  const odd = oddFolders(source, plan.columns) ?? oddMoments(schema, plan.columns);
  if (odd !== undefined) return { refused: odd };
  return { plan, schema, hasLongRows: await seemsLong(source) };
}

/** Whether a row of the first block goes over several lines; of JSON, whether the file is one array. */
async function seemsLong(source: FileSource): Promise<boolean> {
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
