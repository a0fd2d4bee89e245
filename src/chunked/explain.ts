import { checkSql } from "../duckdb/check-sql.ts";
import { type DescribedSource, describeSource, scanColumns } from "../duckdb/describe.ts";
import { selectOf } from "../duckdb/scan.ts";
import { UsageError } from "../errors.ts";
import { withQuotedColumns } from "../query/parse-expression.ts";
import { type QueryPlan, wantsRows } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { isTableSource, schemaOfFields, type TableSource } from "../tables/table-source.ts";
import { READS } from "./chunks/by-scanner.ts";
import { asTheyAre, isPlain } from "./chunks/by-tables.ts";
import { SCANS, whyNotScanner } from "./engines/by-scanner.ts";
import { ON_SPARK, WRITES_ON_SPARK, whyNotSpark } from "./engines/by-spark.ts";
import { checkedPlan, planOf } from "./engines/checked-plan.ts";
import { Engines, laidDown, READS_ALL, refusedBySpark, SPILLS } from "./engines.ts";
import type { ChunkedOptions } from "./options.ts";
import { hasSql, planTables, refuseOnSpark } from "./run-files.ts";
import type { LocalSource } from "./source.ts";
import { kindWritten } from "./spark/write.ts";
import { targetOf } from "./to-file/target.ts";
import { TO_FILE } from "./to-file/to-file.ts";

/** What would do a query, and why; `refused` says of every other engine why it would not. */
export interface Explanation {
  readonly source: string;
  readonly engine: string;
  readonly reason: string;
  readonly refused: readonly { readonly engine: string; readonly reason: string }[];
  readonly plan: QueryPlan;
  /** Files that are read and all that there are, where a condition on columns in the names of folders leaves some out. */
  readonly files?: { readonly read: number; readonly all: number } | undefined;
}

/**
 * Without `agg` it is the reading of the rows that is explained, into chunks or to a file.
 *
 * @throws {UsageError} as the query itself does, before it reads the data
 */
export async function explain(source: LocalSource, options: ChunkedOptions): Promise<Explanation> {
  await using engines = new Engines(options);
  const { cwd, engine } = options;
  const to = engine === "spark" ? undefined : options.to;
  if (to !== undefined) await targetOf(to, cwd, source);
  else if (options.to !== undefined) kindWritten(options.to);
  if (isTableSource(source)) return await explainTables(source, engines, options);
  const { schema, plan } = await checkedPlan(() => engines.duckdb(), source, options);
  await checkWords(engines, source, schema as DescribedSource, plan);
  const files = await filesRead(engines, source, plan);
  if (to !== undefined)
    return { source: source.label, engine: "DuckDB", reason: TO_FILE, refused: NOT_TO_FILE, plan, files };
  return { source: source.label, ...(await chosenFor(source, engines, options)), plan, files };
}

/** How many files a condition on columns of folders leaves, as the engine counts them. */
async function filesRead(
  engines: Engines,
  source: FileSource,
  { where, columns }: QueryPlan,
): Promise<Explanation["files"]> {
  const { partitions } = source;
  if (partitions === undefined || where === undefined) return undefined;
  const session = await engines.duckdb();
  const described = await describeSource(session, source);
  const select = selectOf(source, scanColumns(described, columns));
  const names = columns.map(({ name }) => name);
  const { columns: told } = await session.query(
    `EXPLAIN SELECT 1 FROM (${select}) WHERE (${withQuotedColumns(where, names)})`,
  );
  const text = told.flatMap(({ dictionary, values }) => [...(dictionary ?? (values as readonly unknown[]))]).join("\n");
  const found = /Scanning Files:\s*(\d+)\/(\d+)/.exec(text);
  if (found) return { read: Number(found[1]), all: Number(found[2]) };
  // The engine drops a scan of which nothing is left.
  const read = /EMPTY_RESULT/.test(text) ? 0 : source.files.length;
  return { read, all: source.files.length };
}

/** Condition and computed keys are bound, so that what is wrong in them is told here as when they run. */
async function checkWords(
  engines: Engines,
  source: FileSource,
  schema: DescribedSource,
  plan: QueryPlan,
): Promise<void> {
  if (!hasSql(plan)) return;
  const session = await engines.duckdb();
  const described = source.format === "csv" ? await describeSource(session, source) : schema;
  await checkSql(session, source, scanColumns(described, plan.columns), plan);
}

async function chosenFor(
  source: FileSource,
  engines: Engines,
  options: ChunkedOptions,
): Promise<Pick<Explanation, "engine" | "reason" | "refused">> {
  const [scanner, spark] = [
    await whyNotScanner(source, options),
    await whyNotSpark(() => engines.duckdb(), source, options),
  ];
  const local = scanner === undefined ? "scanner" : "DuckDB";
  const isOnSpark = options.engine === "spark";
  if (isOnSpark && spark !== undefined) throw refusedBySpark({ refused: spark });
  const engine = isOnSpark ? "Spark" : local;
  const why = wantsRows(options) ? { scanner: READS, DuckDB: READS_ALL } : { scanner: SCANS, DuckDB: SPILLS };
  const refused = [
    { engine: "scanner", reason: scanner ?? "Spark was asked for" },
    { engine: "DuckDB", reason: isOnSpark ? "Spark was asked for" : "the scanner is faster and takes it" },
    {
      engine: "Spark",
      reason: spark ?? "the files are on this machine, where the local engines are faster; -e spark runs it there",
    },
  ].filter((other) => other.engine !== engine);
  const onSpark = options.to === undefined ? ON_SPARK : WRITES_ON_SPARK;
  return { engine, reason: isOnSpark ? onSpark : why[local], refused };
}

/** @throws {UsageError} E_SOURCE for an iterable, whose columns nobody knows before it was read */
async function explainTables(source: TableSource, engines: Engines, options: ChunkedOptions): Promise<Explanation> {
  if (options.engine === "spark") refuseOnSpark(source);
  const { label, what, fields } = source;
  if (fields === undefined)
    throw new UsageError("E_SOURCE", "an iterable is read only once, so there is nothing to explain before", {
      hint: "run it, or put its rows into a frame first",
    });
  const others = ["scanner", "Spark"].map((engine) => ({ engine, reason: `the data are ${what}` }));
  if (options.to === undefined && wantsRows(options) && isPlain(options)) {
    const plan = planOf(schemaOfFields(fields), options);
    return { source: label, engine: "Arrow", reason: asTheyAre(source), refused: others, plan };
  }
  const plan = await planTables(source, () => engines.duckdb(), options);
  const why = options.to !== undefined ? TO_FILE : wantsRows(options) ? READS_ALL : SPILLS;
  const reason = `${laidDown(source)}; ${why}`;
  return { source: label, engine: "DuckDB", reason, refused: options.to === undefined ? others : NOT_TO_FILE, plan };
}

const NOT_TO_FILE = [
  { engine: "scanner", reason: "it writes no files" },
  { engine: "Spark", reason: "the files are on this machine; -e spark writes a folder of parts there" },
] as const;
