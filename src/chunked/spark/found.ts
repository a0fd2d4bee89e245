import { EngineError, UsageError } from "../../errors.ts";
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
  readonly session?: SparkSession | (() => Promise<SparkSession>) | undefined;
}

const PART = /[\p{L}_][\p{L}\p{N}_]*|`[^`]+`/gu;
const NAME = new RegExp(`^(?:${PART.source})(?:\\.(?:${PART.source})){0,2}$`, "u");
/** What a name comes to that cannot be a table's, as one of a file that is not there. */
const NO_TABLE = /^E_SPARK_(?:REQUIRES_SINGLE_PART_NAMESPACE|CATALOG_NOT_FOUND|PARSE_|INVALID_)/;
/** Frames of tables that were asked for by name. */
const tables = new WeakMap<SparkDataFrame, OnSpark>();
const FORMATS = ["parquet", "csv", "json", "orc"] as const;

/**
 * What a source is that no engine finds on this machine: a table or view of the session that is there, or files in a store that Spark
 * reads. For a table no server is started: a new one has none, but one that `SPARK_REMOTE` names may.
 *
 * @param failure why it was not found here
 * @throws {UsageError} E_SOURCE_FORMAT for files in a store whose names do not say what they are, E_NO_SPARK_SESSION
 */
export async function foundOnSpark(
  source: string,
  failure: unknown,
  { engine, session: given }: FindOptions,
): Promise<OnSpark | undefined> {
  if (engine === "local" || !(failure instanceof UsageError)) return undefined;
  const isInStore = failure.code === "E_URL" && !/^https?:/i.test(source);
  const mayBeTable = failure.code === "E_NO_FILE" && NAME.test(source) && hasServer();
  const opened = typeof given !== "function" ? given : isInStore || mayBeTable ? await given() : undefined;
  const session = opened ?? (await connected(engine));
  if (!session && isInStore && engine === "spark") throw noSession(source);
  if (!session) return undefined;
  if (isInStore) return inStore(session, source);
  return failure.code === "E_NO_FILE" ? table(source, session) : undefined;
}

/** A server that is there whether this process has a session or not. */
function hasServer(): boolean {
  return /^sc:/i.test(process.env.SPARK_REMOTE ?? "");
}

/** The table or view of this name, where the session that is there has one. */
export async function tableOnSpark(name: string, engine: string | undefined): Promise<SparkDataFrame | undefined> {
  const session = engine === "local" ? undefined : await connected(engine);
  if (!session) return undefined;
  const found = await table(name, session);
  if (found) tables.set(found.frame, found);
  return found?.frame;
}

/** A frame that was given, as data on Spark. */
export function givenOnSpark(frame: SparkDataFrame): OnSpark {
  return tables.get(frame) ?? { frame, label: "a frame on Spark", what: "a frame on Spark" };
}

async function table(source: string, session: SparkSession): Promise<OnSpark | undefined> {
  if (!NAME.test(source)) return undefined;
  // Without quotes Spark takes no letters but those of ASCII.
  const name = source.replace(PART, (part) => (part.startsWith("`") ? part : `\`${part}\``));
  const isThere = await session.catalog.tableExists(name).catch((problem: unknown) => {
    if (problem instanceof EngineError && NO_TABLE.test(problem.code)) return false;
    throw problem;
  });
  if (!isThere) return undefined;
  return { frame: session.table(name), label: `${source} on Spark`, what: "a table or view of the Spark session" };
}

/** The session that is there, as long as asking it starts nothing; where one was lost, whoever asks for Spark has another. */
async function connected(engine: string | undefined): Promise<SparkSession | undefined> {
  const session = activeSession();
  if (session?.label === undefined) return undefined;
  if (!session.isLost) return session;
  if (engine !== "spark") return undefined;
  const { SparkSession: Session } = await import("../../spark/session.ts");
  return Session.builder.getOrCreate();
}

function noSession(source: string): UsageError {
  return new UsageError("E_NO_SPARK_SESSION", `Spark reads "${source}", and there is no session with it yet`, {
    hint: "start it, %spark start, or connect to a server, %spark connect, then run this again",
  });
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
