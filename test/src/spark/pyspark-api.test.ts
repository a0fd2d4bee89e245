import { afterAll, beforeAll, expect, test } from "vitest";
import { F, SparkSession, Window } from "../../../src/index.ts";
import { pyspark } from "../../support/pyspark.ts";
import { sparkServer } from "../../support/spark-server.ts";

const PYTHON = "takes functions of Python";
const STREAMS = "streaming is not offered";
const CLASSIC = "is of classic Spark, not of Connect";

/** What PySpark's classes have and ours do not, each with the reason. What is here and not left out, or left out and there, fails. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DataFrame: {
    asTable: "is an argument of table functions of Python",
    dropDuplicatesWithinWatermark: STREAMS,
    executionInfo: "observe() and the progress of an action say it",
    foreach: PYTHON,
    foreachPartition: PYTHON,
    isStreaming: STREAMS,
    is_cached: "would ask the server in a property: storageLevel()",
    mapInArrow: PYTHON,
    mapInPandas: PYTHON,
    pandas_api: "is pandas",
    plot: "is pandas",
    rdd: CLASSIC,
    registerTempTable: "is deprecated: createOrReplaceTempView()",
    sparkSession: "is at hand where the frame was made",
    toPandas: "is toDanfo()",
    withWatermark: STREAMS,
    writeStream: STREAMS,
  },
  Column: { to_plan: "is no part of the API" },
  Catalog: {
    createExternalTable: "is deprecated: createTable()",
    registerFunction: PYTHON,
  },
  SparkSession: {
    Builder: "is SparkSession.builder",
    Hook: "is no part of the API",
    addArtifact: "brings code of Java and Python: spark.jars in the settings of the server",
    addArtifacts: "brings code of Java and Python: spark.jars in the settings of the server",
    clearProgressHandlers: "every action takes onProgress",
    registerProgressHandler: "every action takes onProgress",
    removeProgressHandler: "every action takes onProgress",
    client: "is no part of the API",
    cloneSession: "is for developers of Spark",
    copyFromLocalToFs: "is not offered",
    dataSource: PYTHON,
    emptyDataFrame: 'is createDataFrame([], "a int")',
    is_stopped: "is isStopped",
    newSession: "is SparkSession.connect() once more",
    profile: "profiles Python",
    readStream: STREAMS,
    session_id: "is no part of the API",
    streams: STREAMS,
    udf: PYTHON,
    udtf: PYTHON,
  },
  "SparkSession.Builder": {
    channelBuilder: "is of Python's transport",
    create: "is getOrCreate()",
    enableHiveSupport: "is a setting of the server",
  },
  GroupedData: {
    apply: PYTHON,
    applyInArrow: PYTHON,
    applyInPandas: PYTHON,
    applyInPandasWithState: PYTHON,
    cogroup: PYTHON,
    transformWithState: PYTHON,
    transformWithStateInPandas: PYTHON,
  },
  DataFrameReader: { changes: "reads what changed in tables of formats that Spark does not bring" },
  TableValuedFunction: { range: "is spark.range()", python_worker_logs: "is about Python" },
  MergeIntoWriter: {
    WhenMatched: "is what whenMatched() gives",
    WhenNotMatched: "is what whenNotMatched() gives",
    WhenNotMatchedBySource: "is what whenNotMatchedBySource() gives",
  },
};

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
])("%s has PySpark's members, but for those that are named with a reason", (name, ours) => {
  const there = theirs[name] ?? [];
  expect(there.length).toBeGreaterThan(0);
  const missing = there.filter((member) => !has(ours, member));
  expect(missing.sort()).toEqual(Object.keys(LEFT_OUT[name] ?? {}).sort());
});

/** Members of a class itself count too: Python's are found on an instance. */
function has(value: object, member: string): boolean {
  return member in value || Object.hasOwn(value.constructor, member);
}
