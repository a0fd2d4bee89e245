import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  BinaryClassificationEvaluator,
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  GBTClassifier,
  GBTRegressor,
  IndexToString,
  LinearRegression,
  LogisticRegression,
  MulticlassClassificationEvaluator,
  OneHotEncoder,
  RandomForestClassifier,
  RandomForestRegressor,
  RegressionEvaluator,
  type SparkDataFrame,
  SparkSession,
  StandardScaler,
  StringIndexer,
  VectorAssembler,
} from "../../../../src/index.ts";
import { ML_SQL, mlData } from "../../../support/ml-data.ts";
import { mlColumn } from "../../../support/ml-twins.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { sparkServer } from "../../../support/spark-server.ts";

/** What PySpark makes of the same data, each under the name of a test below. */
const SCRIPT = `
from pyspark.ml.feature import *
from pyspark.ml.classification import *
from pyspark.ml.regression import *
from pyspark.ml.evaluation import *
data = spark.sql(given)
rows = VectorAssembler(inputCols=["views", "duration"], outputCol="features").transform(data)
def column(frame, name):
    return [row[1] for row in sorted(frame.select("id", name).collect())]
def forest(model):
    return [model.featureImportances, model.totalNumNodes, model.treeWeights, model.getNumTrees, model.numFeatures, model.toDebugString.split("\\n", 1)[1]]
def tree(model):
    return [model.featureImportances, model.numNodes, model.depth, model.numFeatures, model.toDebugString.split("\\n", 1)[1]]
result = {}
model = RandomForestClassifier(numTrees=5, seed=42).fit(rows)
scored = model.transform(rows)
result["RandomForestClassifier"] = [forest(model), model.numClasses, column(scored, "prediction"), column(scored, "rawPrediction"), column(scored, "probability")]
result["areaUnderROC"] = BinaryClassificationEvaluator(numBins=0).evaluate(scored)
result["areaUnderPR"] = BinaryClassificationEvaluator(numBins=0, metricName="areaUnderPR").evaluate(scored)
model = RandomForestClassifier(labelCol="class", numTrees=5, seed=7, impurity="entropy", featureSubsetStrategy="log2", subsamplingRate=0.8).fit(rows)
scored = model.transform(rows)
result["three classes"] = [forest(model), model.numClasses, column(scored, "prediction")]
result["metrics"] = [MulticlassClassificationEvaluator(labelCol="class", metricName=name).evaluate(scored) for name in ["f1", "accuracy", "weightedPrecision", "logLoss", "recallByLabel"]]
model = RandomForestRegressor(labelCol="score", numTrees=5, seed=42).fit(rows)
scored = model.transform(rows)
result["RandomForestRegressor"] = [forest(model), column(scored, "prediction")]
result["errors"] = [RegressionEvaluator(labelCol="score", metricName=name).evaluate(scored) for name in ["rmse", "mse", "r2", "mae", "var"]]
model = DecisionTreeClassifier(maxDepth=3, seed=1).fit(rows)
result["DecisionTreeClassifier"] = [tree(model), column(model.transform(rows), "probability")]
model = DecisionTreeRegressor(labelCol="score", seed=1, varianceCol="spread").fit(rows)
result["DecisionTreeRegressor"] = [tree(model), column(model.transform(rows), "spread")]
model = GBTClassifier(maxIter=3, seed=1).fit(rows)
result["GBTClassifier"] = [forest(model), column(model.transform(rows), "rawPrediction")]
model = GBTRegressor(labelCol="score", maxIter=3, seed=1).fit(rows)
result["GBTRegressor"] = [forest(model), column(model.transform(rows), "prediction")]
model = LogisticRegression(regParam=0.01, elasticNetParam=0.5, maxIter=8).fit(rows)
result["LogisticRegression"] = [model.coefficients, model.intercept, model.coefficientMatrix.toArray().tolist(), model.interceptVector, model.numClasses, column(model.transform(rows), "probability")]
model = LogisticRegression(labelCol="class", maxIter=5).fit(rows)
result["multinomial"] = [model.coefficientMatrix.toArray().tolist(), model.interceptVector, model.numClasses, column(model.transform(rows), "prediction")]
model = LinearRegression(labelCol="score", regParam=0.1).fit(rows)
result["LinearRegression"] = [model.coefficients, model.intercept, column(model.transform(rows), "prediction")]
model = StandardScaler(inputCol="features", outputCol="scaled", withMean=True).fit(rows)
result["StandardScaler"] = [model.mean, model.std, column(model.transform(rows), "scaled")]
indexer = StringIndexer(inputCol="country", outputCol="index", stringOrderType="frequencyAsc").fit(rows)
encoder = OneHotEncoder(inputCols=["index"], outputCols=["one"], dropLast=False).fit(indexer.transform(rows))
result["StringIndexer"] = [indexer.labels, indexer.labelsArray, column(indexer.transform(rows), "index")]
result["OneHotEncoder"] = [encoder.categorySizes, column(encoder.transform(indexer.transform(rows)), "one")]
`;

// The first test may wait for all that PySpark makes meanwhile.
vi.setConfig({ testTimeout: 900_000 });

let spark: SparkSession;
let rows: SparkDataFrame;
let theirs: Promise<Record<string, unknown>>;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  rows = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" }).transform(
    await mlData(spark),
  );
  theirs = pyspark(SCRIPT, ML_SQL) as Promise<Record<string, unknown>>;
  theirs.catch(() => undefined);
}, 240_000);

afterAll(async () => {
  await spark?.stop();
});

describe("equal to PySpark's to the bit", () => {
  test("RandomForestClassifier", async () => {
    const model = await new RandomForestClassifier({ numTrees: 5, seed: 42 }).fit(rows);
    const scored = model.transform(rows);
    const columns = ["prediction", "rawPrediction", "probability"].map((name) => mlColumn(scored, name));
    const ours = [await forest(model), await model.numClasses, ...(await Promise.all(columns))];
    expect(ours).toEqual((await theirs).RandomForestClassifier);
    // The area under the curves with every distinct score.
    const roc = await new BinaryClassificationEvaluator({ numBins: 0 }).evaluate(scored);
    const pr = await new BinaryClassificationEvaluator({ numBins: 0, metricName: "areaUnderPR" }).evaluate(scored);
    expectClose([roc, pr], [(await theirs).areaUnderROC, (await theirs).areaUnderPR]);
    expect(roc).toBeGreaterThan(0.9);
  });

  test("RandomForestClassifier of three classes, with every choice made", async () => {
    const params = { labelCol: "class", numTrees: 5, seed: 7n, impurity: "entropy", subsamplingRate: 0.8 } as const;
    const model = await new RandomForestClassifier({ ...params, featureSubsetStrategy: "log2" }).fit(rows);
    const scored = model.transform(rows);
    expect([await forest(model), await model.numClasses, await mlColumn(scored, "prediction")]).toEqual(
      (await theirs)["three classes"],
    );
    const metrics = ["f1", "accuracy", "weightedPrecision", "logLoss", "recallByLabel"] as const;
    const values = [];
    for (const metricName of metrics)
      values.push(await new MulticlassClassificationEvaluator({ labelCol: "class", metricName }).evaluate(scored));
    expectClose(values, (await theirs).metrics);
  });

  test("RandomForestRegressor", async () => {
    const model = await new RandomForestRegressor({ labelCol: "score", numTrees: 5, seed: 42 }).fit(rows);
    const scored = model.transform(rows);
    expect([await forest(model), await mlColumn(scored, "prediction")]).toEqual((await theirs).RandomForestRegressor);
    const values = [];
    for (const metricName of ["rmse", "mse", "r2", "mae", "var"] as const)
      values.push(await new RegressionEvaluator({ labelCol: "score", metricName }).evaluate(scored));
    expectClose(values, (await theirs).errors);
  });

  test("decision trees", async () => {
    const classes = await new DecisionTreeClassifier({ maxDepth: 3, seed: 1 }).fit(rows);
    expect([await tree(classes), await mlColumn(classes.transform(rows), "probability")]).toEqual(
      (await theirs).DecisionTreeClassifier,
    );
    const numbers = await new DecisionTreeRegressor({ labelCol: "score", seed: 1, varianceCol: "spread" }).fit(rows);
    expect([await tree(numbers), await mlColumn(numbers.transform(rows), "spread")]).toEqual(
      (await theirs).DecisionTreeRegressor,
    );
  });

  test("boosted trees", async () => {
    const classes = await new GBTClassifier({ maxIter: 3, seed: 1 }).fit(rows);
    expect([await forest(classes), await mlColumn(classes.transform(rows), "rawPrediction")]).toEqual(
      (await theirs).GBTClassifier,
    );
    const numbers = await new GBTRegressor({ labelCol: "score", maxIter: 3, seed: 1 }).fit(rows);
    expect([await forest(numbers), await mlColumn(numbers.transform(rows), "prediction")]).toEqual(
      (await theirs).GBTRegressor,
    );
  });

  test("LogisticRegression of two and of three classes", async () => {
    const two = await new LogisticRegression({ regParam: 0.01, elasticNetParam: 0.5, maxIter: 8 }).fit(rows);
    expect([
      await two.coefficients,
      await two.intercept,
      await two.coefficientMatrix,
      await two.interceptVector,
      await two.numClasses,
      await mlColumn(two.transform(rows), "probability"),
    ]).toEqual((await theirs).LogisticRegression);
    const three = await new LogisticRegression({ labelCol: "class", maxIter: 5 }).fit(rows);
    expect([
      await three.coefficientMatrix,
      await three.interceptVector,
      await three.numClasses,
      await mlColumn(three.transform(rows), "prediction"),
    ]).toEqual((await theirs).multinomial);
    await expect(three.coefficients).rejects.toMatchObject({ message: expect.stringContaining("coefficientMatrix") });
  });

  test("LinearRegression", async () => {
    const model = await new LinearRegression({ labelCol: "score", regParam: 0.1 }).fit(rows);
    expect([
      await model.coefficients,
      await model.intercept,
      await mlColumn(model.transform(rows), "prediction"),
    ]).toEqual((await theirs).LinearRegression);
  });

  test("StandardScaler", async () => {
    const model = await new StandardScaler({ inputCol: "features", outputCol: "scaled", withMean: true }).fit(rows);
    expect([await model.mean, await model.std, await mlColumn(model.transform(rows), "scaled")]).toEqual(
      (await theirs).StandardScaler,
    );
  });

  test("StringIndexer, OneHotEncoder, and back to the words", async () => {
    const indexing = { inputCol: "country", outputCol: "index", stringOrderType: "frequencyAsc" } as const;
    const indexer = await new StringIndexer(indexing).fit(rows);
    const indexed = indexer.transform(rows);
    expect([await indexer.labels, await indexer.labelsArray, await mlColumn(indexed, "index")]).toEqual(
      (await theirs).StringIndexer,
    );
    const encoder = await new OneHotEncoder({ inputCols: ["index"], outputCols: ["one"], dropLast: false }).fit(
      indexed,
    );
    expect([await encoder.categorySizes, await mlColumn(encoder.transform(indexed), "one")]).toEqual(
      (await theirs).OneHotEncoder,
    );
    const back = new IndexToString({ inputCol: "index", outputCol: "word" }).transform(indexed);
    expect(await mlColumn(back, "word")).toEqual(await mlColumn(rows, "country"));
    const labels = new IndexToString({ inputCol: "index", outputCol: "word", labels: ["a", "b", "c", "d"] });
    expect(new Set(await mlColumn(labels.transform(indexed), "word"))).toEqual(new Set(["a", "b"]));
  });
});

/** Metrics are sums over partitions in the order in which these come. */
function expectClose(ours: readonly number[], others: unknown): void {
  expect(ours.length).toBe((others as number[]).length);
  for (const [i, value] of ours.entries()) expect(Math.abs(value - ((others as number[])[i] ?? 0))).toBeLessThan(1e-9);
}

interface Forest {
  readonly featureImportances: Promise<number[]>;
  readonly totalNumNodes: Promise<number>;
  readonly treeWeights: Promise<number[]>;
  readonly getNumTrees: Promise<number>;
  readonly numFeatures: Promise<number>;
  readonly toDebugString: Promise<string>;
}

async function forest(model: Forest): Promise<unknown[]> {
  const { featureImportances, totalNumNodes, treeWeights, getNumTrees, numFeatures } = model;
  const parts = await Promise.all([featureImportances, totalNumNodes, treeWeights, getNumTrees, numFeatures]);
  return [...parts, withoutTitle(await model.toDebugString)];
}

interface Tree extends Pick<Forest, "featureImportances" | "numFeatures" | "toDebugString"> {
  readonly numNodes: Promise<number>;
  readonly depth: Promise<number>;
}

async function tree(model: Tree): Promise<unknown[]> {
  const { featureImportances, numNodes, depth, numFeatures } = model;
  const parts = await Promise.all([featureImportances, numNodes, depth, numFeatures]);
  return [...parts, withoutTitle(await model.toDebugString)];
}

/** The title holds the model's unique name. */
function withoutTitle(text: string): string {
  return text.slice(text.indexOf("\n") + 1);
}
