import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SparkSession } from "../../../src/spark/session.ts";
import { pyspark } from "../../support/pyspark.ts";
import { sparkServer } from "../../support/spark-server.ts";

const WIDE = "SELECT id, repeat('long text ', 4) AS text, IF(id = 1, NULL, id / 2) AS half FROM range(4)";
const SQUARES = "SELECT id AS a, id * id AS b FROM range(100)";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

test("rows come as plain objects: all, first, last, one by one", async () => {
  const five = spark.range(0, 5, 1, 1);
  expect(await five.collect<{ id: number }>()).toEqual([0, 1, 2, 3, 4].map((id) => ({ id })));
  expect(await five.first()).toEqual({ id: 0 });
  expect(await five.head()).toEqual({ id: 0 });
  expect(await five.head(2)).toEqual([{ id: 0 }, { id: 1 }]);
  expect(await five.take(1)).toEqual([{ id: 0 }]);
  expect(await five.tail(2)).toEqual([{ id: 3 }, { id: 4 }]);
  expect(await five.filter("id > 9").first()).toBeUndefined();
  expect([await five.isEmpty(), await five.filter("id > 9").isEmpty()]).toEqual([false, true]);
  const seen: unknown[] = [];
  for await (const { id } of five.toLocalIterator()) seen.push(id);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
});

test("a loop over a frame is over its batches", async () => {
  let rows = 0;
  let batches = 0;
  for await (const frame of spark.range(25_000)) {
    rows += frame.shape[0] ?? 0;
    batches++;
  }
  expect(rows).toBe(25_000);
  expect(batches).toBeGreaterThan(1);
});

test("what is shown, printed and explained is PySpark's text", async () => {
  const wide = await spark.sql(WIDE);
  const theirs = (await pyspark(
    `wide = spark.sql(given)
result = [wide._show_string(), wide._show_string(2, False), wide._show_string(3, 5), wide._show_string(2, True, True)]`,
    WIDE,
  )) as string[];
  expect([
    await wide.showString(),
    await wide.showString(2, { truncate: false }),
    await wide.showString(3, { truncate: 5 }),
    await wide.showString(2, { vertical: true }),
  ]).toEqual(theirs.slice(0, 4));
  const [, ...further] = theirs;
  expect([await wide.showString(2, false), await wide.showString(3, 5), await wide.showString(2, true, true)]).toEqual(
    further,
  );
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  try {
    await wide.show(1);
    await wide.printSchema();
    await wide.explain("formatted");
  } finally {
    log.mockRestore();
  }
  expect(printed[0]).toBe(await wide.showString(1));
  expect(printed[1]).toContain(" |-- half: double (nullable = true)");
  expect(printed[2]).toContain("== Physical Plan ==");
  expect(await wide.explainString(true)).toContain("== Optimized Logical Plan ==");
});

test("names, types and semantics are asked without a run", async () => {
  const failing = spark.range(3).selectExpr("1 / (id - 1) AS x", "CAST(id AS decimal(12,2)) AS d");
  expect(await failing.columns()).toEqual(["x", "d"]);
  expect(await failing.dtypes()).toEqual([
    ["x", "double"],
    ["d", "decimal(12,2)"],
  ]);
  expect(await spark.range(3).sameSemantics(spark.range(3))).toBe(true);
  expect(await spark.range(3).sameSemantics(spark.range(4))).toBe(false);
  expect(await spark.range(3).semanticHash()).toBe(await spark.range(3).semanticHash());
  expect(await spark.range(3).isLocal()).toBe(false);
});

test("statistics that are numbers are PySpark's to the bit", async () => {
  const squares = await spark.sql(SQUARES);
  const ours = [
    await squares.corr("a", "b"),
    await squares.stat.cov("a", "b"),
    await squares.approxQuantile("a", [0.25, 0.5, 1], 0),
    await squares.stat.approxQuantile(["a", "b"], [0.5], 0.1),
  ];
  const theirs = await pyspark(
    `s = spark.sql(given)
result = [s.corr("a", "b"), s.cov("a", "b"), s.approxQuantile("a", [0.25, 0.5, 1.0], 0.0), s.stat.approxQuantile(["a", "b"], [0.5], 0.1)]`,
    SQUARES,
  );
  expect(ours).toEqual(theirs);
});

test("a local frame has a limit, or a result that is small enough", async () => {
  const large = spark.range(1_200_000);
  await expect(large.toDanfo()).rejects.toMatchObject({
    code: "E_SPARK_RESULT_SIZE",
    hint: expect.stringContaining("toDanfo(100_000)"),
  });
  // The query of before was stopped, and the session lives.
  expect((await large.toDanfo(3)).shape).toEqual([3, 1]);
  expect((await large.limit(1_100_000).toDanfo()).shape).toEqual([1_100_000, 1]);
  expect((await large.toDanfo(Number.POSITIVE_INFINITY)).shape).toEqual([1_200_000, 1]);
  expect((await large.selectExpr("sum(id) AS s").toDanfo()).values).toEqual([[719_999_400_000]]);
});

test("a frame is kept where its level says, and let go", async () => {
  const frame = spark.range(10).selectExpr("id * 3 AS three");
  const none = { useDisk: false, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 };
  expect(await frame.storageLevel()).toEqual(none);
  expect(await (await frame.persist("MEMORY_ONLY")).storageLevel()).toEqual({ ...none, useMemory: true });
  expect(await (await frame.unpersist(true)).storageLevel()).toEqual(none);
  await frame.cache();
  expect(await frame.storageLevel()).toEqual({ ...none, useDisk: true, useMemory: true, deserialized: true });
  await frame.unpersist();
});

test("a checkpoint is computed once", async () => {
  const random = await spark.range(5).selectExpr("id", "rand() AS r").localCheckpoint();
  expect(await random.collect()).toEqual(await random.collect());
  expect(await random.filter("id > 2").count()).toBe(2);
});

test("views have a name in the session or on the server; a name that is taken is an error", async () => {
  const name = `global_${process.pid}`;
  await spark.range(2).createTempView("fresh");
  await expect(spark.range(2).createTempView("fresh")).rejects.toMatchObject({
    code: "E_SPARK_TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
  });
  await spark.range(3).createOrReplaceTempView("fresh");
  expect(await spark.table("fresh").count()).toBe(3);
  await spark.range(4).createOrReplaceGlobalTempView(name);
  await expect(spark.range(4).createGlobalTempView(name)).rejects.toThrow(name);
  expect(await spark.table(`global_temp.${name}`).count()).toBe(4);
  expect(await spark.catalog.dropGlobalTempView(name)).toBe(true);
});

test("a view that nobody awaits is there for the next question, as in PySpark's lines", async () => {
  void spark.range(5).createOrReplaceTempView("unawaited");
  expect(await (await spark.sql("SELECT count(*) AS n FROM unawaited")).collect()).toEqual([{ n: 5 }]);
  void spark.range(7).createOrReplaceTempView("unawaited");
  expect(await spark.table("unawaited").count()).toBe(7);
});

test("a tag of the session stops what it is on", async () => {
  spark.addTag("long");
  expect([...spark.getTags()]).toEqual(["long"]);
  let begun = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const running = spark
    .range(1e12)
    .selectExpr("sum(hash(id))")
    .collect({ onProgress: ({ fraction }) => fraction !== undefined && begun() });
  const failed = expect(running).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  // Spark forgets an interrupt that comes before the job, and the job goes on.
  await started;
  expect(await spark.interruptTag("long")).toHaveLength(1);
  await failed;
  spark.clearTags();
  expect([...spark.getTags()]).toEqual([]);
});
