import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { F, type SparkDataFrame, SparkSession } from "../../src/index.ts";
import { executeNotebook } from "../support/notebook.ts";
import { pyspark } from "../support/pyspark.ts";
import { jupyterEnvironment, root } from "../support/python.ts";
import { type SparkServer, sparkServer } from "../support/spark-server.ts";

interface Cell {
  readonly cell_type: string;
  readonly source: string | string[];
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly evalue?: string;
    readonly data?: Readonly<Record<string, string | string[]>>;
  }[];
}

let server: SparkServer;

beforeAll(async () => {
  server = await sparkServer();
}, 180_000);

describe("02-hybrid.ipynb", () => {
  const book = notebook("02-hybrid.ipynb");

  test("no cell fails", () => expect(book.errors()).toEqual([]));

  test("the frame that comes back is PySpark's, customer by customer", async () => {
    const theirs = (await pyspark(HYBRID, book.data)) as [number, number, number, number][];
    await using spark = await SparkSession.connect(server.address, server);
    const frame = await labelled(spark, book.data).orderBy("customer_id").toDanfo();
    expect(frame.columns).toEqual(["customer_id", "total_spent", "transaction_count", "churned"]);
    const rows = frame.values as [number, number, number, number][];
    expect(rows.length).toBeGreaterThan(50_000);
    expect(rows.map(([id, , count, churned]) => [id, count, churned])).toEqual(
      theirs.map(([id, , count, churned]) => [id, count, churned]),
    );
    const worst = Math.max(...rows.map(([, spent], i) => Math.abs(spent / (theirs[i]?.[1] ?? 0) - 1)));
    expect(worst).toBeLessThan(1e-12);
    expect(book.shown()).toContain(`customers: ${rows.length}`);
  }, 300_000);

  test("the forest knows its own rows better than new ones, and new ones better than chance", () => {
    const [, learned = 0, unseen = 0] = book.number(/areaUnderRoc: \{ learned: ([\d.]+), unseen: ([\d.]+) \}/);
    expect(unseen).toBeGreaterThan(0.6);
    expect(learned).toBeGreaterThan(unseen);
  });
});

describe("03-spark.ipynb", () => {
  const book = notebook("03-spark.ipynb");
  let theirs: Theirs;

  beforeAll(async () => {
    theirs = (await pyspark(ON_SPARK, book.data)) as Theirs;
  }, 600_000);

  test("no cell fails", () => expect(book.errors()).toEqual([]));

  test("the features are PySpark's, row by row", () => {
    expect(theirs.users).toBeGreaterThan(40_000);
    expect(theirs.differentFeatures).toBe(0);
  });

  test("without an order sessions come out negative", () => {
    expect(book.number(/negative: (\d+)/)[1]).toBeGreaterThan(0);
  });

  test("the model is PySpark's, bit for bit, and so is the one that was saved", () => {
    const shown = book.shown();
    expect(shown).toContain(`nodes: ${theirs.nodes}`);
    expect(shown).toContain(`featureImportances: [ ${theirs.importances.join(", ")} ]`);
    expect(theirs.differentPredictions).toBe(0);
    expect(shown).toMatch(/different: 0\b/);
  });

  test("the area under the curve is PySpark's to 1e-9, and better than chance", () => {
    const [, area = 0] = book.number(/areaUnderRoc: ([\d.]+)/);
    expect(Math.abs(area - theirs.area)).toBeLessThan(1e-9);
    expect(area).toBeGreaterThan(0.6);
  });
});

interface Theirs {
  readonly users: number;
  readonly differentFeatures: number;
  readonly importances: readonly number[];
  readonly nodes: number;
  readonly area: number;
  readonly differentPredictions: number;
}

const HYBRID = `
transactions = spark.read.parquet(given + "/transactions.parquet").repartition("customer_id")
customers = spark.read.parquet(given + "/customers.parquet")
spending = transactions.groupBy("customer_id").agg(F.sum("amount").alias("total_spent"), F.count("*").alias("transaction_count"))
result = spending.join(customers, "customer_id").orderBy("customer_id").toPandas().values.tolist()
result = [[int(a), b, int(c), int(d)] for a, b, c, d in result]
`;

/** The example with PySpark; then its model against the one that the notebook saved. */
const ON_SPARK = `
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.classification import RandomForestClassifier, RandomForestClassificationModel
from pyspark.ml.evaluation import BinaryClassificationEvaluator
result = {}
clicks = spark.read.json(given + "/clickstream.json", schema="user_id INT, timestamp STRING, page_view STRING, converted INT").repartition(200)
window = Window.partitionBy("user_id").orderBy("at").rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
features = (clicks.withColumn("at", F.to_timestamp("timestamp").cast("bigint"))
    .withColumn("session_duration", F.last("at").over(window) - F.first("at").over(window))
    .groupBy("user_id").agg(F.count("page_view").alias("total_views"), F.max("session_duration").alias("session_duration"), F.max("converted").alias("label"))).cache()
saved = spark.read.parquet(given + "/features.parquet")
result["users"] = saved.count()
result["differentFeatures"] = features.exceptAll(saved).count() + saved.exceptAll(features).count()
vectors = VectorAssembler(inputCols=["total_views", "session_duration"], outputCol="features").transform(saved)
train, test = vectors.randomSplit([0.8, 0.2], 42)
model = RandomForestClassifier(labelCol="label", featuresCol="features", numTrees=50, seed=42).fit(train)
predictions = model.transform(test)
result["importances"] = model.featureImportances
result["nodes"] = model.totalNumNodes
result["area"] = BinaryClassificationEvaluator(labelCol="label", metricName="areaUnderROC", numBins=0).evaluate(predictions)
keep = ["user_id", "prediction", F.col("rawPrediction").cast("string"), F.col("probability").cast("string")]
theirs = RandomForestClassificationModel.load(given + "/forest").transform(test)
result["differentPredictions"] = theirs.select(*keep).exceptAll(predictions.select(*keep)).count() + abs(theirs.count() - predictions.count())
`;

function labelled(spark: SparkSession, data: string): SparkDataFrame {
  const spending = spark.read
    .parquet(path.join(data, "transactions.parquet"))
    .repartition(F.col("customer_id"))
    .groupBy("customer_id")
    .agg(F.sum("amount").alias("total_spent"), F.count("*").alias("transaction_count"));
  return spending.join(spark.read.parquet(path.join(data, "customers.parquet")), "customer_id");
}

/** A notebook that runs in a folder of its own, on the run's server, which the environment names. */
function notebook(name: string) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-tutorial-"));
  const data = path.join(folder, "data");
  let cells: readonly Cell[] = [];

  beforeAll(async () => {
    mkdirSync(data);
    const target = path.join(folder, name);
    const spark = { SPARK_REMOTE: server.address, SPARK_CONNECT_AUTHENTICATE_TOKEN: server.token };
    const env = { ...(await jupyterEnvironment()), ...spark };
    await executeNotebook({ source: path.join(root, "notebooks", name), target, folder, timeoutSeconds: 280, env });
    cells = JSON.parse(readFileSync(target, "utf8")).cells;
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const outputs = () => cells.flatMap((cell) => cell.outputs ?? []);
  const shown = () =>
    outputs()
      .map(({ data }) => [data?.["text/plain"] ?? ""].flat().join(""))
      .join("\n");
  return {
    data,
    shown,
    errors: () => outputs().filter(({ output_type }) => output_type === "error"),
    number: (pattern: RegExp) => [...(pattern.exec(shown()) ?? [])].map(Number),
  };
}
