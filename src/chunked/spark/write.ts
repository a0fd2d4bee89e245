import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { EngineError, UsageError } from "../../errors.ts";
import { columnsIn } from "../../query/expression.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import { sqlColumn } from "../../spark/expressions.ts";
import { Observation } from "../../spark/observation.ts";
import { planOf } from "../../spark/plan.ts";
import { throughDraft } from "../draft.ts";
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

/** Texts as everyone reads them: Spark by itself cuts off blanks, marks quotes by a backslash, and leaves out names whose value is null. */
const OPTIONS: Readonly<Record<Kind, Readonly<Record<string, string | boolean>>>> = {
  csv: { header: true, escape: '"', ignoreLeadingWhiteSpace: false, ignoreTrailingWhiteSpace: false },
  json: { ignoreNullFields: false },
  parquet: {},
  orc: {},
};

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
  const target = isHere ? path.resolve(cwd ?? process.cwd(), to.replace(/^~(?=\/)/, homedir())) : to;
  if (isHere && (await stat(target).catch(() => undefined))) throw alreadyThere(to);
  const seen = new Observation();
  const input = plan.query.limit === undefined ? `sum(${plan.rowsName})` : `max(${plan.rowsName})`;
  const counted = result.observe(seen, sqlColumn("count(*)").alias("rows"), sqlColumn(input).alias("input"));
  const rows = counted.selectExpr(...(await namedColumns(result, plan)));
  const save = (file: string) => rows.write.format(kind).save(file, OPTIONS[kind], { signal, onProgress });
  let bytes: number | undefined;
  if (isHere) bytes = await saveHere({ named: to, target, label: client.label }, signal, save);
  else await save(target);
  const { rows: written, input: inputRows } = seen.get;
  return { path: target, rows: Number(written), bytes, inputRows: Number(inputRows ?? 0) };
}

interface Here {
  readonly named: string;
  readonly target: string;
  readonly label: string | undefined;
}

/** Lets Spark fill a folder beside the target, so that what fails leaves nothing and nobody else's folder is touched; gives its bytes. */
async function saveHere(
  { named, target, label = "Spark" }: Here,
  signal: AbortSignal | undefined,
  save: (folder: string) => Promise<void>,
): Promise<number> {
  try {
    return await throughDraft({ path: target }, signal, async (draft) => {
      await save(draft);
      if (await stat(draft).catch(() => undefined)) return bytesIn(draft);
      throw new EngineError("E_NOT_ON_SERVER", `Spark at ${label} wrote ${draft} where this machine does not see it`, {
        hint: "name an address that both see, as s3a://… or file:///a/shared/folder",
      });
    });
  } catch (failure) {
    throw /^(?:ENOTEMPTY|EEXIST|ENOTDIR)$/.test(String((failure as NodeJS.ErrnoException).code))
      ? alreadyThere(named)
      : failure;
  }
}

function alreadyThere(to: string): UsageError {
  return new UsageError("E_BAD_TARGET", `"${to}" is there already, and Spark would write a folder in its place`, {
    hint: "name a folder that is not there, or remove it first",
  });
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
