import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { col, lit } from "../../../src/spark/column.ts";
import { splitBounds } from "../../../src/spark/frame-rows.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { Window } from "../../../src/spark/window.ts";

// Nothing here may ask a server: a plan is only built.
const spark = SparkSession.deferred(() => Promise.reject(new UsageError("E_ASKED", "a plan asked the server")));
const other = SparkSession.deferred(() => Promise.reject(new UsageError("E_ASKED", "a plan asked the server")));
const df = spark.range(10);
const wrong = (value: unknown) => value as never;

const mistakes: Record<string, readonly [() => unknown, RegExp]> = {
  "an unknown join": [() => df.join(df, "id", wrong("sideways")), /inner.*left_anti|full_outer/],
  "names and columns": [() => df.join(df, wrong(["id", col("id")])), /join on/],
  "a frame of another session": [() => df.join(other.range(1)), /one SparkSession/],
  "a union with another session": [() => df.union(other.range(1)), /one SparkSession/],
  "a negative limit": [() => df.limit(-1), /from 0/],
  "half a row": [() => df.limit(1.5), /whole number/],
  "a negative offset": [() => df.offset(-1), /whole number/],
  "no partitions": [() => df.repartition(0), /from 1/],
  "a range by nothing": [() => df.repartitionByRange(3), /columns/],
  "a fraction above one": [() => df.sample(1.5), /from 0 to 1/],
  "a broken seed": [() => df.sample(0.5, 0.5), /whole number/],
  "weights of nothing": [() => df.randomSplit([0, 0]), /0\.8/],
  "a negative weight": [() => df.randomSplit([1, -1]), /0\.8/],
  "no weights": [() => df.randomSplit([]), /0\.8/],
  "a value where a column is wanted": [() => df.withColumn("x", wrong(1)), /lit/],
  "a number as a column": [() => df.select(wrong(1)), /lit/],
  "a number as a condition": [() => df.filter(wrong(true)), /SQL/],
  "sorting by nothing": [() => df.orderBy(), /columns/],
  "too few directions": [() => df.orderBy("id", { ascending: [true, false] }), /one for each/],
  "an aggregate of nothing": [() => df.groupBy("id").agg(), /sum/],
  "a pivot after a cube": [() => df.cube("id").pivot("id"), /groupBy/],
  "a fill with null": [() => df.fillna(wrong(null)), /number or a boolean/],
  "an unknown how": [() => df.dropna(wrong("some")), /any, all/],
  "a replacement without a new value": [() => df.replace(1), /null/],
  "uneven replacements": [() => df.replace([1, 2], [3]), /as many/],
  "duplicates by text": [() => df.dropDuplicates(wrong("id")), /\["user_id"\]/],
  "an unknown save mode": [() => df.write.mode(wrong("replace")), /append, overwrite, error/],
  "no buckets": [() => df.write.bucketBy(0, "id"), /from 1/],
  "folders by nothing": [() => df.write.partitionBy(), /day/],
  "an option that is an object": [() => df.write.option("a", wrong({})), /number or a boolean/],
  "no path": [() => spark.read.csv([]), /data\/sales\.csv/],
  "an empty path": [() => spark.read.parquet(""), /name as text/],
  "an empty schema": [() => spark.read.schema(""), /name as text/],
  "a tag with a comma": [() => spark.addTag("a,b"), /comma/],
  "a crosstab of one": [() => df.crosstab("id", wrong(undefined)), /name as text/],
  "a support of nothing": [() => df.freqItems(["id"], 0), /0\.0001 to 1/],
  "a frame of a window that ends first": [() => Window.rowsBetween(1, -1), /earlier end/],
  "half a row of a window": [() => Window.rowsBetween(-0.5, 0), /whole numbers/],
  "no number in a window": [() => Window.rangeBetween(Number.NaN, 0), /unboundedPreceding/],
  "no field to drop": [() => col("a").dropFields(), /dropFields/],
  "a value as a field": [() => col("a").withField("b", wrong(1)), /lit/],
  "a transform to nothing": [() => df.transform(wrong(() => undefined)), /return/],
  "a decimal that is too long": [() => lit("123.45", "decimal(4,2)"), /more digits/],
  "a decimal of words": [() => lit("many", "decimal(4,2)"), /digits/],
  "a day that is none": [() => lit("2023-02-29", "date"), /2024-02-29/],
  "a byte that is too large": [() => lit(128, "tinyint"), /8 bits/],
  "a type that has no literal": [() => lit(1, "interval"), /types are/],
  "a symbol": [() => lit(Symbol("x")), /plain object/],
};

test.each(Object.keys(mistakes))("%s is refused at once, with the way out", (name) => {
  const [mistake, hint] = mistakes[name] as (typeof mistakes)[string];
  let error: unknown;
  try {
    mistake();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UsageError);
  const { code, message, hint: way } = error as UsageError;
  expect(code).toMatch(/^E_SPARK_/);
  expect(`${message}; ${way}`).toMatch(hint);
});

const promises: Record<string, readonly [() => Promise<unknown>, RegExp]> = {
  "a mode of explain": [() => df.explain(wrong("all")), /simple, extended/],
  "a storage level": [() => df.persist(wrong("MEMORY")), /MEMORY_AND_DISK_DESER/],
  "negative rows": [() => df.take(-1), /from 0/],
  "a method of correlation": [async () => df.corr("a", "b", wrong("spearman")), /pearson/],
  "a probability": [() => df.approxQuantile("a", [1.5], 0), /from 0 to 1/],
  "a relative error": [() => df.approxQuantile("a", [0.5], -1), /from 0/],
  "a width": [() => df.showString(1, { truncate: -1 }), /from 0/],
  "a subquery in the condition of a merge": [
    () => df.mergeInto("t", col("id").eq(df.scalar())).whenMatched().delete().merge(),
    /mergeInto cannot hold a subquery.*join/,
  ],
  "a subquery in what a merge writes": [
    () => df.mergeInto("t", col("id").eq(1)).whenNotMatched().insert({ id: df.scalar() }).merge(),
    /mergeInto cannot hold a subquery.*join/,
  ],
  "a subquery in the condition of an overwrite": [
    () => df.writeTo("t").overwrite(df.exists()),
    /cannot hold a subquery.*join/,
  ],
  "a view without a name": [async () => df.createTempView(""), /name as text/],
};

test.each(Object.keys(promises))("%s is refused before the server is asked", async (name) => {
  const [mistake, hint] = promises[name] as (typeof promises)[string];
  const error = await mistake().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "E_SPARK_ARGUMENT" });
  expect(`${(error as UsageError).message}; ${(error as UsageError).hint}`).toMatch(hint);
});

test("the bounds of a split rise from 0 to 1 by the weights", () => {
  const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, (list) => {
      fc.pre(list.some((weight) => weight > 1e-3));
      const total = list.reduce((sum, weight) => sum + weight, 0);
      const bounds = splitBounds(list);
      expect(bounds).toHaveLength(list.length + 1);
      expect(bounds[0]).toBe(0);
      expect(bounds.at(-1)).toBeCloseTo(1, 9);
      list.forEach((weight, i) => {
        const [low = 0, high = 0] = bounds.slice(i);
        expect(high).toBeGreaterThanOrEqual(low);
        expect(high - low).toBeCloseTo(weight / total, 9);
      });
    }),
    { seed: 42 },
  );
});

test("a session and groups say what they are without asking", () => {
  expect(inspect(spark)).toBe("SparkSession · connects with its first query");
  expect(inspect(df.groupBy("id"))).toMatch(/^GroupedData: .*agg\(/);
});
