import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineError } from "../../../../src/errors.ts";
import { col } from "../../../../src/spark/column.ts";
import { toOutgrowError } from "../../../../src/spark/connect/errors.ts";
import { hintFor } from "../../../../src/spark/connect/hints.ts";
import { sqlColumn } from "../../../../src/spark/expressions.ts";
import * as F from "../../../../src/spark/functions.ts";
import { LogisticRegression } from "../../../../src/spark/ml/classification.ts";
import { sparkSql } from "../../../../src/spark/script.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { sparkServer } from "../../../support/spark-server.ts";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

const S3 =
  /%spark start --conf spark\.jars\.packages=org\.apache\.hadoop:hadoop-aws:HADOOP; HADOOP is .*s3a\.access\.key/;
const DELTA = /spark\.jars\.packages=io\.delta:NAME:VERSION; .*DeltaSparkSessionExtension/;
const rows = () => spark.range(3).withColumn("name", col("id").cast("string"));

/** What people try, and the way out that they are told. */
const cases: Record<string, readonly [ask: () => Promise<unknown>, hint: RegExp]> = {
  "reading from S3": [() => spark.read.parquet("s3a://bucket/x.parquet").count(), S3],
  "CSV from S3, with its types": [() => spark.read.csv("s3a://bucket/x.csv", { inferSchema: true }).collect(), S3],
  "SQL on files in S3": [() => spark.sql("SELECT * FROM parquet.`s3a://bucket/x.parquet`").collect(), S3],
  "SQL of a cell on files in S3": [() => sparkSql("SELECT * FROM json.`s3a://bucket/x.json`", { session: spark }), S3],
  "writing to S3": [() => spark.range(3).write.parquet("s3a://bucket/out"), S3],
  "S3 by an address of Amazon's tools": [() => spark.read.parquet("s3://bucket/x").count(), /s3a:\/\/bucket\/path/],
  "a store of Azure's": [() => spark.read.csv("abfss://c@a.dfs.core.windows.net/x").count(), /hadoop-azure:HADOOP/],
  "a store of Google's": [() => spark.read.csv("gs://bucket/x").count(), /hadoop-gcp:HADOOP/],
  "a table of Delta": [() => spark.sql("CREATE TABLE d (id INT) USING delta"), DELTA],
  "files of Delta": [() => spark.read.format("delta").load("/tmp").count(), DELTA],
  "SQL on files of Delta": [() => spark.sql("SELECT * FROM delta.`/tmp`").collect(), DELTA],
  "a frame to Delta": [() => spark.range(3).write.format("delta").saveAsTable("d"), DELTA],
  "a table of Iceberg": [
    () => spark.sql("CREATE TABLE i (id INT) USING iceberg"),
    /spark\.jars\.packages=org\.apache\.iceberg:NAME:VERSION; .*IcebergSparkSessionExtensions/,
  ],
  "a catalog that is not there": [() => spark.sql("SELECT * FROM lake.db.t").collect(), /spark\.sql\.catalog\.NAME/],
  Avro: [() => spark.read.format("avro").load("/tmp").count(), /org\.apache\.spark:spark-avro_2\.13:VERSION; whoever/],
  "a frame in braces, as PySpark's SQL has it": [
    () => spark.sql("SELECT * FROM {df} WHERE id > {least}").collect(),
    /createOrReplaceTempView\(name\).*:name by spark\.sql/,
  ],
  "a checkpoint without its folder": [
    () => spark.range(3).checkpoint(),
    /^localCheckpoint\(\) needs none; .*--conf spark\.checkpoint\.dir=FOLDER/,
  ],
  "a column of arrays where vectors belong": [
    () =>
      new LogisticRegression().fit(
        spark.range(3).select(F.array(F.lit(1.5)).alias("features"), col("id").alias("label")),
      ),
    /withColumn\(name, F\.array_to_vector\(name\)\)/,
  ],
  "another format": [
    () => spark.read.format("parqet").load("/tmp").count(),
    /^parquet, csv, .* come with Spark.*packages=GROUP:NAME:VERSION/,
  ],
  "a database without its driver": [
    () => spark.read.jdbc("jdbc:nosuch://localhost/x", "t").count(),
    /packages=GROUP:NAME:VERSION; .*\{ driver: "org\.postgresql\.Driver" \}/,
  ],
  "a database whose driver has not come": [
    () => spark.read.jdbc("jdbc:nosuch://localhost/x", "t", { driver: "org.nosuch.Driver" }).count(),
    /packages=GROUP:NAME:VERSION/,
  ],
  "writing where something is": [
    async () => {
      const there = path.join(tmpdir(), `outgrow-hints-${process.pid}`);
      try {
        await rows().write.parquet(there);
        await rows().write.parquet(there);
      } finally {
        rmSync(there, { recursive: true, force: true });
      }
    },
    /^write\.mode\("overwrite"\) replaces it/,
  ],
  "MERGE into a table of Spark's": [
    async () => {
      await rows().write.mode("overwrite").saveAsTable("hints_merged");
      const merge = rows().alias("new").mergeInto("hints_merged", sqlColumn("hints_merged.id = new.id"));
      await merge.whenMatched().updateAll().merge();
    },
    /Delta and Iceberg/,
  ],
  "a table of Spark's to be replaced": [
    () => rows().writeTo("hints_replaced").using("parquet").createOrReplace(),
    /mode\("overwrite"\)\.saveAsTable\(name\)/,
  ],
  "a time of day": [
    () => spark.sql("SELECT time'12:34:56'").collect(),
    /spark\.conf\.set\("spark\.sql\.timeType\.enabled", true\)/,
  ],
  "a column of two frames": [
    () => {
      const [left, right] = [rows(), rows()];
      return left
        .join(right, left.col("id").eq(right.col("id")))
        .select("id")
        .collect();
    },
    /left\.join\(right, "id"\)/,
  ],
  "a column of the frame around a subquery": [
    () => {
      const [outer, inner] = [rows(), rows()];
      return outer.where(inner.where(col("id").eq(outer.col("id").outer())).exists()).collect();
    },
    /col\("f\.id"\)\.outer\(\)/,
  ],
  "a parameter without a value": [() => spark.sql("SELECT :a").collect(), /\{ params: \{ name: value \} \}/],
  "a union by names that one side lacks": [
    () => rows().unionByName(spark.range(3)).collect(),
    /unionByName\(other, true\)/,
  ],
  "an element that a list lacks": [
    () => spark.range(3).select(sqlColumn("array(1)").getItem(5)).collect(),
    /F\.get\(column, index\)/,
  ],
};

test.each(Object.keys(cases))("%s", async (name) => {
  const [ask, hint] = cases[name] as (typeof cases)[string];
  const error = (await ask().then(
    () => undefined,
    (failure: unknown) => failure,
  )) as EngineError | undefined;
  expect(error).toMatchObject({ name: "EngineError", hint: expect.stringMatching(hint) });
});

/** What looks like the above and is something else: the way out that is told, where there is one. */
const others: Record<string, readonly [ask: () => Promise<unknown>, hint: RegExp | undefined]> = {
  "an alias by the name of a format": [
    () => spark.sql("SELECT delta.nope FROM VALUES (1) AS delta(id)").collect(),
    /^printSchema\(\) shows the columns$/,
  ],
  "a schema by the name of a format": [() => spark.table("iceberg.trips").collect(), /^SHOW TABLES/],
  "words of a cell's own": [() => spark.sql("SELECT raise_error('the data source: delta.')").collect(), undefined],
  "a driver in words of a cell's own": [
    () => spark.sql("SELECT raise_error('No suitable driver')").collect(),
    undefined,
  ],
  "a path that speaks of a format": [
    () => spark.read.parquet("/tmp/data source: delta.").count(),
    /^paths are those of the server's machine, and the whole path is needed$/,
  ],
  "a change of columns that tables do not take": [
    async () => {
      await rows().write.mode("overwrite").saveAsTable("hints_altered");
      await spark.sql("ALTER TABLE hints_altered DROP COLUMN name");
    },
    undefined,
  ],
  "a field of two names": [() => spark.sql("SELECT named_struct('a', 1, 'A', 2).a").collect(), undefined],
  "duplicates by a column that is not there": [
    () => rows().dropDuplicates(["nope"]).collect(),
    /^printSchema\(\) shows the columns/,
  ],
  "SQL without a statement": [() => spark.sql(""), undefined],
};

test.each(Object.keys(others))("%s is not taken for another fault", async (name) => {
  const [ask, hint] = others[name] as (typeof others)[string];
  const error = (await ask().then(
    () => undefined,
    (failure: unknown) => failure,
  )) as EngineError | undefined;
  expect(error).toMatchObject({ name: "EngineError" });
  expect(error?.hint ?? "").toMatch(hint ?? /^$/);
});

test.each([
  "'void org.apache.spark.sql.execution.LogicalRDD.<init>(scala.collection.immutable.Seq, boolean, scala.Option)'",
  "'scala.Option org.apache.spark.sql.Other.get(int)'",
  "org/apache/spark/sql/catalyst/Other$",
  "class org.apache.iceberg.spark.source.SparkView can not implement org.apache.spark.sql.connector.catalog.View, because it is not an interface",
  "Receiver class io.other.Table does not define or inherit an implementation of the resolved method 'abstract int x()' of interface A.",
])("a jar that was made for another Spark: %s", (said) => {
  expect(hintFor(undefined, said, "4.3.0")).toMatch(/made for another version of Spark/);
});

const LOST = "Job aborted due to stage failure: Task 0 in stage 5.0 failed 1 times, most recent failure: Lost task 0.0";
const STACK = "\n\tat org.apache.spark.Some.call(Some.java:1)\n\nDriver stacktrace:";

test.each([
  [
    `${LOST}: TaskResultLost (result lost from block manager)\nDriver stacktrace:`,
    "E_SPARK",
    /does not fit into its memory/,
  ],
  ["Job aborted due to stage failure: Exception while getting task result: java.io.X: y", "E_SPARK", /does not fit/],
  [`${LOST}: java.lang.OutOfMemoryError: Java heap space${STACK}`, "E_SPARK_MEMORY", /--conf spark\.executor\.memory/],
])("a lost task is told without Java's stack: %s", async (details, code, hint) => {
  const failed = Object.assign(new Error(details), { code: status.INTERNAL, details });
  const source = { label: "sc://here", version: "4.3.0", fetchErrorDetails: () => expect.fail("it has no details") };
  expect(await toOutgrowError(failed, source)).toMatchObject({
    code,
    message: expect.not.stringMatching(/stacktrace|\tat/),
    hint: expect.stringMatching(hint),
  });
});

test("the columns around a subquery go by an alias, as the hint says", async () => {
  const inner = rows().where(col("id").eq(col("f.id").outer()).and(col("id").gt(0)));
  expect(await rows().alias("f").where(inner.exists()).count()).toBe(2);
});
