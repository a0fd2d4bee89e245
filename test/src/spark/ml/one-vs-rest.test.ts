import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  LinearRegression,
  LinearSVC,
  LinearSVCModel,
  LogisticRegression,
  MultilayerPerceptronClassifier,
  OneVsRest,
  OneVsRestModel,
  ParamGridBuilder,
  Pipeline,
  PipelineModel,
  type ProgressEvent,
  type SparkDataFrame,
  SparkSession,
  VectorAssembler,
} from "../../../../src/index.ts";
import { expr } from "../../../../src/spark/functions/normal.ts";
import { withSettings } from "../../../../src/spark/ml/param-grid.ts";
import { ML_SQL } from "../../../support/ml-data.ts";
import { mlColumn } from "../../../support/ml-twins.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { sparkServer } from "../../../support/spark-server.ts";

const SQL = `SELECT * FROM (${ML_SQL}) WHERE id % 7 = 0`;
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-rest-"));
const at = (name: string) => path.join(folder, name);
const line = new LogisticRegression({ maxIter: 5, regParam: 0.1 });
const weighed = new OneVsRest({ classifier: line, labelCol: "class", weightCol: "duration", parallelism: 3 });
const pipeline = new Pipeline({
  stages: [
    new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" }),
    new OneVsRest({ classifier: new LinearSVC({ maxIter: 4 }), labelCol: "class", predictionCol: "kind" }),
  ],
});

// Each fit is a dozen jobs, beside a PySpark that starts.
vi.setConfig({ testTimeout: 300_000 });

let spark: SparkSession;
let data: SparkDataFrame;
let rows: SparkDataFrame;
let theirs: Record<string, unknown>;
let fitted: PipelineModel;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  data = await spark.sql(SQL);
  rows = (pipeline.stages[0] as VectorAssembler).transform(data);
  fitted = await pipeline.fit(data);
  await fitted.save(at("our-model"));
  await pipeline.write().session(spark).save(at("ours"));
  const script = `
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.classification import *
data = spark.sql(given["sql"])
assembler = VectorAssembler(inputCols=["views", "duration"], outputCol="features")
rows = assembler.transform(data)
def answers(frame, *names):
    out = sorted(frame.select("id", *names).collect(), key=lambda row: row["id"])
    return [[row[name] for row in out] for name in names]
rest = OneVsRest(classifier=LogisticRegression(maxIter=5, regParam=0.1), labelCol="class", weightCol="duration", parallelism=3)
weighed = rest.fit(rows)
fit = Pipeline(stages=[assembler, OneVsRest(classifier=LinearSVC(maxIter=4), labelCol="class", predictionCol="kind")]).fit(data)
rest.save(given["folder"] + "/their-rest")
fit.save(given["folder"] + "/their-model")
loaded = PipelineModel.load(given["folder"] + "/our-model")
again = Pipeline.load(given["folder"] + "/ours")
result = {
    "weighed": [[m.coefficients for m in weighed.models], [m.intercept for m in weighed.models], weighed.transform(rows).columns, *answers(weighed.transform(rows), "rawPrediction", "prediction")],
    "fit": answers(fit.transform(data), "rawPrediction", "kind"),
    "loaded": [loaded.stages[1].uid, len(loaded.stages[1].models), type(loaded.stages[1].getClassifier()).__name__, *answers(loaded.transform(data), "rawPrediction", "kind")],
    "again": [again.getStages()[1].getClassifier().getMaxIter(), again.getStages()[1].getParallelism(), *answers(again.fit(data).transform(data), "kind")],
}`;
  theirs = (await pyspark(script, { sql: SQL, folder })) as Record<string, unknown>;
}, 900_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true });
});

const answers = (
  model: { transform(frame: SparkDataFrame): SparkDataFrame },
  frame: SparkDataFrame,
  ...names: string[]
) => Promise.all(names.map((name) => mlColumn(model.transform(frame), name)));

test("a model for each class, weighed, and their scores are PySpark's", async () => {
  const events: ProgressEvent[] = [];
  await using model = await weighed.fit(rows, { onProgress: (event) => events.push(event) });
  expect(events.map(({ operation }) => operation)).toContain("fit LogisticRegression, class 3 of 3");
  expect(model.numClasses).toBe(3);
  expect([
    await Promise.all(model.models.map((one) => one.coefficients)),
    await Promise.all(model.models.map((one) => one.intercept)),
    await model.transform(rows).columns(),
    ...(await answers(model, rows, "rawPrediction", "prediction")),
  ]).toEqual(theirs.weighed);
  expect(await rows.storageLevel()).toMatchObject({ useMemory: false, useDisk: false });
  const renamed = model.copy({ predictionCol: "guess", rawPredictionCol: "scores" });
  expect(await answers(renamed, rows, "scores", "guess")).toEqual((theirs.weighed as unknown[]).slice(3));
});

test("within a pipeline it goes to PySpark and comes from there, fitted or not", async () => {
  const ours = await answers(fitted, data, "rawPrediction", "kind");
  expect(ours).toEqual(theirs.fit);
  expect(theirs.loaded).toEqual([pipeline.stages[1]?.uid, 3, "LinearSVC", ...ours]);
  expect(theirs.again).toEqual([4, 1, ours[1]]);
  for (const name of ["their-model", "our-model"]) {
    const loaded = await PipelineModel.load(spark, at(name));
    expect(await answers(loaded, data, "rawPrediction", "kind"), name).toEqual(ours);
    const { models, params } = loaded.stages[1] as OneVsRestModel;
    expect(models.map((model) => model instanceof LinearSVCModel)).toEqual([true, true, true]);
    expect(params).toMatchObject({ labelCol: "class", predictionCol: "kind" });
  }
  const rest = await OneVsRest.load(spark, at("their-rest"));
  expect([rest.params, (rest.classifier as LogisticRegression).params.regParam]).toEqual([
    { ...weighed.params, ...rest.params },
    0.1,
  ]);
  await expect(OneVsRestModel.load(spark, at("their-rest"))).rejects.toMatchObject({
    hint: "load it with OneVsRest.load",
  });
});

test("a grid names it and its classifier, also within a pipeline", () => {
  const whole = new Pipeline({ stages: [weighed] });
  const [map = []] = new ParamGridBuilder().addGrid(line, "maxIter", [9]).addGrid(weighed, "parallelism", [1]).build();
  const [set] = withSettings(whole, map).stages as [OneVsRest];
  expect([set.uid, set.params.parallelism]).toEqual([weighed.uid, 1]);
  expect((set.classifier as LogisticRegression).params).toEqual({ maxIter: 9, regParam: 0.1 });
});

test("labels that are texts are counted as numbers", async () => {
  const texts = rows.withColumn("class", expr("if(class = 2, '10', if(class = 1, '9', '0'))"));
  await using model = await new OneVsRest({ classifier: line, labelCol: "class" }).fit(texts);
  expect(model.numClasses).toBe(11);
});

test("the freed models answer no more; what it cannot learn from is told", async () => {
  const model = await pipeline.fit(data);
  await model.delete();
  expect(() => model.transform(data)).toThrow(expect.objectContaining({ code: "E_ML_FREED" }));
  await expect(weighed.fit(rows.limit(0))).rejects.toMatchObject({
    code: "E_ML_LABELS",
    message: '"class" holds no class',
  });
  for (const label of ["class + 0.5", "if(id % 14 = 0, double('NaN'), class)"])
    await expect(weighed.fit(rows.withColumn("class", expr(label)))).rejects.toMatchObject({
      code: "E_ML_LABELS",
      message: '"class" holds labels that are no whole numbers',
    });
  expect(() => new OneVsRest({ classifier: new LinearRegression() })).toThrow(/needs classifier/);
  // @ts-expect-error as JavaScript lets it be written
  expect(() => new OneVsRest({})).toThrow(/needs classifier/);
  const classifier = new MultilayerPerceptronClassifier({ layers: [2, 2] });
  expect(() => new OneVsRest({ classifier, weightCol: "duration" })).toThrow(/takes no weights/);
});
