import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { F } from "../../../src/index.ts";
import { SparkDataFrame } from "../../../src/spark/dataframe.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { pyspark } from "../../support/pyspark.ts";
import { sparkServer } from "../../support/spark-server.ts";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

describe("a forgotten await is named", () => {
  const forgotten = (promise: Promise<SparkDataFrame>) => promise as unknown as SparkDataFrame;

  test.each([
    ["collect()", () => forgotten(spark.sql("SELECT 1")).collect()],
    ["filter()", () => forgotten(spark.sql("SELECT 1")).filter("true")],
    ["groupBy()", () => forgotten(spark.createDataFrame([{ a: 1 }])).groupBy()],
    ["count()", () => forgotten(spark.range(1).cache()).count()],
    ["write", () => forgotten(spark.range(1).localCheckpoint()).write],
    ["show()", () => forgotten(spark.range(1).groupBy().sum()).show()],
  ])("%s", (what, use) => {
    expect(use).toThrow(
      expect.objectContaining({
        name: "UsageError",
        code: "E_SPARK_AWAIT",
        message: `${what} is asked of the promise of a frame`,
        hint: `await it first: (await spark.sql("…")).${what}`,
      }),
    );
  });

  test("also when the statement itself fails, whose own error is no stray then", async () => {
    expect(() => forgotten(spark.sql("SELEC 1")).show()).toThrow("is asked of the promise of a frame");
    await expect(spark.sql("SELEC 1")).rejects.toMatchObject({ code: "E_SPARK_PARSE_SYNTAX_ERROR" });
  });

  test("with its await it is a frame, and what then() gives is any promise", async () => {
    const promise = spark.sql("SELECT 1 AS a");
    expect(await promise).toBeInstanceOf(SparkDataFrame);
    const names = promise.then((frame) => frame.columns());
    expect("collect" in names).toBe(false);
    expect(await names).toEqual(["a"]);
  });
});

test("aggregates without columns take all numbers, as PySpark's do", { timeout: 240_000 }, async () => {
  const source =
    "SELECT id % 2 AS k, id AS `a.b`, cast(id AS decimal(10,2)) / 4 AS d, cast(id AS float) AS f, string(id) AS s, id > 2 AS b FROM range(7)";
  const frame = await spark.sql(source.replace("`a.b`", "n"));
  const ours = [];
  for (const name of ["sum", "avg", "mean", "min", "max"] as const) {
    const made = await frame.groupBy("k")[name]();
    ours.push([await made.columns(), (await made.orderBy("k").collect()).map(Object.values)]);
  }
  const theirs = await pyspark(
    `
frame = spark.sql(given).groupBy("k")
result = [[made.columns, [list(row) for row in made.orderBy("k").collect()]] for made in
  [getattr(frame, name)() for name in ["sum", "avg", "mean", "min", "max"]]]`,
    source.replace("`a.b`", "n"),
  );
  const asNumbers = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(asNumbers)
      : typeof value === "string" && /^[\d.]+$/.test(value)
        ? Number(value)
        : value;
  expect(ours).toEqual(asNumbers(theirs));
  const dotted = await (await spark.sql(source)).groupBy().sum();
  expect(await dotted.columns()).toEqual(["sum(k)", "sum(a.b)", "sum(d)", "sum(f)"]);
  const none = await spark.range(3).select(F.expr("string(id % 2)").alias("k")).groupBy("k").sum();
  expect(await none.orderBy("k").collect()).toEqual([{ k: "0" }, { k: "1" }]);
});
