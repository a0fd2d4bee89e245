import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "../../../src/chunked/answer.ts";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import { aggregateByScanner, aggregateParquet } from "../../../src/chunked/engines/by-scanner.ts";
import { aggregateBySpark } from "../../../src/chunked/engines/by-spark.ts";
import { type Choice, type LocalChoice, planOn, planOnSpark } from "../../../src/chunked/plan-on.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteText } from "../../../src/duckdb/sql.ts";
import { columnsOf, frameFromColumns } from "../../../src/frame/frame.ts";
import type { QueryWords } from "../../../src/query/plan.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { FileSource } from "../../../src/source/source.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { sparkServer } from "../../support/spark-server.ts";
import { makeText, type PlanData, type Random, randomOf } from "./plan-data.ts";
import { type Family, joined, makeFamily, type PlanWords, planOf } from "./plans.ts";

// The same plan on the scanner, DuckDB and a live Spark. Spark answers all plans of a family in one job.
// More of them: OUTGROW_FAMILIES=30 npm test -- test/src/chunked/engines; another draw: OUTGROW_SEED=2.
const FAMILIES = Number(process.env.OUTGROW_FAMILIES ?? 3);
const SEED = Number(process.env.OUTGROW_SEED ?? 1);
const PLANS = 9;

const FORMS = ["csv", "csv", "csv.gz", "parquet", "jsonl", "one.csv", "csv", "parquet"] as const;

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-engines-"));
let duckdb: DuckdbSession;
let spark: SparkSession;
/** Plans that each engine answered. */
const answered = { DuckDB: 0, scanner: 0, Spark: 0 };
/** Of the plans of a family every so many are explained and run as a whole. */
const EXPLAINED = 3;
let explainedPlans = 0;

beforeAll(async () => {
  duckdb = await openDuckdb();
  const { address, token } = await sparkServer();
  spark = await SparkSession.connect(address, { token });
  // For data this small the pieces cost more than the work.
  await spark.conf.set("spark.sql.shuffle.partitions", "1");
  // No zone of a session may have a say.
  await spark.conf.set("spark.sql.session.timeZone", "Europe/Berlin");
}, 600_000);

afterAll(async () => {
  await spark?.stop();
  await duckdb?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(FORMS.map((form, i) => ({ form, seed: SEED * 1000 + i })))(
  "plans over $form, seed $seed: the engines agree",
  async ({ form, seed }) => {
    const random = randomOf(seed);
    const { source, data } = await makeSource(random, form, seed);
    const families = Array.from({ length: FAMILIES }, () => makeFamily(random, PLANS));
    const checks = families.map((family) => checkFamily(source, data, family));
    expect((await Promise.all(checks)).flat().slice(0, 3)).toEqual([]);
  },
  600_000,
);

test("every engine had its share of the plans", () => {
  expect(answered.DuckDB).toBe(FORMS.length * FAMILIES * PLANS);
  expect(answered.Spark).toBe(answered.DuckDB);
  expect(answered.scanner).toBeGreaterThan(answered.DuckDB / 10);
  expect(explainedPlans).toBe(answered.DuckDB / EXPLAINED);
});

test("a frame on Spark is aggregated there, and gives what its file gives", { timeout: 600_000 }, async () => {
  const { source, data } = await makeSource(randomOf(7), "parquet", 7);
  const frame = spark.read.parquet(source.files[0]?.path ?? "");
  const plan: PlanWords = {
    by: ["city", "year(z) AS year"],
    agg: ["amount:sum", "big:max", "z:min", "id:list"],
    order: ["n", "year:desc"],
  };
  const told: string[] = [];
  const result = await chunked(frame, { ...plan, onRun: ({ engine }) => told.push(engine) });
  const theirs = {
    engine: "Spark",
    columns: columnsOf(result).map(({ name, type, storage }) => ({ name, type, ...storage })),
    rows: result.run.rows,
  };
  const general = await aggregateByDuckdb(duckdb, source, plan, () => undefined);
  expect(differences(general, theirs as Result, plan, data)).toEqual([]);
  expect(told).toEqual(["Spark"]);
  expect(await explainChunked(frame, plan)).toMatchObject({
    engine: "Spark",
    refused: [{ engine: "scanner" }, { engine: "DuckDB" }],
  });
  await expect(chunked(frame, { agg: "city:first" })).rejects.toMatchObject({ code: "E_ENGINE_CHOICE" });
  await expect(chunked(frame, { agg: "*:count", engine: "local" })).rejects.toMatchObject({ code: "E_ENGINE_CHOICE" });
  await expect(chunked(frame, { agg: "*:count", by: "citty" })).rejects.toMatchObject({ code: "E_NO_COLUMN" });
  await expect(chunked(frame, { agg: "*:count", where: "citty = 'Oslo'" })).rejects.toMatchObject({
    code: "E_NO_COLUMN",
    hint: "did you mean city?",
  });
});

test("columns in the names of folders are the same on Spark, or refused", { timeout: 600_000 }, async () => {
  for (const format of ["parquet", "csv"]) {
    for (const [place, id] of [
      ["year=2023/city=Oslo/zip=07", 1],
      ["year=2024/city=a%20b%2Fc/zip=8", 2],
      ["year=2024/city=__HIVE_DEFAULT_PARTITION__/zip=9", 3],
    ] as const) {
      const inner = path.join(folder, "hive", format, ...place.split("/"));
      mkdirSync(inner, { recursive: true });
      const file = path.join(inner, `part.${format}`);
      if (format === "csv") writeFileSync(file, `id,x\n${id},0.5\n`);
      else await duckdb.execute(`COPY (SELECT ${id}::BIGINT AS id, 0.5::DOUBLE AS x) TO ${quoteText(file)}`);
    }
    const source = await resolveSource(path.join(folder, "hive", format));
    const open = async () => duckdb;
    for (const plan of [
      { by: ["year", "city"], agg: ["id:sum", "x:max"] },
      { by: ["city"], agg: ["year:max", "*:count"], where: "year = 2024" },
    ] satisfies PlanWords[]) {
      const theirs = await bySpark(source, plan, open);
      const general = await aggregateByDuckdb(duckdb, source, plan, () => undefined);
      expect(differences(general, theirs as Result, plan, { csv: "", json: "", largest: 5000, rows: 3 })).toEqual([]);
      expect(general.columns[0]?.values.length).toBeGreaterThan(1);
    }
    const refused = bySpark(source, { by: ["zip"], agg: ["*:count"] }, open);
    await expect(refused).rejects.toMatchObject({
      code: "E_ENGINE_CHOICE",
      message: expect.stringContaining('"zip"'),
    });
  }
});

test("computed keys have the values and types of the local engine, whatever the zone of the session", {
  timeout: 600_000,
}, async () => {
  // Between two and three Berlin has no time on that day.
  const rows = ["2024-03-31 02:30:59.5,2024-03-31T02:30:59+02:00,a,1", "1969-12-31 23:59:59,2024-01-01T00:00:00Z,b,2"];
  const file = path.join(folder, "gap.csv");
  writeFileSync(file, `t,z,s,n\n${rows.join("\n")}\n,,,\n`);
  const source = await resolveSource(file);
  const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
  const by = [
    ...units.map((unit) => `date_trunc('${unit}', t) AS ${unit}_t`),
    ...units.map((unit) => `date_trunc('${unit}', z) AS ${unit}_z`),
    ...["year", "week", "dayofweek", "hour", "second"].map((part) => `${part}(t) AS part_${part}`),
    "length(s) AS long",
    "s || n + 1 AS joined",
    "upper(s || 'ß') AS large",
    "lower(s || 'ΟΔΟΣ') AS small",
  ];
  const plan: PlanWords = { by, agg: ["*:count"] };
  const general = await aggregateByDuckdb(duckdb, source, plan, () => undefined);
  const theirs = await bySpark(source, plan, async () => duckdb);
  expect("refused" in theirs ? theirs.refused : cellsOf(theirs)).toEqual(cellsOf(general));
  expect("columns" in theirs && theirs.columns.map(({ type }) => type)).toEqual(
    general.columns.map(({ type }) => type),
  );
  // A column without any value is no text.
  writeFileSync(file, "k,v\na,\n");
  const empty = await bySpark(await resolveSource(file), { agg: "v:sum" }, async () => duckdb);
  expect("columns" in empty && empty.columns[0]?.values.length).toBe(1);
});

async function makeSource(
  random: Random,
  form: (typeof FORMS)[number],
  seed: number,
): Promise<{ readonly source: FileSource; readonly data: PlanData }> {
  const rows = form === "one.csv" ? 1 : random.pick([60, 400]);
  const odd = form === "jsonl" ? [] : random.pick([[], ["NaN", "inf"], ["NaN", "-inf"]]);
  const data = makeText(random, rows, { odd });
  const file = path.join(folder, `${seed}.${form}`);
  if (form === "jsonl") writeFileSync(file, data.json);
  else if (form === "csv.gz") writeFileSync(file, gzipSync(data.csv));
  else if (form === "parquet") {
    writeFileSync(`${file}.csv`, data.csv);
    const read = `read_csv(${quoteText(`${file}.csv`)}, types = {'x': 'DOUBLE', 'id': 'VARCHAR'})`;
    await duckdb.execute(
      `COPY (SELECT * REPLACE (amount::DECIMAL(9, 2) AS amount, n::TINYINT AS n) FROM ${read}) TO ${quoteText(file)}`,
    );
  } else writeFileSync(file, data.csv);
  return { source: await resolveSource(file), data };
}

async function scannedBy(scan: Extract<LocalChoice, { engine: "scanner" }>["scan"], plan: QueryWords) {
  if ("table" in scan) return aggregateByScanner(scan, plan, () => undefined);
  if ("parquet" in scan) return aggregateParquet(scan, plan, () => undefined);
  return { refused: "no files" };
}

/** What differs, each as a plan of one aggregate with the values that the engines gave. */
async function checkFamily(source: FileSource, data: PlanData, family: Family): Promise<string[]> {
  const { words, names } = joined(family);
  // Families are checked side by side, and an engine runs one query at a time.
  await using session = await openDuckdb();
  const onSpark = await bySpark(source, words, async () => session);
  if ("refused" in onSpark) return [`${textOf(words)}: Spark refuses: ${onSpark.refused}`];
  const found: string[] = [];
  for (const [i, agg] of family.plans.entries()) {
    const plan = planOf(family, agg);
    const general = await aggregateByDuckdb(session, source, plan, () => undefined);
    const choice = await planOn(source, plan, async () => session);
    if (i % EXPLAINED === 0) found.push(...(await unlikeExplained(source, plan, choice)));
    const keys = family.shared.by.length;
    const places = [
      ...Array(keys).keys(),
      ...(names[i] ?? []).map((name) => onSpark.columns.findIndex((one) => one.name === name)),
    ];
    const theirs = { ...onSpark, columns: places.map((at) => onSpark.columns[at] as Answer["columns"][number]) };
    found.push(...differences(general, theirs, plan, data));
    answered.DuckDB++;
    answered.Spark++;
    if (choice.engine !== "scanner") continue;
    const scanned = await scannedBy(choice.scan, plan);
    if ("refused" in scanned) continue;
    answered.scanner++;
    found.push(...differences(general, scanned, plan, data));
  }
  return found;
}

async function bySpark(source: FileSource, plan: QueryWords, open: () => Promise<DuckdbSession>) {
  const { work } = await planOnSpark(source, plan, open);
  return aggregateBySpark(spark, work, source, {}, () => undefined);
}

/** Where what was explained is not what ran. */
async function unlikeExplained(source: FileSource, plan: PlanWords, { engine, reason }: Choice): Promise<string[]> {
  const explained = await explainChunked(source, plan);
  const { run } = await chunked(source, plan);
  explainedPlans++;
  const said = [run, explained, { engine, reason }].map((one) => `${one.engine}: ${one.reason}`);
  return new Set(said).size === 1 ? [] : [`${textOf(plan)}: ran, explained, planned: ${JSON.stringify(said)}`];
}

type Result = Pick<Answer, "engine" | "columns" | "rows">;

function differences(a: Result, b: Result, plan: PlanWords, data: PlanData): string[] {
  const [left, right] = [cellsOf(a), cellsOf(b)];
  const who = `${a.engine} and ${b.engine}`;
  if (a.rows !== b.rows) return [`${textOf(plan)}: rows that went in of ${who}: ${a.rows}, ${b.rows}`];
  if (left.length !== right.length) return [`${textOf(plan)}: rows of ${who}: ${left.length}, ${right.length}`];
  const keys = plan.by.length;
  for (const [row, cells] of left.entries())
    for (const [at, cell] of cells.entries()) {
      const other = right[row]?.[at];
      const agg = at < keys ? plan.agg : [plan.agg[at - keys] as string];
      if (isSame(cell, other, agg[0] as string, data)) continue;
      const key = JSON.stringify(cells.slice(0, keys), plain);
      return [`${textOf({ ...plan, agg })}: key ${key}: ${who}: ${JSON.stringify([cell, other], plain)}`];
    }
  return [];
}

function cellsOf({ columns }: Result): unknown[][] {
  return frameFromColumns(columns.map((column, i) => ({ ...column, name: `c${i}` }))).values as unknown[][];
}

/** Doubles that were added up may differ by 1e-12 of what was added; everything else is the same. */
function isSame(a: unknown, b: unknown, agg: string, { largest, rows }: PlanData): boolean {
  if (Object.is(plain("", a), plain("", b)) || JSON.stringify(a, plain) === JSON.stringify(b, plain)) return true;
  const isSum = /:(sum|mean|var|std|median|quantile)/.test(agg);
  const power = /:var/.test(agg) ? 2 : 1;
  return isSum && typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-12 * rows * largest ** power;
}

/** -0 is 0, and a whole bigint is its number: the column as a whole is bigint when one of its values has to be. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}n`;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  return value;
}

function textOf({ by, agg, where, order, limit }: PlanWords): string {
  return [
    by.length > 0 && `--by "${by.join(", ")}"`,
    `--agg ${agg.join(",")}`,
    where && `--where "${where}"`,
    order && `--order ${order.join(",")}`,
    limit && `--limit ${limit}`,
  ]
    .filter(Boolean)
    .join(" ");
}
