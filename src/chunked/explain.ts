import { UsageError } from "../errors.ts";
import { cell, type Document, type PreviewCell } from "../frame/preview.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { Aggregate, GroupKey, OrderTerm } from "../query/query.ts";
import type { FileSource } from "../source/source.ts";
import { SCANS, whyNotScanner } from "./engines/by-scanner.ts";
import { ON_SPARK, whyNotSpark } from "./engines/by-spark.ts";
import { checkedPlan } from "./engines/checked-plan.ts";
import { Engines, SPILLS } from "./engines.ts";
import type { ChunkedOptions } from "./options.ts";
import { checkTarget, TO_FILE } from "./to-file/to-file.ts";

/** What would do a query, and why; `refused` says of every other engine why it would not. */
export interface Explanation {
  readonly source: string;
  readonly engine: string;
  readonly reason: string;
  readonly refused: readonly { readonly engine: string; readonly reason: string }[];
  readonly plan: QueryPlan;
}

/** @throws {UsageError} as the query itself does, before it reads the data */
export async function explain(source: FileSource, options: ChunkedOptions): Promise<Explanation> {
  await using engines = new Engines(options);
  const duckdb = () => engines.duckdb();
  const { to } = options;
  if (to !== undefined) await checkTarget(source, { ...options, to });
  const { plan } = await checkedPlan(duckdb, source, options);
  if (to !== undefined) return { source: source.label, engine: "DuckDB", reason: TO_FILE, refused: NOT_TO_FILE, plan };
  const [scanner, general, spark] = [
    await whyNotScanner(source, options),
    source.format === "arrow" ? "it reads no Arrow files" : undefined,
    await whyNotSpark(duckdb, source, options),
  ];
  const local = scanner === undefined ? LOCAL.scanner : LOCAL.DuckDB;
  const chosen = options.engine === "spark" ? { engine: "Spark", reason: ON_SPARK } : local;
  const isOnSpark = chosen.engine === "Spark";
  const refused = [
    { engine: "scanner", reason: scanner ?? (isOnSpark ? "Spark was asked for" : undefined) },
    { engine: "DuckDB", reason: general ?? (isOnSpark ? "Spark was asked for" : "the scanner is faster and takes it") },
    { engine: "Spark", reason: spark ?? "the files are on this machine; -e spark runs it there" },
  ].flatMap(({ engine, reason }) => (engine === chosen.engine || reason === undefined ? [] : [{ engine, reason }]));
  if (isOnSpark && spark !== undefined)
    throw new UsageError("E_ENGINE_CHOICE", `Spark is not given this: ${spark}`, {
      hint: "leave -e spark out: the local engines take it",
    });
  return { source: source.label, ...chosen, refused, plan };
}

const NOT_TO_FILE = [
  { engine: "scanner", reason: "it writes no files" },
  { engine: "Spark", reason: "a file on this machine is written by the local engine" },
] as const;

const LOCAL = {
  scanner: { engine: "scanner", reason: SCANS },
  DuckDB: { engine: "DuckDB", reason: SPILLS },
} as const;

/** An explanation as a table: the engines, and below them the plan. */
export function explanationDocument({ source, engine, reason, refused, plan }: Explanation): Document {
  const rows: PreviewCell[][] = [
    [cell(engine), cell(`runs it: ${reason}`)],
    ...refused.map((other) => [cell(other.engine), cell(other.reason)]),
    ...planRows(plan),
  ];
  const columns = [
    { name: "part", align: "left" as const },
    { name: "plan", align: "left" as const },
  ];
  return {
    blocks: [{ kind: "table", preview: { caption: `${source} · plan`, columns, rows, rowHeader: true, notes: [] } }],
  };
}

function planRows({ keys, aggregates, where, order, rowOrder, limit, columns }: QueryPlan): PreviewCell[][] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const entries: [string, string | undefined][] = [
    ["by", keys.map((key) => keyText(key, types)).join(", ") || "one group"],
    ["agg", aggregates.map((one) => aggregateText(one, types)).join(", ")],
    ["where", where],
    ["order", orderText(order) ?? (keys.length > 0 ? "by key, null last" : undefined)],
    ["rows taken by", orderText(rowOrder)],
    ["limit", limit === undefined ? undefined : String(limit)],
  ];
  return entries.flatMap(([name, text]) => (text === undefined ? [] : [[cell(name), cell(text)]]));
}

function keyText({ name, expression }: GroupKey, types: ReadonlyMap<string, string>): string {
  return expression === undefined ? `${name} (${types.get(name)})` : `${name} = ${expression}`;
}

function aggregateText({ name, fn, column, at }: Aggregate, types: ReadonlyMap<string, string>): string {
  const type = types.get(column);
  return `${name} = ${fn}(${column}${type === undefined ? "" : ` ${type}`}${at === undefined ? "" : `, ${at}`})`;
}

function orderText(terms: readonly OrderTerm[]): string | undefined {
  if (terms.length === 0) return undefined;
  return terms.map(({ name, isDescending }) => `${name}${isDescending ? " descending" : ""}`).join(", ");
}
