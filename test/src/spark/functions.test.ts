import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Column } from "../../../src/spark/column.ts";
import * as F from "../../../src/spark/functions.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { pyspark } from "../../support/pyspark.ts";
import { leftOut } from "../../support/pyspark-guide.ts";
import { sparkServer } from "../../support/spark-server.ts";
import { type Answers, answers, answersOfPySpark, type CallGroup, withoutChance } from "./functions/answers.ts";
import { namesOf, SAMPLE, SETTINGS } from "./functions/calls.ts";
import { COLLECTION_CALLS, GEOSPATIAL_CALLS } from "./functions/collection-calls.ts";
import { AGGREGATE_CALLS, GENERATOR_CALLS, GROUPING_CALLS, SORT_CALLS, WINDOW_CALLS } from "./functions/group-calls.ts";
import { MERGE_CALLS, SKETCH_CALLS, SKETCHES } from "./functions/sketch-calls.ts";
import { TEXT_CALLS } from "./functions/text-calls.ts";
import { GROUPED_WINDOW_CALLS, GROUPED_WINDOWS, TIME_CALLS, TIME_WINDOW_CALLS } from "./functions/time-calls.ts";
import { VALUE_CALLS, VARYING_CALLS } from "./functions/value-calls.ts";

const GROUPS: readonly CallGroup[] = [
  { title: "values", sql: SAMPLE, kind: "columns", calls: VALUE_CALLS },
  { title: "text", sql: SAMPLE, kind: "columns", calls: TEXT_CALLS },
  { title: "time", sql: SAMPLE, kind: "columns", calls: TIME_CALLS },
  { title: "collections", sql: SAMPLE, kind: "columns", calls: COLLECTION_CALLS },
  { title: "aggregates", sql: SAMPLE, kind: "columns", calls: AGGREGATE_CALLS },
  { title: "windows", sql: SAMPLE, kind: "columns", calls: WINDOW_CALLS },
  { title: "sketches", sql: SAMPLE, kind: "columns", calls: SKETCH_CALLS },
  { title: "merged sketches", sql: SKETCHES, kind: "columns", calls: MERGE_CALLS },
  { title: "windows over time", sql: SAMPLE, kind: "rows", calls: TIME_WINDOW_CALLS },
  { title: "windows of groups", sql: GROUPED_WINDOWS, kind: "columns", calls: GROUPED_WINDOW_CALLS },
  { title: "generators", sql: SAMPLE, kind: "rows", calls: GENERATOR_CALLS },
  { title: "orders", sql: SAMPLE, kind: "order", calls: SORT_CALLS },
  { title: "grouping", sql: SAMPLE, kind: "cube", calls: GROUPING_CALLS },
  { title: "what varies", sql: SAMPLE, kind: "type", calls: VARYING_CALLS },
  { title: "geometry", sql: SAMPLE, kind: "columns", calls: GEOSPATIAL_CALLS },
];

/** What Outgrow has in `F` and PySpark in `pyspark.ml.functions`. */
const OF_MACHINE_LEARNING = ["array_to_vector", "vector_to_array"];

/** A module of PySpark's. */
const MODULES = ["partitioning"];

let spark: SparkSession;
let theirs: Readonly<Record<string, Answers>>;

beforeAll(async () => {
  const { address, token } = await sparkServer();
  spark = await SparkSession.connect(address, { token });
  for (const setting of SETTINGS) await spark.sql(setting);
  theirs = await answersOfPySpark(GROUPS);
}, 600_000);

afterAll(async () => {
  await spark?.stop();
});

test("every function has a call here, and every call a function", () => {
  const called = new Set([...GROUPS.flatMap(({ calls }) => calls.flatMap(namesOf)), "broadcast", "partitioning"]);
  expect([...called].sort()).toEqual(Object.keys(F).sort());
});

describe("names, types and values are PySpark's", () => {
  test.each(GROUPS)("$title", { timeout: 240_000 }, async (group) => {
    expect(withoutChance(await answers(spark, group))).toEqual(withoutChance(theirs[group.title]));
  });
});

test("PySpark has no function that is missing without a reason", async () => {
  const script = `
import inspect
from pyspark.sql.connect.functions import builtin
result = sorted(name for name, one in vars(builtin).items()
                if inspect.isfunction(one) and one.__module__ == builtin.__name__ and not name.startswith("_"))`;
  const pysparks = (await pyspark(script)) as string[];
  const here = Object.keys(F).filter((name) => ![...OF_MACHINE_LEARNING, ...MODULES].includes(name));
  expect([...here, ...leftOut("Functions")].sort()).toEqual([...pysparks].sort());
});

test("a query fails with the message of raise_error", async () => {
  const frame = spark.range(0, 1).select(F.raise_error("not today"));
  await expect(frame.collect()).rejects.toThrow(/not today/);
});

test("the function of a lambda must return a column", () => {
  // A cell without types gets there with x > 1 in JavaScript.
  const wrong = (() => true) as unknown as (x: Column) => Column;
  expect(() => F.exists("xs", wrong)).toThrow(expect.objectContaining({ code: "E_SPARK_ARGUMENT" }));
});

test("a seed that nobody gave stays the same within a frame", async () => {
  const frame = spark.range(0, 3).select(F.rand().alias("x"));
  expect(await frame.collect()).toEqual(await frame.collect());
});

test("broadcast sends the smaller frame of a join to every executor", async () => {
  await spark.sql("SET spark.sql.autoBroadcastJoinThreshold=-1");
  const [large, small] = [spark.range(0, 9), spark.range(0, 3)];
  expect(await large.join(small, "id").explainString()).toContain("SortMergeJoin");
  expect(await large.join(F.broadcast(small), "id").explainString()).toContain("BroadcastHashJoin");
});
