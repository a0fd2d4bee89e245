import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  BinaryClassificationEvaluator,
  CrossValidator,
  LogisticRegression,
  ParamGridBuilder,
  Pipeline,
  RandomForestClassifier,
  RegressionEvaluator,
  type SparkDataFrame,
  SparkSession,
  TrainValidationSplit,
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
const grid = new ParamGridBuilder().addGrid(forest, "maxDepth", [1, 4]).baseOn(forest, "minInfoGain", 0.01).build();

// Models by the dozen, beside a PySpark that starts.
vi.setConfig({ testTimeout: 300_000 });

let spark: SparkSession;
let data: SparkDataFrame;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  data = await mlData(spark);
}, 240_000);

afterAll(() => spark?.stop());

describe("held against PySpark", () => {
  let theirs: Record<string, unknown>;

  beforeAll(async () => {
    const script = `
from pyspark.ml import Pipeline
from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
data = spark.sql(given["sql"])
forest = RandomForestClassifier(numTrees=3, seed=42)
pipeline = Pipeline(stages=[VectorAssembler(inputCols=["views", "duration"], outputCol="features"), forest])
grid = ParamGridBuilder().addGrid(forest.maxDepth, [1, 4]).baseOn({forest.minInfoGain: 0.01}).build()
how = dict(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(numBins=0))
def answers(model):
    return [list(row) for row in model.transform(data).orderBy("id").select("prediction", "rawPrediction").collect()]
crossed = CrossValidator(numFolds=3, seed=42, **how).fit(data)
named = CrossValidator(numFolds=2, foldCol="fold", **how).fit(data.withColumn("fold", (F.col("id") % 2).cast("int")))
split = TrainValidationSplit(trainRatio=0.7, seed=7, **how).fit(data)
result = {
    "crossed": [crossed.avgMetrics, crossed.stdMetrics, answers(crossed)],
    "named": [named.avgMetrics, named.stdMetrics],
    "split": [split.validationMetrics, answers(split)],
}`;
    theirs = (await pyspark(script, { sql: ML_SQL })) as Record<string, unknown>;
  }, 300_000);

  test("cross validation draws the same folds, measures the same and chooses the same", async () => {
    const validator = new CrossValidator({
      estimator: pipeline,
      estimatorParamMaps: grid,
      evaluator,
      seed: 42,
      parallelism: 2,
    });
    const model = await validator.fit(data);
    const [average, deviation, predictions] = theirs.crossed as [number[], number[], unknown];
    near(model.avgMetrics, average);
    near(model.stdMetrics, deviation);
    expect(new Set(average).size).toBeGreaterThan(1);
    expect(await answers(model)).toEqual(predictions);
  });

  test("folds that a column names", async () => {
    const validator = new CrossValidator({
      estimator: pipeline,
      estimatorParamMaps: grid,
      evaluator,
      numFolds: 2,
      foldCol: "fold",
    });
    const model = await validator.fit(data.selectExpr("*", "CAST(id % 2 AS INT) AS fold"));
    const [average, deviation] = theirs.named as [number[], number[]];
    near(model.avgMetrics, average);
    near(model.stdMetrics, deviation);
    const third = new CrossValidator({ ...validator.options, numFolds: 3 });
    await expect(third.fit(data.selectExpr("*", "CAST(id % 2 AS INT) AS fold"))).rejects.toMatchObject({
      code: "E_ML_FOLD",
      message: 'fold 2 of "fold" has no rows to measure by',
    });
  });

  test("one split", async () => {
    const split = new TrainValidationSplit({
      estimator: pipeline,
      estimatorParamMaps: grid,
      evaluator,
      trainRatio: 0.7,
      seed: 7,
    });
    const model = await split.fit(data);
    const [metrics, predictions] = theirs.split as [number[], unknown];
    near(model.validationMetrics, metrics);
    expect(await answers(model)).toEqual(predictions);
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

function answers(model: { transform(frame: SparkDataFrame): SparkDataFrame }): Promise<unknown[]> {
  const rows = model.transform(data).orderBy("id").select("prediction", "rawPrediction").collect();
  return rows.then((all) => all.map(({ prediction, rawPrediction }) => [prediction, rawPrediction]));
}

/** Averages are added in an order of its own by numpy. */
function near(ours: readonly number[], theirs: readonly number[]): void {
  expect(ours).toHaveLength(theirs.length);
  for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(theirs[i] as number, 9);
}
