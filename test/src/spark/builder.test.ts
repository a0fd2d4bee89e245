import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { GetOrCreateOptions } from "../../../src/spark/builder.ts";
import { sparkStatus, startSpark, stopSpark } from "../../../src/spark/server/server.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { MockSpark } from "../../support/mock-spark.ts";
import { SHORT_LIVED } from "../../support/short-lived.ts";
import { giveUp } from "../../support/spark-client.ts";

const LIVE = { timeout: 240_000 };
const kept = { ...process.env };
let folder = "";
const warnings: string[] = [];
const options: GetOrCreateOptions = { onWarning: (message) => warnings.push(message) };
const builder = () => SparkSession.builder.master("local[2]").config("spark.driver.memory", "1g");

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "og-builder-"));
  process.env.OUTGROW_SPARK_RUNTIME = folder;
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
  delete process.env.SPARK_REMOTE;
});

afterEach(() => {
  warnings.length = 0;
});

afterAll(async () => {
  await SparkSession.getActiveSession()?.stop();
  await stopSpark({ force: true });
  process.env = { ...kept };
  rmSync(folder, { recursive: true, force: true });
});

test("without a session there is none to be had", () => {
  expect(SparkSession.getActiveSession()).toBeUndefined();
  expect(() => SparkSession.active()).toThrow(expect.objectContaining({ code: "E_NO_SPARK_SESSION" }));
});

test("one session for a process, with the settings that can be, and words about the rest", LIVE, async () => {
  const fixed = "spark.sql.legacy.sessionInitWithConfigDefaults";
  const settings = { "spark.sql.shuffle.partitions": 7, "spark.sql.own.setting": true, [fixed]: true };
  const wanted = builder().appName("sales").config(settings);
  const [spark, same] = await Promise.all([wanted.getOrCreate(options), wanted.getOrCreate(options)]);
  expect(same).toBe(spark);
  expect(SparkSession.active()).toBe(spark);
  const told = [`Not applied: ${fixed}.`, "Set, but not known to Spark itself: spark.sql.own.setting."];
  expect(warnings).toEqual([...told, ...told].map((start) => expect.stringContaining(start)));
  expect(await setting(spark, "spark.sql.own.setting")).toBe("true");
  expect(await setting(spark, "spark.sql.shuffle.partitions")).toBe("7");
  expect(await setting(spark, "spark.app.name")).toBe("sales");

  warnings.length = 0;
  const catalog = { "spark.sql.catalog.lake": "org.example.Catalog", "spark.sql.catalog.lake.type": "hadoop" };
  expect(await builder().config("spark.sql.shuffle.partitions", 8).config(catalog).getOrCreate(options)).toBe(spark);
  expect(warnings).toEqual([]);
  for (const [key, value] of Object.entries(catalog)) expect(await setting(spark, key)).toBe(value);
  expect(await setting(spark, "spark.sql.shuffle.partitions")).toBe("8");
  const other = SparkSession.builder
    .master("local[1]")
    .config({ "spark.driver.memory": "2g", "spark.ui.enabled": true });
  expect(await other.getOrCreate(options)).toBe(spark);
  expect(warnings).toEqual([
    expect.stringContaining("Not applied: spark.master, spark.driver.memory, spark.ui.enabled."),
  ]);
});

test("a server killed in the middle of a query is told, and what comes next says what is gone", LIVE, async () => {
  const spark = await builder().getOrCreate(options);
  await spark.sql("CREATE OR REPLACE TEMP VIEW mine AS SELECT 1 AS a");
  // Spark writes this into its log, which tells nothing of its end.
  await expect(spark.sql("SELECT nope")).rejects.toMatchObject({ name: "EngineError" });
  const endless = (await spark.sql("SELECT count(*) FROM range(1000000000000)")).collect();
  const failed = expect(endless).rejects.toMatchObject({
    name: "ConnectionError",
    code: "E_SPARK_DIED",
    message: "the Spark server has ended (SIGKILL)",
  });
  const [server] = await sparkStatus();
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.kill(server?.pid ?? 0, "SIGKILL");
  await failed;
  await expect(spark.sql("SELECT 1")).rejects.toMatchObject({ code: "E_SPARK_DIED" });
  const next = await SparkSession.builder.getOrCreate(options);
  expect(next).not.toBe(spark);
  expect(SparkSession.active()).toBe(next);
  expect(warnings).toEqual([
    "the Spark server has ended (SIGKILL). This is a new session: temporary views, settings, cached tables and models of the one before are gone.",
  ]);
  // Started as the lost one was, though nobody said so again.
  expect((await sparkStatus()).map(({ master, driverMemory }) => [master, driverMemory])).toEqual([
    ["local[2]", 2 ** 30],
  ]);
  await expect(next.sql("SELECT * FROM mine").then((frame) => frame.collect())).rejects.toMatchObject({
    code: "E_SPARK_TABLE_OR_VIEW_NOT_FOUND",
  });
});

test("stop gives the session and the lease back, though another one was lost before", LIVE, async () => {
  await giveUp(await builder().getOrCreate(options));
  const spark = await builder().getOrCreate(options);
  expect(warnings).toEqual([expect.stringContaining("This is a new session")]);
  expect((await sparkStatus()).flatMap(({ leases }) => leases)).toEqual([`process ${process.pid}`]);
  await spark.stop();
  expect(SparkSession.getActiveSession()).toBeUndefined();
  await expect.poll(async () => (await sparkStatus()).flatMap(({ leases }) => leases)).toEqual([]);
  await expect(spark.sql("SELECT 1")).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
});

test("a server of others says itself which settings it takes, those of extensions too", LIVE, async () => {
  const { endpoint } = await startSpark({ master: "local[2]", driverMemory: 2 ** 30 });
  const address = `sc://${endpoint.host}:${endpoint.port}`;
  const pairs = { "spark.databricks.delta.checked": true, "spark.executor.memory": "3g" };
  const unknown = expect.stringContaining("not known to Spark itself: spark.databricks.delta.checked.");
  const remote = SparkSession.builder.remote(address).config(pairs);
  const spark = await remote.getOrCreate({ ...options, token: endpoint.token });
  expect(warnings).toEqual(["Not applied: spark.executor.memory. Spark fixes them at its start.", unknown]);
  expect(await setting(spark, "spark.databricks.delta.checked")).toBe("true");
  warnings.length = 0;
  expect(await SparkSession.builder.config(pairs).master("local[7]").getOrCreate(options)).toBe(spark);
  expect(warnings).toEqual([expect.stringContaining("Not applied: spark.executor.memory, spark.master."), unknown]);
  await spark.stop();
});

test("a master beside a remote server is refused", async () => {
  const both = SparkSession.builder.master("local[2]").remote("sc://localhost:15002");
  await expect(both.getOrCreate(options)).rejects.toMatchObject({ name: "UsageError", code: "E_BAD_USE" });
});

test("a session on another server is active until it is lost, and is opened again", LIVE, async () => {
  const mock = new MockSpark([]);
  process.env.SPARK_REMOTE = await mock.start();
  try {
    const spark = await SparkSession.builder.getOrCreate(options);
    expect(spark.label).toBe(process.env.SPARK_REMOTE);
    expect(await SparkSession.builder.remote(spark.label ?? "").getOrCreate(options)).toBe(spark);
    mock.serverSideSession = "second";
    const next = await SparkSession.builder.getOrCreate(options);
    expect(next).not.toBe(spark);
    expect(next.label).toBe(spark.label);
    expect(warnings).toEqual([expect.stringContaining("temporary views, settings")]);
    await Promise.all([spark.stop(), next.stop()]);
  } finally {
    delete process.env.SPARK_REMOTE;
    mock.stop();
  }
});

async function setting(spark: SparkSession, key: string): Promise<unknown> {
  const [row] = await (await spark.sql(`SET ${key}`)).collect();
  return row?.value;
}
