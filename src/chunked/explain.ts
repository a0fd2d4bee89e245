import { checkSql } from "../duckdb/check-sql.ts";
import { type DescribedSource, describeSource, LOOKED_AT, scanColumns } from "../duckdb/describe.ts";
import { selectOf } from "../duckdb/select.ts";
import type { DuckdbSession } from "../duckdb/session.ts";
import { inUtf8 } from "../duckdb/utf8-copy.ts";
import { UsageError } from "../errors.ts";
import { withQuotedColumns } from "../query/parse-expression.ts";
import { planColumns, type QueryPlan } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { isTableSource, schemaOfFields, type TableSource } from "../tables/table-source.ts";
import { hasSql } from "./engines/absent-column.ts";
import { sparkWorkOf } from "./engines/by-spark.ts";
import { type CheckedPlan, checkedPlan, planOf } from "./engines/checked-plan.ts";
import { type Room, roomFor } from "./engines/spill.ts";
import { Engines } from "./engines.ts";
import type { ChunkedOptions } from "./options.ts";
import { type Choice, planOn } from "./plan-on.ts";
import { planTables } from "./run-files.ts";
import type { LocalSource } from "./source.ts";
import { kindWritten } from "./spark/write.ts";
import { targetOf } from "./to-file/target.ts";

/** What would do a query, and why; `refused` says of every other engine why it would not. */
export interface Explanation {
  readonly source: string;
  readonly engine: string;
  readonly reason: string;
  readonly refused: readonly { readonly engine: string; readonly reason: string }[];
  readonly plan: QueryPlan;
  /** Files that are read and all that there are, where a condition on columns in the names of folders leaves some out. */
  readonly files?: { readonly read: number; readonly all: number } | undefined;
  /** What the groups take by a sample, where DuckDB makes them. */
  readonly room?: Room | undefined;
}

/**
 * Without `agg` it is the reading of the rows that is explained, into chunks or to a file.
 *
 * @throws {UsageError} as the query itself does, before it reads the data
 */
export async function explain(source: LocalSource, options: ChunkedOptions): Promise<Explanation> {
  await using engines = new Engines(options);
  const duckdb = () => engines.duckdb();
  const { cwd, engine, to } = options;
  if (to !== undefined && engine === "spark") kindWritten(to);
  else if (to !== undefined) await targetOf(to, cwd, source);
  if (isTableSource(source)) requireFields(source);
  const choice = await planOn(source, options, duckdb);
  const told = { source: source.label, engine: choice.engine, reason: choice.reason };
  if (isTableSource(source)) {
    const refused = othersOf(choice, `the data are ${source.what}`);
    return { ...told, refused, plan: await planOfTables(source, choice, duckdb, options) };
  }
  const checked = once(() => checkedPlan(duckdb, source, options));
  const plan = choice.engine === "scanner" ? choice.scan.plan : (await checked()).plan;
  if (choice.engine !== "scanner") await checkWords(engines, source, options, await checked());
  const refused = othersOf(choice, choice.engine === "Spark" ? "" : await whyNotSpark(source, options, checked));
  const files = await filesRead(engines, source, plan);
  const makesGroups = choice.engine === "DuckDB" && plan.aggregates.length > 0;
  const room = makesGroups ? await roomFor(await duckdb(), source, plan, options.signal) : undefined;
  return { ...told, refused, plan, files, room };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Why the other engines do not take it. */
function othersOf(choice: Choice, spark: string): Explanation["refused"] {
  const asked = "Spark was asked for";
  const scanner = choice.engine === "DuckDB" ? choice.scanner : choice.engine === "Arrow" ? spark : asked;
  const duckdb = choice.engine === "Spark" ? asked : "the scanner is faster and takes it";
  const all = [
    { engine: "scanner", reason: scanner },
    { engine: "DuckDB", reason: duckdb },
    { engine: "Spark", reason: spark },
  ];
  return all.filter(({ engine }) => engine !== choice.engine && !(choice.engine === "Arrow" && engine === "DuckDB"));
}

async function whyNotSpark(
  source: FileSource,
  options: ChunkedOptions,
  checked: () => Promise<CheckedPlan>,
): Promise<string> {
  if (options.to !== undefined) return "the files are on this machine; -e spark writes a folder of parts there";
  const work = await sparkWorkOf(checked, source, options);
  return "refused" in work
    ? work.refused
    : "the files are on this machine, where the local engines are faster; -e spark runs it there";
}

/** How many files a condition on columns of folders leaves, as the engine counts them. */
async function filesRead(
  engines: Engines,
  given: FileSource,
  { where, columns }: QueryPlan,
): Promise<Explanation["files"]> {
  const { partitions } = given;
  if (partitions === undefined || where === undefined) return undefined;
  const session = await engines.duckdb();
  const source = await inUtf8(session, given, { isLook: true });
  const described = await describeSource(session, source, { mostRows: LOOKED_AT });
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
  given: FileSource,
  { dtype }: ChunkedOptions,
  { schema, plan }: CheckedPlan,
): Promise<void> {
  if (!hasSql(plan)) return;
  const session = await engines.duckdb();
  const source = await inUtf8(session, given, { isLook: true });
  const described =
    source.format === "csv"
      ? await describeSource(session, source, { mostRows: LOOKED_AT })
      : (schema as DescribedSource);
  // A condition on rows may use columns that are not handed out.
  const columns = plan.aggregates.length > 0 ? plan.columns : planColumns(described, { dtype });
  await checkSql(session, source, scanColumns(described, columns), plan);
}

/** @throws {UsageError} E_SOURCE for an iterable, whose columns nobody knows before it was read */
function requireFields({ fields }: TableSource): void {
  if (fields !== undefined) return;
  throw new UsageError("E_SOURCE", "an iterable is read only once, so there is nothing to explain before", {
    hint: "run it, or put its rows into a frame first",
  });
}

function planOfTables(
  source: TableSource,
  choice: Choice,
  duckdb: () => Promise<DuckdbSession>,
  options: ChunkedOptions,
): QueryPlan | Promise<QueryPlan> {
  const { fields = [] } = source;
  if (choice.engine === "scanner") return choice.scan.plan;
  return choice.engine === "Arrow" ? planOf(schemaOfFields(fields), options) : planTables(source, duckdb, options);
}
