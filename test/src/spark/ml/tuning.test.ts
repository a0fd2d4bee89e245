import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  BinaryClassificationEvaluator,
  CrossValidator,
  CrossValidatorModel,
  LinearRegression,
  LogisticRegression,
  ParamGridBuilder,
  Pipeline,
  RandomForestClassifier,
  RegressionEvaluator,
  type SparkDataFrame,
  SparkSession,
  TrainValidationSplit,
  TrainValidationSplitModel,
  VectorAssembler,
} from "../../../../src/index.ts";
import { SparkClient } from "../../../../src/spark/connect/client.ts";
import { clientOf } from "../../../../src/spark/session.ts";
import { ML_SQL, mlData } from "../../../support/ml-data.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { sparkServer } from "../../../support/spark-server.ts";

const assembler = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" });
const forest = new RandomForestClassifier({ numTrees: 3, seed: 42 });
const pipeline = new Pipeline({ stages: [assembler, forest] });
const evaluator = new BinaryClassificationEvaluator({ numBins: 0 });

// Some fits, beside a PySpark that starts.
vi.setConfig({ testTimeout: 300_000 });

let spark: SparkSession;
let data: SparkDataFrame;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  data = await mlData(spark);
}, 240_000);

afterAll(() => spark?.stop());

/** A line by the normal equations is one job a fit, where a forest is one a level. */
describe("held against PySpark", () => {
  const line = new LinearRegression({ labelCol: "score", solver: "normal" });
  const estimatorParamMaps = new ParamGridBuilder()
    .addGrid(line, "regParam", [8, 0.5])
    .baseOn(line, "standardization", false)
    .build();
  const how = {
    estimator: new Pipeline({ stages: [assembler, line] }),
    estimatorParamMaps,
    evaluator: new RegressionEvaluator({ labelCol: "score", metricName: "r2" }),
  };
  const FOLD = "CAST(id % 2 AS INT) AS fold";
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-tuning-"));
  const at = (name: string) => path.join(folder, name);
  const validator = new CrossValidator({ ...how, numFolds: 2, seed: 42, parallelism: 2, collectSubModels: true });
  const splitter = new TrainValidationSplit({ ...how, trainRatio: 0.7, seed: 7 });
  let theirs: Record<string, unknown>;
  let model: CrossValidatorModel;

  beforeAll(async () => {
    model = await validator.fit(data);
    await model.save(at("our-model"));
    await splitter.write().session(spark).save(at("our-split"));
    const script = `
from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import *
data = spark.sql(given["sql"])
line = LinearRegression(labelCol="score", solver="normal")
pipeline = Pipeline(stages=[VectorAssembler(inputCols=["views", "duration"], outputCol="features"), line])
grid = ParamGridBuilder().addGrid(line.regParam, [8.0, 0.5]).baseOn({line.standardization: False}).build()
how = dict(estimator=pipeline, estimatorParamMaps=grid, evaluator=RegressionEvaluator(labelCol="score", metricName="r2"))
def answers(model):
    return [row[0] for row in model.transform(data).orderBy("id").limit(50).select("prediction").collect()]
crossed = CrossValidator(numFolds=2, seed=42, **how).fit(data)
named = CrossValidator(numFolds=2, foldCol="fold", **{**how, "estimatorParamMaps": grid[1:]}).fit(data.selectExpr("*", given["fold"]))
split = TrainValidationSplit(trainRatio=0.7, seed=7, collectSubModels=True, **how).fit(data)
CrossValidator(numFolds=3, seed=2**60 + 1, **how).save(given["folder"] + "/their-search")
crossed.save(given["folder"] + "/their-model")
split.save(given["folder"] + "/their-split")
loaded = CrossValidatorModel.load(given["folder"] + "/our-model")
again = TrainValidationSplit.load(given["folder"] + "/our-split")
result = {
    "loaded": [loaded.avgMetrics, loaded.stdMetrics, answers(loaded), answers(loaded.subModels[1][1]), loaded.getNumFolds(), loaded.getSeed(), len(loaded.getEstimatorParamMaps())],
    "fitted again": [again.getTrainRatio(), again.getSeed(), again.fit(data).validationMetrics],
    "crossed": [crossed.avgMetrics, crossed.stdMetrics, answers(crossed)],
    "named": [named.avgMetrics, named.stdMetrics],
    "split": [split.validationMetrics, answers(split)],
}`;
    theirs = (await pyspark(script, { sql: ML_SQL, fold: FOLD, folder })) as Record<string, unknown>;
  }, 900_000);

  afterAll(async () => {
    await model?.delete();
    rmSync(folder, { recursive: true });
  });

  test("cross validation draws the same folds, measures the same and chooses the same", async () => {
    const [average, deviation, predictions] = theirs.crossed as [number[], number[], number[]];
    near(model.avgMetrics, average);
    near(model.stdMetrics, deviation);
    const [much, little] = average as [number, number];
    expect(little).toBeGreaterThan(much + 1e-6);
    near(await answers(model), predictions);
  });

  test("folds that a column names", async () => {
    const one = { ...how, estimatorParamMaps: estimatorParamMaps.slice(1) };
    const folded = data.selectExpr("*", FOLD);
    await using model = await new CrossValidator({ ...one, numFolds: 2, foldCol: "fold" }).fit(folded);
    const [average, deviation] = theirs.named as [number[], number[]];
    near(model.avgMetrics, average);
    near(model.stdMetrics, deviation);
    const third = new CrossValidator({ ...one, numFolds: 3, foldCol: "fold" });
    await expect(third.fit(folded)).rejects.toMatchObject({
      code: "E_ML_FOLD",
      message: 'fold 2 of "fold" has no rows to measure by',
    });
  });

  test("one split", async () => {
    await using model = await splitter.fit(data);
    const [metrics, predictions] = theirs.split as [number[], number[]];
    near(model.validationMetrics, metrics);
    near(await answers(model), predictions);
  });

  test("PySpark loads what was saved here, models of trials too, and searches on with it", async () => {
    const [average, deviation, best, other, ...settings] = theirs.loaded as [number[], number[], number[], number[]];
    near(model.avgMetrics, average);
    near(model.stdMetrics, deviation);
    near(await answers(model), best);
    near(await answers(model.subModels?.[1]?.[1] ?? expect.fail("no model was kept")), other);
    expect(settings).toEqual([2, 42, 2]);
    const [ratio, seed, metrics] = theirs["fitted again"] as [number, number, number[]];
    expect([ratio, seed]).toEqual([0.7, 7]);
    near(metrics, (theirs.split as [number[]])[0]);
  });

  test("what PySpark saved is loaded here, and saved again", async () => {
    const search = await CrossValidator.load(spark, at("their-search"));
    expect(search.options).toMatchObject({ numFolds: 3, seed: 2n ** 60n + 1n, collectSubModels: false });
    expect(search.options.estimatorParamMaps.map((map) => map.map(({ name, value }) => [name, value]))).toEqual([
      [["regParam", 8], ["standardization", false]], // biome-ignore format: a row for each of the settings
      [
        ["regParam", 0.5],
        ["standardization", false],
      ],
    ]);
    const crossed = await CrossValidatorModel.load(spark, at("their-model"));
    const [average, deviation, predictions] = theirs.crossed as [number[], number[], number[]];
    expect([crossed.avgMetrics, crossed.stdMetrics, crossed.subModels]).toEqual([average, deviation, undefined]);
    near(await answers(crossed), predictions);
    const split = await TrainValidationSplitModel.load(spark, at("their-split"));
    expect(split.subModels).toHaveLength(2);
    await split.write().option("persistSubModels", false).save(at("their-split-again"));
    const again = await TrainValidationSplitModel.load(spark, at("their-split-again"));
    expect([again.validationMetrics, again.subModels, again.uid]).toEqual([
      split.validationMetrics,
      undefined,
      split.uid,
    ]);
    await expect(again.save(at("their-split-again"))).rejects.toMatchObject({ name: "EngineError" });
    await again.write().overwrite().save(at("their-split-again"));
    await expect(CrossValidator.load(spark, at("their-split"))).rejects.toMatchObject({
      code: "E_ML_NOT_SAVED",
      message: expect.stringContaining("tuning.TrainValidationSplitModel, not a tuning.CrossValidator"),
    });
    await Promise.all([crossed, split, again].map((one) => one.delete()));
  });
});

test("a smaller error is the better one, and models are kept when that is wanted and freed with the rest", async () => {
  const frame = assembler.transform(data);
  const regression = new LogisticRegression({ maxIter: 3 });
  const maps = new ParamGridBuilder()
    .baseOn(regression, "standardization", false)
    .addGrid(regression, "regParam", [5, 0])
    .build();
  const before = await models();
  const split = new TrainValidationSplit({
    estimator: regression,
    estimatorParamMaps: maps,
    evaluator: new RegressionEvaluator({ labelCol: "label" }),
    seed: 1,
    collectSubModels: true,
  });
  const model = await split.fit(frame);
  const [much, none] = model.validationMetrics as [number, number];
  expect(none).toBeLessThan(much);
  expect((model.bestModel as unknown as { params: object }).params).toMatchObject({
    regParam: 0,
    standardization: false,
  });
  expect(model.subModels).toHaveLength(2);
  expect(await models()).toBe(before + 3);
  await model.delete();
  expect(await models()).toBe(before);
});

test("a trial that fails ends the others, and leaves neither models nor cached rows", async () => {
  const before = await models();
  const asked = vi.spyOn(SparkClient.prototype, "analyze");
  const wrong = new RandomForestClassifier({ labelCol: "nope", numTrees: 2 });
  const estimator = new Pipeline({ stages: [assembler, wrong] });
  const maps = new ParamGridBuilder().addGrid(wrong, "maxDepth", [1, 2, 3]).build();
  const validator = new CrossValidator({ estimator, estimatorParamMaps: maps, evaluator, parallelism: 2, seed: 1 });
  await expect(validator.fit(data)).rejects.toMatchObject({ message: expect.stringContaining("nope") });
  expect(await models()).toBe(before);
  const questions = asked.mock.calls
    .map(([question]) => String(question))
    .filter((question) => /persist/.test(question));
  expect(questions).toEqual(["persist", "persist", "unpersist", "unpersist"]);
  asked.mockRestore();
});

describe("a grid", () => {
  test("is every combination, the last parameter fastest; said again, values replace", () => {
    const built = new ParamGridBuilder()
      .addGrid(forest, "maxDepth", [9])
      .addGrid(forest, "numTrees", [1, 2])
      .addGrid(forest, "maxDepth", [3, 4])
      .build();
    expect(built.map((map) => map.map(({ name, value }) => `${name}=${value}`).join())).toEqual([
      "maxDepth=3,numTrees=1",
      "maxDepth=3,numTrees=2",
      "maxDepth=4,numTrees=1",
      "maxDepth=4,numTrees=2",
    ]);
    expect(new ParamGridBuilder().build()).toEqual([[]]);
  });

  test("knows what a parameter takes, and what is fitted", () => {
    const builder = new ParamGridBuilder();
    expect(() => builder.addGrid(forest, "maxDepth", [-1])).toThrow(
      /RandomForestClassifier does not take maxDepth: -1/,
    );
    expect(() => builder.addGrid(forest, "maxDepht" as "maxDepth", [1])).toThrow(/no parameter "maxDepht"/);
    expect(() => builder.addGrid(forest, "maxDepth", [])).toThrow(/no values for maxDepth/);
    const other = new LogisticRegression();
    const maps = builder.addGrid(other, "regParam", [1]).build();
    expect(() => new CrossValidator({ estimator: pipeline, estimatorParamMaps: maps, evaluator })).toThrow(
      `${other.uid} is no part of ${pipeline.uid}`,
    );
    expect(() => new CrossValidator({ estimator: pipeline, estimatorParamMaps: [], evaluator })).toThrow(
      /no settings to try/,
    );
  });
});

async function models(): Promise<number> {
  const result = await clientOf(spark).ml({ command: { case: "getCacheInfo", value: {} } });
  if (result?.resultType.case !== "param" || result.resultType.value.literalType.case !== "array") return 0;
  return result.resultType.value.literalType.value.elements.length;
}

async function answers(model: { transform(frame: SparkDataFrame): SparkDataFrame }): Promise<number[]> {
  const rows = model.transform(data).orderBy("id").limit(50).select("prediction");
  return (await rows.collect<{ prediction: number }>()).map(({ prediction }) => prediction);
}

/** Sums over partitions, and numpy's, come in an order of their own. */
function near(ours: readonly number[], theirs: readonly number[]): void {
  expect(ours).toHaveLength(theirs.length);
  for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(theirs[i] as number, 9);
}
