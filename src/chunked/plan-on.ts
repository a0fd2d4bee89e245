import type { DuckdbSession } from "../duckdb/session.ts";
import { UsageError } from "../errors.ts";
import { wantsRows } from "../query/plan.ts";
import { isTableSource, type TableSource } from "../tables/table-source.ts";
import { isPlain } from "./chunks/by-tables.ts";
import { refuseAbsent } from "./engines/absent-column.ts";
import { type SparkWork, sparkWorkOf } from "./engines/by-spark.ts";
import { type CheckedPlan, checkedPlan } from "./engines/checked-plan.ts";
import { type ParquetPlan, parquetPlanOf } from "./engines/parquet-plan.ts";
import { type ScanPlan, scanPlanOf } from "./engines/scan-plan.ts";
import { type TablesPlan, tablesPlanOf } from "./engines/tables-plan.ts";
import type { ChunkedOptions } from "./options.ts";
import type { LocalSource } from "./source.ts";

/** Which engine takes a query, why, and what it is given. */
export type Choice = SparkChoice | LocalChoice;

export interface SparkChoice {
  readonly engine: "Spark";
  readonly reason: string;
  readonly work: SparkWork;
}

export type LocalChoice = { readonly reason: string } & (
  | { readonly engine: "scanner"; readonly scan: ScanPlan | TablesPlan | ParquetPlan }
  /** `scanner` is why that does not take it. */
  | { readonly engine: "DuckDB"; readonly scanner: string }
  /** Chunks are cut from tables as they are. */
  | { readonly engine: "Arrow" }
);

/**
 * The one place that decides who runs a query: what is explained is what runs. Of the data samples are read; the scanner may come to a
 * line that it leaves to DuckDB, as the reason of the run then says.
 *
 * @throws {UsageError} E_ENGINE_CHOICE where Spark was asked for and would not mean the same, and for what no engine takes
 */
export async function planOn(
  source: LocalSource,
  options: ChunkedOptions,
  duckdb: () => Promise<DuckdbSession>,
): Promise<Choice> {
  return options.engine === "spark" ? planOnSpark(source, options, duckdb) : planHere(source, options);
}

/** The same where Spark was not asked for. */
export async function planHere(source: LocalSource, options: ChunkedOptions): Promise<LocalChoice> {
  if (isTableSource(source)) return overTables(source, options);
  if (options.to !== undefined) return { engine: "DuckDB", reason: TO_FILE, scanner: "it writes no files" };
  const isRows = wantsRows(options);
  const isParquet = source.format === "parquet";
  const scan = await (isParquet ? parquetPlanOf : scanPlanOf)(source, options);
  return "refused" in scan
    ? { engine: "DuckDB", reason: behind(scan.refused, isRows), scanner: scan.refused }
    : { engine: "scanner", reason: isRows ? READS : isParquet ? UNPACKS : SCANS, scan };
}

/** Why DuckDB does what the scanner refuses. */
export function behind(refused: string, isRows: boolean): string {
  return `${refused}; ${isRows ? READS_ALL : SPILLS}`;
}

/** Spark was asked for, and would not mean the same by the query. */
export function refusedBySpark(refused: string): UsageError {
  return new UsageError("E_ENGINE_CHOICE", `Spark is not given this: ${refused}`, {
    hint: "leave -e spark out: the local engines take it",
  });
}

/** The same where it was. */
export async function planOnSpark(
  source: LocalSource,
  options: ChunkedOptions,
  duckdb: () => Promise<DuckdbSession>,
): Promise<SparkChoice> {
  if (isTableSource(source)) throw refusedBySpark(`the data are ${source.what}`);
  let known: Promise<CheckedPlan> | undefined;
  const checked = () => {
    known ??= checkedPlan(duckdb, source, options);
    return known;
  };
  const work = await sparkWorkOf(checked, source, options);
  if ("refused" in work) {
    await refuseAbsent(checked, duckdb);
    throw refusedBySpark(work.refused);
  }
  return { engine: "Spark", reason: options.to === undefined ? ON_SPARK : WRITES_ON_SPARK, work };
}

function overTables(source: TableSource, options: ChunkedOptions): LocalChoice {
  const { what } = source;
  const isRows = wantsRows(options);
  if (options.to !== undefined) return inFiles(source, "it writes no files", TO_FILE);
  if (isRows && isPlain(options))
    return { engine: "Arrow", reason: `the data are ${what}: the body runs once for each chunk` };
  if (isRows) return inFiles(source, `the data are ${what}`, READS_ALL);
  const scan = tablesPlanOf(source, options);
  if ("refused" in scan) return { engine: "DuckDB", reason: behindTables(source, scan.refused), scanner: scan.refused };
  return { engine: "scanner", reason: `keys and aggregates are declared, and the data are ${what}: ${LAYS}`, scan };
}

function inFiles(source: TableSource, scanner: string, why: string): LocalChoice {
  return { engine: "DuckDB", reason: `${laid(source)}; ${why}`, scanner };
}

/** Why DuckDB does over tables what the scanner refuses. */
export function behindTables(source: TableSource, refused: string): string {
  return `${refused}; ${laid(source)}; ${SPILLS}`;
}

function laid({ what }: TableSource): string {
  return `the data are ${what}, and are laid into temporary files first`;
}

const SCANS = "keys and aggregates are declared, and the data are text: each thread reads its part once";
const UNPACKS =
  "keys and aggregates are declared, and the data are Parquet: each thread unpacks the columns of its row groups once";
const LAYS = "their columns are laid into its memory as they are";
const READS = "the body is TypeScript: threads read ahead, the body runs once for each chunk";
const SPILLS = "the engine does the whole, and spills to disk when it must";
const READS_ALL = "the engine reads, the body runs once for each chunk";
const TO_FILE = "the result goes to a file, which the engine writes as it comes, however large it is";
const ON_SPARK = "Spark was asked for: it reads the files, and only the result comes here";
const WRITES_ON_SPARK = "Spark was asked for: it reads the files, and writes the result in a folder of parts";
