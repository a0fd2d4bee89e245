import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../../errors.ts";
import { columnsIn } from "../../query/expression.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import { sqlColumn } from "../../spark/expressions.ts";
import { Observation } from "../../spark/observation.ts";
import { planOf } from "../../spark/plan.ts";
import type { ChunkedOptions } from "../options.ts";
import type { WrittenFile } from "../written-file.ts";
import type { SparkPlan } from "./query.ts";

const KINDS = {
  parquet: "parquet",
  pq: "parquet",
  csv: "csv",
  jsonl: "json",
  ndjson: "json",
  json: "json",
  orc: "orc",
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/**
 * Writes the result of a plan where Spark is: a folder of parts, in Spark's types. One that is there already is not touched.
 *
 * @throws {UsageError} E_BAD_TARGET
 */
export async function writeOnSpark(
  result: SparkDataFrame,
  plan: SparkPlan,
  to: string,
  { cwd, signal, onProgress }: ChunkedOptions,
): Promise<WrittenFile & { readonly inputRows: number }> {
  const kind = kindWritten(to);
  const { client } = planOf(result);
  const isHere = (await client.isLocal()) && !/^[a-z][a-z\d+.-]+:/i.test(to);
  const target = isHere ? path.resolve(cwd ?? process.cwd(), to) : to;
  if (isHere && (await stat(target).catch(() => undefined)))
    throw new UsageError("E_BAD_TARGET", `"${to}" is there already, and Spark would write a folder in its place`, {
      hint: "name a folder that is not there, or remove it first",
    });
  const seen = new Observation();
  const input = plan.query.limit === undefined ? `sum(${plan.rowsName})` : `max(${plan.rowsName})`;
  const counted = result.observe(seen, sqlColumn("count(*)").alias("rows"), sqlColumn(input).alias("input"));
  try {
    const options = kind === "csv" ? { header: true } : {};
    await counted
      .selectExpr(...(await namedColumns(result, plan)))
      .write.format(kind)
      .save(target, options, { signal, onProgress });
  } catch (failure) {
    if (isHere) await rm(target, { recursive: true, force: true });
    throw failure;
  }
  const { rows, input: inputRows } = seen.get;
  return {
    path: target,
    rows: Number(rows),
    bytes: isHere ? await bytesIn(target) : undefined,
    inputRows: Number(inputRows ?? 0),
  };
}

/** The columns under their names; moments, which are without their zone within a plan, as moments again. */
async function namedColumns(result: SparkDataFrame, { query, keys, columns }: SparkPlan): Promise<string[]> {
  const zoned = new Set(columns.filter(({ type }) => type === "datetime64[us, UTC]").map(({ name }) => name));
  const found = new Map(await result.dtypes());
  const named = [
    ...query.keys.map(({ name, expression }, i) => ({
      alias: `k${i}`,
      name,
      of: expression === undefined ? [name] : columnsIn(keys[i] ?? { kind: "column", name }),
    })),
    ...query.aggregates.map(({ name, column }, i) => ({ alias: `a${i}`, name, of: [column] })),
  ];
  return named.map(({ alias, name, of }) => {
    const isMoment = found.get(alias) === "timestamp_ntz" && of.some((one) => zoned.has(one));
    return `${isMoment ? moment(alias) : alias} AS \`${name.replaceAll("`", "``")}\``;
  });
}

function moment(column: string): string {
  return `timestamp_micros(timestampdiff(MICROSECOND, TIMESTAMP_NTZ'1970-01-01 00:00:00', ${column}))`;
}

/**
 * What the ending of a name makes Spark write.
 *
 * @throws {UsageError} E_BAD_TARGET
 */
export function kindWritten(to: string): Kind {
  const ending = path.extname(to.replace(/\/+$/, "")).slice(1).toLowerCase();
  const kind = KINDS[ending as keyof typeof KINDS];
  if (kind) return kind;
  throw new UsageError("E_BAD_TARGET", `"${to}" has no ending that says what Spark is to write`, {
    hint: "end the folder's name in .parquet, .csv, .jsonl or .orc",
  });
}

async function bytesIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("part-"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
