import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { col } from "../../../src/spark/column.ts";
import type { SparkDataFrame } from "../../../src/spark/dataframe.ts";
import * as F from "../../../src/spark/functions.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { sparkServer } from "../../support/spark-server.ts";

let spark: SparkSession;
let folder: string;
let data: SparkDataFrame;
const rows = [0, 1, 2, 3].map((id) => ({ id, name: `n${id}`, day: id % 2 }));

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-files-"));
  data = spark.range(4).selectExpr("id", "concat('n', id) AS name", "id % 2 AS day");
}, 240_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(["parquet", "orc", "json"] as const)("%s gives back what was written", async (format) => {
  const target = path.join(folder, format);
  await data.write[format](target);
  expect(await spark.read[format](target).orderBy("id").select("id", "name", "day").collect()).toEqual(rows);
  await expect(data.write[format](target)).rejects.toMatchObject({ code: "E_SPARK_PATH_ALREADY_EXISTS" });
  await data.write[format](target, { mode: "ignore" });
  await data.write.mode("append").format(format).save(target);
  expect(await spark.read.format(format).load(target).count()).toBe(8);
  await data.limit(1).write[format](target, { mode: "overwrite" });
  expect(await spark.read[format](target).count()).toBe(1);
});

test("CSV by options, by schema, and from many paths", async () => {
  const [one, two] = [path.join(folder, "one.csv"), path.join(folder, "two.csv")];
  writeFileSync(one, "id;amount\n1;2,5\n2;NA\n");
  writeFileSync(two, "id;amount\n3;4,5\n");
  const options = { header: true, sep: ";", nullValue: "NA" };
  const text = spark.read.csv([one, two], options);
  expect(await text.dtypes()).toEqual([
    ["id", "string"],
    ["amount", "string"],
  ]);
  expect(await text.orderBy("id").collect()).toEqual([
    { id: "1", amount: "2,5" },
    { id: "2", amount: null },
    { id: "3", amount: "4,5" },
  ]);
  expect(await spark.read.csv(one, { ...options, inferSchema: true }).dtypes()).toContainEqual(["id", "int"]);
  const typed = spark.read.options(options).schema("id bigint, amount string").csv(`${folder}/*.csv`);
  expect(await typed.count()).toBe(3);
  expect(await typed.dtypes()).toContainEqual(["id", "bigint"]);
  expect(await spark.read.csv(two, { ...options, schema: "id double, amount string" }).first()).toEqual({
    id: 3,
    amount: "4,5",
  });
  await data.write.csv(path.join(folder, "out.csv.d"), { header: true, quoteAll: true, compression: "gzip" });
  expect(readdirSync(path.join(folder, "out.csv.d")).some((name) => name.endsWith(".csv.gz"))).toBe(true);
});

test("lines of text go both ways", async () => {
  const target = path.join(folder, "lines");
  await data.select("name").write.text(target);
  expect((await spark.read.text(target).orderBy("value").collect()).map(({ value }) => value)).toEqual([
    "n0",
    "n1",
    "n2",
    "n3",
  ]);
  expect(await spark.read.text(target, { wholetext: true }).count()).toBeGreaterThan(0);
});

test("partitioned files are folders by value", async () => {
  const target = path.join(folder, "parts");
  await data.write.partitionBy("day").parquet(target);
  expect(readdirSync(target).filter((name) => name.startsWith("day="))).toEqual(["day=0", "day=1"]);
  const files = await spark.read.parquet(target).inputFiles();
  expect(files.every((file) => file.startsWith("file:") && file.includes("day="))).toBe(true);
  await data.write.parquet(path.join(folder, "parts2"), { partitionBy: ["day", "id"] });
  expect(readdirSync(path.join(folder, "parts2", "day=1")).sort()).toEqual(["id=1", "id=3"]);
});

test("a relative path is one of this process, whatever Java's folder is", async () => {
  const target = path.relative(process.cwd(), path.join(folder, "relative"));
  expect(path.isAbsolute(target)).toBe(false);
  await data.write.parquet(target);
  expect(readdirSync(path.join(folder, "relative")).length).toBeGreaterThan(0);
  expect(await spark.read.parquet(target).count()).toBe(4);
  expect(await spark.read.parquet(`file:${path.join(folder, "relative")}`).count()).toBe(4);
  await expect(spark.read.parquet("no/such/file").count()).rejects.toThrow(path.resolve("no/such/file"));
  // Another scheme is not touched, also when nobody here can read it.
  await expect(spark.read.parquet("s3://bucket/no").count()).rejects.not.toThrow(process.cwd());
});

test("a deferred session knows where its server is when the plan is sent", async () => {
  const server = await sparkServer();
  const later = SparkSession.deferred(() => SparkSession.connect(server.address, server));
  const target = path.relative(process.cwd(), path.join(folder, "json"));
  expect(await later.read.json(target).count()).toBeGreaterThan(0);
  await later.stop();
});

test("tables of the catalog: made, added to, replaced, bucketed", async () => {
  const name = `sales_${process.pid}`;
  await data.write.saveAsTable(name, { format: "parquet" });
  await data.write.insertInto(name);
  expect(await spark.table(name).count()).toBe(8);
  await data.limit(2).write.insertInto(name, { overwrite: true });
  expect(await spark.table(name).count()).toBe(2);
  await data.write.mode("overwrite").bucketBy(2, "id").sortBy("id").saveAsTable(name);
  expect((await spark.catalog.listColumns(name)).filter(({ isBucket }) => isBucket)).toHaveLength(1);
  await spark.sql(`DROP TABLE ${name}`);
});

test("writeTo makes a table and refuses one that is there", async () => {
  const name = `written_${process.pid}`;
  await data.writeTo(name).using("parquet").tableProperty("who", "outgrow").partitionedBy(col("day")).create();
  expect(await spark.table(name).count()).toBe(4);
  expect((await spark.catalog.listColumns(name)).find(({ isPartition }) => isPartition)?.name).toBe("day");
  await expect(data.writeTo(name).create()).rejects.toMatchObject({ code: "E_SPARK_TABLE_OR_VIEW_ALREADY_EXISTS" });
  await spark.sql(`DROP TABLE ${name}`);
  await data.writeTo(name).using("parquet").partitionedBy(F.partitioning.bucket(2, "id")).create();
  expect((await spark.catalog.listColumns(name)).find(({ isBucket }) => isBucket)?.name).toBe("id");
  await spark.sql(`DROP TABLE ${name}`);
});
