import { afterAll, beforeAll, expect, test } from "vitest";
import { F, Observation, SparkSession } from "../../../src/index.ts";
import { pyspark } from "../../support/pyspark.ts";
import { sparkServer } from "../../support/spark-server.ts";

const ROWS =
  "SELECT id, id * 1.5D AS half, CAST(id AS DECIMAL(9, 2)) AS money, DATE'2024-01-01' + CAST(id AS INT) AS day FROM range(0, 100, 1, 4)";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

test("what is observed is what PySpark observes, by the first action, whatever that action is", async () => {
  const [seen, inner] = [new Observation(), new Observation("inner")];
  const frame = (await spark.sql(ROWS))
    .observe(inner, F.count("*").alias("all"))
    .filter("id > 9")
    .observe(
      seen,
      F.count("*").alias("rows"),
      F.max("half").alias("most"),
      F.sum("money").alias("money"),
      F.max("day").alias("day"),
      F.collect_set(F.col("id").mod(2)).alias("bits"),
      F.min("id")
        .multiply(2n ** 60n / 10n)
        .alias("big"),
      F.max(F.lit(null)).alias("nothing"),
    );
  expect(() => seen.get).toThrow(expect.objectContaining({ code: "E_SPARK_NOT_OBSERVED" }));
  expect(await frame.collect()).toHaveLength(90);
  const theirs = (await pyspark(
    `
from pyspark.sql import Observation
seen = Observation()
frame = spark.sql(given).filter("id > 9").observe(seen, F.count("*").alias("rows"), F.max("half").alias("most"),
    F.sum("money").alias("money"), F.max("day").alias("day"), F.min("id").alias("least"))
frame.collect()
result = seen.get`,
    ROWS,
  )) as Record<string, unknown>;
  expect(inner.get).toEqual({ all: 100 });
  expect(seen.get).toMatchObject({ rows: theirs.rows, most: theirs.most });
  expect(seen.get).toMatchObject({ money: Number(theirs.money), day: new Date(theirs.day as string) });
  expect(new Set(seen.get.bits as number[])).toEqual(new Set([0, 1]));
  expect(seen.get).toMatchObject({ big: (2n ** 60n / 10n) * 10n, nothing: null });
  const first = seen.get;
  await frame.limit(1).collect();
  expect(seen.get).toBe(first);
});

test("a write is an action, and one that fails observes nothing", async () => {
  const [written, failed] = [new Observation(), new Observation()];
  const rows = await spark.sql(ROWS);
  await rows.observe(written, F.count("*").alias("rows")).write.format("noop").mode("overwrite").save();
  expect(written.get).toEqual({ rows: 100 });
  const fails = rows.observe(failed, F.count("*").alias("rows")).selectExpr("1 / (id - id)");
  await expect(fails.collect()).rejects.toMatchObject({ code: "E_SPARK_DIVIDE_BY_ZERO" });
  expect(() => failed.get).toThrow(/nothing has been observed/);
});

test("an observation is of one frame, and of aggregates", () => {
  const seen = new Observation();
  const rows = spark.range(3);
  expect(() => rows.observe(seen)).toThrow(/no aggregates/);
  expect(() => rows.observe(seen, "id" as never)).toThrow(/not a column/);
  rows.observe(seen, F.count("*").alias("n"));
  expect(() => rows.observe(seen, F.count("*").alias("n"))).toThrow(/of one frame/);
  expect(() => new Observation("")).toThrow(/the observation is ""/);
});
