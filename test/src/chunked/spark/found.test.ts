import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { chunked, explainChunked, tableOnSpark, type WrittenFile } from "../../../../src/chunked/chunked.ts";
import { setActiveSession } from "../../../../src/spark/active.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { giveUp } from "../../../support/spark-client.ts";
import { type SparkServer, sparkServer } from "../../../support/spark-server.ts";

const cwd = mkdtempSync(path.join(tmpdir(), "outgrow-found-"));
const ROWS = "SELECT id % 3 AS k, id AS v FROM range(10)";
const SUMS = [
  [0, 18],
  [1, 12],
  [2, 15],
];
let server: SparkServer;
let spark: SparkSession;

beforeAll(async () => {
  server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  await (await spark.sql(ROWS)).createOrReplaceTempView("sales");
  writeFileSync(
    path.join(cwd, "here.csv"),
    `k,v\n${Array.from({ length: 10 }, (_, i) => `${i % 3},${i}`).join("\n")}\n`,
  );
}, 240_000);

afterEach(() => setActiveSession(undefined));

afterAll(async () => {
  await spark?.stop();
  rmSync(cwd, { recursive: true, force: true });
});

const QUERY = { by: "k", agg: "v:sum", cwd };

test("a table or view of the session that is there is worked on where it is", async () => {
  setActiveSession(spark);
  const totals = await chunked("sales", QUERY);
  expect(totals.values).toEqual(SUMS);
  expect(totals.run).toMatchObject({ engine: "Spark", source: "sales on Spark", rows: 10 });
  const plan = await explainChunked("sales", QUERY);
  expect(plan).toMatchObject({
    engine: "Spark",
    reason: expect.stringContaining("a table or view of the Spark session"),
  });
  expect((await chunked("sales", { ...QUERY, engine: "auto" })).values).toEqual(SUMS);
  await expect(chunked("sales", { ...QUERY, engine: "local" })).rejects.toMatchObject({ code: "E_NO_FILE" });
  await expect(chunked("no_such_table", QUERY)).rejects.toMatchObject({ code: "E_NO_FILE" });
});

test("a bare word that is a table is not the folder of that name; a name that can be none is that of a file", async () => {
  setActiveSession(spark);
  const folder = mkdtempSync(path.join(cwd, "named-"));
  mkdirSync(path.join(folder, "sales"));
  writeFileSync(path.join(folder, "sales", "part.csv"), "k,v\n9,9\n");
  const table = await tableOnSpark("sales", "auto");
  const totals = await chunked(table as NonNullable<typeof table>, { ...QUERY, cwd: folder });
  expect(totals.values).toEqual(SUMS);
  expect(totals.run.source).toBe("sales on Spark");
  expect(await tableOnSpark("sales", "local")).toBeUndefined();
  await (await spark.sql(ROWS)).createOrReplaceTempView("`größe`");
  expect((await chunked("größe", QUERY)).values).toEqual(SUMS);
  for (const typed of ["my.sales.csv", "no.such.sales.csv", "größen", "sales-2024"])
    await expect(chunked(typed, QUERY)).rejects.toMatchObject({ code: "E_NO_FILE" });
});

test("without a session that has connected nothing is asked or started", async () => {
  await expect(chunked("sales", QUERY)).rejects.toMatchObject({ code: "E_NO_FILE" });
  let started = 0;
  setActiveSession(SparkSession.deferred(() => Promise.resolve(spark).finally(() => void started++)));
  await expect(chunked("sales", QUERY)).rejects.toMatchObject({ code: "E_NO_FILE" });
  await expect(chunked("s3a://bucket/sales.parquet", QUERY)).rejects.toMatchObject({ code: "E_URL" });
  await expect(chunked("s3a://bucket/sales.parquet", { ...QUERY, engine: "spark" })).rejects.toMatchObject({
    code: "E_NO_SPARK_SESSION",
    hint: expect.stringContaining("%spark start"),
  });
  expect(started).toBe(0);
});

test("a file of that name goes before; a file on this machine stays with the local engines", async () => {
  setActiveSession(spark);
  const totals = await chunked("here.csv", QUERY);
  expect(totals.run.engine).toBe("scanner");
  const { refused } = await explainChunked("here.csv", QUERY);
  expect(refused.find(({ engine }) => engine === "Spark")?.reason).toContain("the local engines are faster");
});

test("an address in a store is read by Spark, by its ending", async () => {
  setActiveSession(spark);
  const address = `viewfs://elsewhere/${path.join(cwd, "here.csv")}`;
  await expect(chunked(address, QUERY)).rejects.toMatchObject({ name: "EngineError" });
  await expect(chunked("s3a://bucket/sales.parquet", QUERY)).rejects.toMatchObject({
    hint: expect.stringContaining("spark.jars.packages=org.apache.hadoop:hadoop-aws:"),
  });
  await expect(chunked("s3a://bucket/folder", QUERY)).rejects.toMatchObject({
    code: "E_SOURCE_FORMAT",
    hint: expect.stringContaining('spark.read.parquet("s3a://bucket/folder")'),
  });
  await expect(chunked("https://example.org/here.csv", QUERY)).rejects.toMatchObject({ code: "E_URL" });
});

test.each([
  ["-e spark and a file", "here.csv", "spark"],
  ["a table", "sales", undefined],
])("the result of %s is written by Spark, in a folder of parts", async (_, source, engine) => {
  setActiveSession(spark);
  const to = `${source}-totals.parquet`;
  const written = (await chunked(source, { ...QUERY, engine, session: spark, to })) as WrittenFile;
  expect(written).toMatchObject({ path: path.join(cwd, to), rows: 3 });
  expect(written).toHaveProperty("run.rows", 10);
  expect(written).toHaveProperty("run.reason", expect.stringContaining("in a folder of parts"));
  const parts = readdirSync(written.path).filter((name) => name.endsWith(".parquet"));
  expect(parts.length).toBeGreaterThan(0);
  expect(written.bytes).toBeGreaterThan(0);
  const again = await chunked(to, { by: "k", agg: "v_sum:sum", cwd });
  expect(again.values.map((row) => (row as unknown[]).map(Number))).toEqual(SUMS);
  await expect(chunked(source, { ...QUERY, engine, session: spark, to })).rejects.toMatchObject({
    code: "E_BAD_TARGET",
    message: expect.stringContaining("is there already"),
  });
  await expect(chunked(source, { ...QUERY, engine, session: spark, to: "totals.arrow" })).rejects.toMatchObject({
    code: "E_BAD_TARGET",
  });
});

test("what fails on the way leaves no folder", async () => {
  writeFileSync(path.join(cwd, "ragged.csv"), `k,v\n${"1,2\n".repeat(60_000)}1,2,3\n`);
  const failing = chunked("ragged.csv", { ...QUERY, engine: "spark", session: spark, to: "ragged.csv.parquet" });
  await expect(failing).rejects.toMatchObject({ name: "DataError" });
  expect(existsSync(path.join(cwd, "ragged.csv.parquet"))).toBe(false);
});

test("a folder that another run makes meanwhile stays; of a run that is stopped nothing stays", async () => {
  const folder = mkdtempSync(path.join(cwd, "races-"));
  const table = (await spark.sql(ROWS)) as Parameters<typeof chunked>[0];
  const makes = () => {
    mkdirSync(path.join(folder, "totals.parquet"), { recursive: true });
    writeFileSync(path.join(folder, "totals.parquet", "theirs"), "");
  };
  const late = chunked(table, { ...QUERY, cwd: folder, to: "totals.parquet", onProgress: makes });
  await expect(late).rejects.toMatchObject({ code: "E_BAD_TARGET", message: expect.stringContaining("already") });
  expect(readdirSync(folder)).toEqual(["totals.parquet"]);
  expect(readdirSync(path.join(folder, "totals.parquet"))).toEqual(["theirs"]);
  const stop = new AbortController();
  const long = (await spark.sql(
    "SELECT id % 1000003 AS k, sha2(CAST(id AS STRING), 512) AS v FROM range(50000000)",
  )) as typeof table;
  const stopped = chunked(long, {
    by: "k",
    agg: "v:max",
    cwd: folder,
    to: "stopped.csv",
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ name: "Interrupted", run: { complete: false } });
  expect(readdirSync(folder)).toEqual(["totals.parquet"]);
});

test.each(["odd.csv", "odd.jsonl", "odd.parquet"])("texts and nulls are the same in %s", async (to) => {
  const odd = [" a ", 'say "hi", you', "back\\slash", 'at the end\\"', "two\nlines", "#c"];
  const rows = await spark.createDataFrame(odd.map((k, v) => ({ k, v })));
  const { path: folder } = (await chunked(rows, { by: "k", agg: "v:sum,v:std", cwd, to })) as WrittenFile;
  const back = await chunked(folder, { by: "k", agg: "v_sum:sum,v_std:count" });
  expect(back.values.map((row) => (row as unknown[]).map(String))).toEqual(
    [...odd].sort().map((text) => [text, String(odd.indexOf(text)), "0"]),
  );
});

test("moments are moments in the file, whatever the session's zone", async () => {
  await spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo");
  const frame = await spark.sql("SELECT TIMESTAMP'2024-02-29 00:30:00.123456 UTC' AS at, 1 AS n");
  const written = (await chunked(frame, { by: "at", agg: "n:sum", to: "moments.parquet", cwd })) as WrittenFile;
  const back = await spark.read.parquet(written.path).selectExpr("unix_micros(at) AS at").collect();
  await spark.conf.unset("spark.sql.session.timeZone");
  expect(back.map(({ at }) => Number(at))).toEqual([Date.UTC(2024, 1, 29, 0, 30, 0, 123) * 1000 + 456]);
});

test("a frame of a session in which errors are silent is not worked on", async () => {
  await spark.conf.set("spark.sql.ansi.enabled", false);
  const refused = chunked(await spark.sql(ROWS), QUERY);
  await expect(refused).rejects.toMatchObject({
    code: "E_ENGINE_CHOICE",
    message: expect.stringContaining("spark.sql.ansi.enabled false"),
  });
  await spark.conf.unset("spark.sql.ansi.enabled");
});

test("where the session was lost, who asks for Spark has another, and who does not is not held up", async () => {
  const lost = await SparkSession.connect(server.address, server);
  await (await lost.sql(ROWS)).createOrReplaceGlobalTempView("everywhere");
  setActiveSession(lost);
  await giveUp(lost);
  const totals = (more: object) => chunked("global_temp.everywhere", { ...QUERY, ...more });
  await expect(totals({})).rejects.toMatchObject({ code: "E_SPARK_SESSION_LOST" });
  await expect(totals({})).rejects.toMatchObject({ code: "E_NO_FILE" });
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  expect((await totals({ engine: "spark" })).values).toEqual(SUMS);
  expect(warned).toHaveBeenCalledWith(expect.stringContaining("This is a new session"));
  warned.mockRestore();
  expect((await totals({})).values).toEqual(SUMS);
  await SparkSession.active().stop();
});

describe("an error of a lost session tells the line that asked, in the first question and in later ones", () => {
  const ways: Record<string, (session: SparkSession) => Promise<unknown>> = {
    "a file for Spark": (session) => chunked("here.csv", { ...QUERY, engine: "spark", session }),
    "a frame": (session) => chunked(session.range(3), { by: "id", agg: "*:count" }),
    "a statement that is collected at once": (session) => session.sql("SELECT 1").collect(),
    "rows that are counted where they went": (session) => session.createDataFrame([{ a: 1 }]).count(),
    "rows that go up": (session) => session.createDataFrame([{ a: "a".repeat(3_000_000) }]),
  };

  const { stackTraceLimit } = Error;

  // As in cells.
  beforeAll(() => {
    Error.stackTraceLimit = 30;
  });

  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  test.each(Object.keys(ways))("%s", async (name) => {
    const lost = await SparkSession.connect(server.address, server);
    await lost.range(3).count();
    await giveUp(lost);
    for (const _ of ["first", "later"]) {
      const error = await lineOf(() => (ways[name] as (typeof ways)[string])(lost));
      expect(error).toMatchObject({ code: "E_SPARK_SESSION_LOST" });
      expect((error as Error).stack).toMatch(/lineOf .*found\.test\.ts/);
    }
  });

  async function lineOf(ask: () => Promise<unknown>): Promise<unknown> {
    try {
      return await ask();
    } catch (error) {
      return error;
    }
  }
});
