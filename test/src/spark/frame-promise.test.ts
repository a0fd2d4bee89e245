import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { F } from "../../../src/index.ts";
import { Channel } from "../../../src/spark/connect/channel.ts";
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

/** The questions to the server that some work takes, by their kind. */
async function questions(work: () => Promise<unknown>): Promise<readonly string[]> {
  const asked: string[] = [];
  const unary = vi.spyOn(Channel.prototype, "unary");
  const stream = vi.spyOn(Channel.prototype, "stream");
  try {
    await work();
    for (const { mock } of [unary, stream]) asked.push(...mock.calls.map(([method]) => method.name));
  } finally {
    unary.mockRestore();
    stream.mockRestore();
  }
  return asked.filter((name) => name !== "ReleaseExecute").sort();
}

describe("what asks the server is asked of the promise", () => {
  test("a query that is collected at once is one question, one that was awaited before is two", async () => {
    const first = (frame: { collect(): Promise<unknown> }) => frame.collect();
    expect(await questions(() => first(spark.sql("SELECT 1 AS a")))).toEqual(["ExecutePlan"]);
    expect(await questions(async () => first(await spark.sql("SELECT 1 AS a")))).toEqual([
      "AnalyzePlan",
      "ExecutePlan",
    ]);
    const later = spark.sql("SELECT 1 AS a");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(await later.collect()).toEqual([{ a: 1 }]);
    expect(await questions(() => spark.sql("SELECT 1", { tags: ["mine"] }).collect())).toHaveLength(2);
  });

  test("with values, types and loops, of queries, commands and frames that are made of data", async () => {
    const rows = await spark.sql("SELECT :n + id AS a FROM range(3)", { params: { n: 5 } }).collect<{ a: number }>();
    expect(rows.map(({ a }) => a)).toEqual([5, 6, 7]);
    expect(await spark.sql("WITH v AS (SELECT 2 AS b) FROM v |> WHERE b > 1").first()).toEqual({ b: 2 });
    expect((await spark.sql("SHOW FUNCTIONS LIKE 'abs'").collect()).length).toBe(1);
    expect(await spark.createDataFrame([{ a: 1 }, { a: 2 }]).count()).toBe(2);
    expect(await spark.range(4).localCheckpoint().count()).toBe(4);
    const unawaited = spark.sql("SELECT 1 AS a") as unknown as SparkDataFrame;
    expect(() => spark.range(1).crossJoin(unawaited)).toThrow(/the promise of a frame is no frame yet/);
    const kept = spark.sql("SELECT 3 AS a").persist();
    expect(await kept.collect()).toEqual([{ a: 3 }]);
    expect(await kept.unpersist().count()).toBe(1);
    await expect(spark.sql("SELECT nope").persist().collect()).rejects.toMatchObject({ name: "EngineError" });
    expect(await spark.range(4).groupBy().sum().columns()).toEqual(["sum(id)"]);
    let total = 0;
    for await (const batch of spark.sql("SELECT id FROM range(7)").batches()) total += batch.shape[0] ?? 0;
    for await (const { id } of spark.sql("SHOW FUNCTIONS LIKE 'abs'").toLocalIterator<{ id?: number }>())
      total += id === undefined ? 1 : 0;
    expect(total).toBe(8);
  });

  test("a console shows what it is", async () => {
    const promise = spark.sql("SELECT 1 AS a");
    expect(inspect(promise)).toBe(
      "Promise of a SparkDataFrame: await it, or ask it for rows at once: await promise.collect()",
    );
    await promise;
  });

  test("several times, and then awaited: always the same frame", async () => {
    const promise = spark.sql("SELECT 1 AS a");
    const [rows, count] = await Promise.all([promise.collect(), promise.count()]);
    expect([rows, count]).toEqual([[{ a: 1 }], 1]);
    expect(await (await promise).columns()).toEqual(["a"]);
    expect(await promise).toBe(await promise);
  });

  test.each([
    ["no SQL", "SELEC 1", undefined, "E_SPARK_PARSE_SYNTAX_ERROR"],
    ["a column that is not there", "SELECT nothing", undefined, "E_SPARK_UNRESOLVED_COLUMN_WITHOUT_SUGGESTION"],
    ["a command", "DROP TABLE no_such_table", undefined, "E_SPARK_TABLE_OR_VIEW_NOT_FOUND"],
    ["a value that is none", "SELECT :a", { a: Symbol("a") }, "E_SPARK_LITERAL"],
  ])("%s fails there, once, and leaves no rejection that nobody handles", async (_, text, params, code) => {
    const strays: unknown[] = [];
    const note = (error: unknown) => void strays.push(error);
    process.on("unhandledRejection", note);
    await expect(spark.sql(text, { params }).collect()).rejects.toMatchObject({ code });
    await expect(spark.sql(text, { params })).rejects.toMatchObject({ code });
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", note);
    expect(strays).toEqual([]);
  });
});

describe("a forgotten await is named", () => {
  const forgotten = (promise: Promise<SparkDataFrame>) => promise as unknown as SparkDataFrame;

  test.each([
    ["filter()", () => forgotten(spark.sql("SELECT 1")).filter("true")],
    ["groupBy()", () => forgotten(spark.createDataFrame([{ a: 1 }])).groupBy()],
    ["limit()", () => forgotten(spark.range(1).cache()).limit(1)],
    ["write", () => forgotten(spark.range(1).localCheckpoint()).write],
    ["union()", () => forgotten(spark.range(1).groupBy().sum()).union(spark.range(1))],
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
    expect(() => forgotten(spark.sql("SELEC 1")).limit(1)).toThrow("is asked of the promise of a frame");
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
