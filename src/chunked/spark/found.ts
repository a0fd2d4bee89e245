import { UsageError } from "../../errors.ts";
import { activeSession } from "../../spark/active.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import type { SparkSession } from "../../spark/session.ts";

/** Data that are on Spark, not here. */
export interface OnSpark {
  readonly frame: SparkDataFrame;
  /** For captions. */
  readonly label: string;
  /** What the data are, for reasons. */
  readonly what: string;
}

interface FindOptions {
  readonly engine?: string | undefined;
  readonly session?: SparkSession | undefined;
}

const NAME = /^(?:[\p{L}_][\p{L}\p{N}_]*|`[^`]+`)(?:\.(?:[\p{L}_][\p{L}\p{N}_]*|`[^`]+`)){0,2}$/u;
const FORMATS = ["parquet", "csv", "json", "orc"] as const;

/**
 * What a source is that no engine finds on this machine: a table or view of the session that is there, or files in a store that Spark
 * reads. Nothing is started for it.
 *
 * @param failure why it was not found here
 * @throws {UsageError} E_SOURCE_FORMAT for files in a store whose names do not say what they are
 */
export async function foundOnSpark(
  source: string,
  failure: unknown,
  { engine, session = connected() }: FindOptions,
): Promise<OnSpark | undefined> {
  if (!session || engine === "local" || !(failure instanceof UsageError)) return undefined;
  if (failure.code === "E_URL" && !/^https?:/i.test(source)) return inStore(session, source);
  if (failure.code !== "E_NO_FILE" || !(await isTable(source, session))) return undefined;
  return { frame: session.table(source), label: `${source} on Spark`, what: "a table or view of the Spark session" };
}

/** Whether the session that is there has a table or view of this name. */
export async function isTableOnSpark(name: string, engine: string | undefined): Promise<boolean> {
  const session = connected();
  return session !== undefined && engine !== "local" && isTable(name, session);
}

async function isTable(name: string, { catalog }: SparkSession): Promise<boolean> {
  return NAME.test(name) && catalog.tableExists(name);
}

/** The session that is there, as long as asking it starts nothing. */
function connected(): SparkSession | undefined {
  const session = activeSession();
  return session?.label === undefined ? undefined : session;
}

/** Files by their ending, as the local engines know them; a folder of parts can have one too. */
function inStore({ read }: SparkSession, source: string): OnSpark {
  const ending = /\.(\w+)(?:\.(?:gz|snappy|zst|bz2))?\/*$/.exec(source)?.[1]?.toLowerCase();
  const format = FORMATS.find((one) => one === (ending === "jsonl" || ending === "ndjson" ? "json" : ending));
  if (!format)
    throw new UsageError("E_SOURCE_FORMAT", `the name "${source}" does not say what the files are`, {
      hint: `give the frame: const data = spark.read.parquet("${source}"), then %chunked data`,
    });
  const frame = format === "csv" ? read.csv(source, { header: true, inferSchema: true }) : read[format](source);
  return { frame, label: source, what: "files in a store that Spark reads" };
}
