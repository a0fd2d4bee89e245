import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  OneHotEncoder,
  Pipeline,
  PipelineModel,
  type ProgressEvent,
  RandomForestClassificationModel,
  RandomForestClassifier,
  type SparkDataFrame,
  SparkSession,
  StandardScaler,
  StringIndexer,
  VectorAssembler,
} from "../../../../src/index.ts";
import { ML_SQL, mlData } from "../../../support/ml-data.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { sparkServer } from "../../../support/spark-server.ts";

const STAGES = `
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import *
from pyspark.ml.classification import *
data = spark.sql(given["sql"])
def answers(model):
    return [list(row) for row in model.transform(data).orderBy("id").select("prediction", "probability").collect()]
`;

const words = new Pipeline({
  stages: [
    new StringIndexer({ inputCol: "country", outputCol: "index" }),
    new OneHotEncoder({ inputCol: "index", outputCol: "where" }),
  ],
});
const pipeline = new Pipeline({
  stages: [
    words,
    new VectorAssembler({ inputCols: ["views", "duration", "where"], outputCol: "raw" }),
    new StandardScaler({ inputCol: "raw", outputCol: "features" }),
    new RandomForestClassifier({ numTrees: 3, seed: 42 }),
  ],
});

// Saving and loading are jobs by the dozen, beside a PySpark that starts.
vi.setConfig({ testTimeout: 240_000 });

let spark: SparkSession;
let data: SparkDataFrame;
let folder: string;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  data = await mlData(spark);
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-pipeline-"));
}, 240_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a pipeline within a pipeline is fitted, saved, loaded here, and loaded by PySpark, with equal predictions", async () => {
  const model = await pipeline.fit(data);
  const expected = await answers(model);
  const there = path.join(folder, "fitted");
  await model.save(there);
  const loaded = await PipelineModel.load(spark, there);
  expect(loaded.uid).toBe(pipeline.uid);
  expect(loaded.stages.map(({ uid }) => uid)).toEqual(pipeline.stages.map(({ uid }) => uid));
  expect(loaded.stages.at(-1)).toBeInstanceOf(RandomForestClassificationModel);
  expect(await answers(loaded)).toEqual(expected);
  const theirs = await pyspark(
    `${STAGES}
stages = [
    StringIndexer(inputCol="country", outputCol="index"), OneHotEncoder(inputCol="index", outputCol="where"),
    VectorAssembler(inputCols=["views", "duration", "where"], outputCol="raw"),
    StandardScaler(inputCol="raw", outputCol="features"), RandomForestClassifier(numTrees=3, seed=42),
]
result = [answers(PipelineModel.load(given["path"])), answers(Pipeline(stages=stages).fit(data))]
`,
    { path: there, sql: ML_SQL },
  );
  expect(theirs).toEqual([expected, expected]);
});

test("what PySpark saved is loaded here, fitted or not", async () => {
  const [fitted, plain] = [path.join(folder, "theirs"), path.join(folder, "theirs-unfitted")];
  const theirs = await pyspark(
    `${STAGES}
pipeline = Pipeline(stages=[Pipeline(stages=[VectorAssembler(inputCols=["views", "duration"], outputCol="features")]), LogisticRegression(maxIter=5)])
pipeline.write().save(given["plain"])
model = pipeline.fit(data)
model.write().save(given["fitted"])
result = answers(model)
`,
    { fitted, plain, sql: ML_SQL },
  );
  expect(await answers(await PipelineModel.load(spark, fitted))).toEqual(theirs);
  const loaded = await Pipeline.load(spark, plain);
  expect(await answers(await loaded.fit(data))).toEqual(theirs);
});

test("a pipeline is replaced only when that is said, and an unfitted one goes there and back", async () => {
  const there = path.join(folder, "unfitted");
  await pipeline.write().session(spark).save(there);
  await expect(pipeline.write().session(spark).save(there)).rejects.toMatchObject({
    code: "E_SPARK_PATH_ALREADY_EXISTS",
    hint: expect.stringContaining("of a pipeline write().overwrite().save(path)"),
  });
  await words.write().session(spark).overwrite().save(there);
  const loaded = await Pipeline.load(spark, there);
  expect(loaded.uid).toBe(words.uid);
  expect(loaded.stages.map((stage) => "params" in stage && stage.params)).toEqual([
    { inputCol: "country", outputCol: "index" },
    { inputCol: "index", outputCol: "where" },
  ]);
  await expect(PipelineModel.load(spark, there)).rejects.toMatchObject({
    code: "E_ML_NOT_SAVED",
    hint: "load it with Pipeline.load",
  });
});

test("a fit tells of its stages; one that fails frees what it had, and says which column", async () => {
  const events: ProgressEvent[] = [];
  await words.fit(data, { onProgress: (event) => events.push(event) });
  expect(events.map(({ operation }) => operation)).toContain("fit StringIndexer, stage 1 of 2");
  const broken = new Pipeline({ stages: [words, new RandomForestClassifier({ featuresCol: "nope" })] });
  await expect(broken.fit(data)).rejects.toMatchObject({
    code: "E_SPARK_FIELD_NOT_FOUND",
    message: expect.stringContaining("nope"),
  });
});

test("models of a pipeline are freed together", async () => {
  const model = await words.fit(data);
  const scored = model.transform(data);
  await model.delete();
  await expect(scored.count()).rejects.toMatchObject({ code: "E_SPARK_CONNECT_ML_CACHE_INVALID" });
  expect(() => model.transform(data)).toThrow(expect.objectContaining({ code: "E_ML_FREED" }));
});

async function answers(model: PipelineModel): Promise<unknown[][]> {
  await model.transform(data).createOrReplaceTempView("scored");
  const scored = await spark.sql("SELECT prediction, probability FROM scored ORDER BY id");
  return (await scored.collect()).map(({ prediction, probability }) => [prediction, probability]);
}
