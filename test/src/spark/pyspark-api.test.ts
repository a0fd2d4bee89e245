import { afterAll, beforeAll, expect, test } from "vitest";
import { F, SparkSession, Window } from "../../../src/index.ts";
import { pyspark } from "../../support/pyspark.ts";
import { leftOut } from "../../support/pyspark-guide.ts";
import { sparkServer } from "../../support/spark-server.ts";

let theirs: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  await sparkServer();
  theirs = (await pyspark(`
from pyspark.sql.connect import catalog, column, conf, dataframe, group, merge, readwriter, session, tvf, window
from pyspark.sql.dataframe import DataFrameNaFunctions, DataFrameStatFunctions
classes = [dataframe.DataFrame, column.Column, catalog.Catalog, session.SparkSession, session.SparkSession.Builder, group.GroupedData,
  readwriter.DataFrameReader, readwriter.DataFrameWriter, readwriter.DataFrameWriterV2, conf.RuntimeConf, DataFrameNaFunctions,
  DataFrameStatFunctions, window.Window, window.WindowSpec, tvf.TableValuedFunction, merge.MergeIntoWriter, merge.MergeIntoWriter.WhenMatched,
  merge.MergeIntoWriter.WhenNotMatched, merge.MergeIntoWriter.WhenNotMatchedBySource]
result = {c.__qualname__: [name for name in dir(c) if not name.startswith("_")] for c in classes}`)) as typeof theirs;
}, 300_000);

/** Nothing is asked of it. */
const spark = SparkSession.deferred(() => Promise.reject(new Error("no session is needed")));
const frame = spark.range(1);
const merge = frame.mergeInto("t", F.expr("true"));

afterAll(() => spark.stop());

test.each([
  ["DataFrame", frame],
  ["Column", F.col("a")],
  ["Catalog", spark.catalog],
  ["SparkSession", spark],
  ["SparkSession.Builder", SparkSession.builder],
  ["GroupedData", frame.groupBy("id")],
  ["DataFrameReader", spark.read],
  ["DataFrameWriter", frame.write],
  ["DataFrameWriterV2", frame.writeTo("t")],
  ["RuntimeConf", spark.conf],
  ["DataFrameNaFunctions", frame.na],
  ["DataFrameStatFunctions", frame.stat],
  ["Window", Window],
  ["WindowSpec", Window.partitionBy("a")],
  ["TableValuedFunction", spark.tvf],
  ["MergeIntoWriter", merge],
  ["MergeIntoWriter.WhenMatched", merge.whenMatched()],
  ["MergeIntoWriter.WhenNotMatched", merge.whenNotMatched()],
  ["MergeIntoWriter.WhenNotMatchedBySource", merge.whenNotMatchedBySource()],
])("%s has PySpark's members, but for those that docs/pyspark.md names with a reason", (name, ours) => {
  const there = theirs[name] ?? [];
  expect(there.length).toBeGreaterThan(0);
  const missing = there.filter((member) => !has(ours, member));
  expect(missing.sort()).toEqual(leftOut(name).sort());
});

/** Members of a class itself count too: Python's are found on an instance. */
function has(value: object, member: string): boolean {
  return member in value || Object.hasOwn(value.constructor, member);
}
