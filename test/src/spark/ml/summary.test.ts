import { create } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MlCommand_DeleteSchema } from "#spark-proto/mlcommands";
import {
  LinearRegression,
  LogisticRegression,
  LogisticRegressionModel,
  RandomForestClassifier,
  type SparkDataFrame,
  SparkSession,
  VectorAssembler,
} from "../../../../src/index.ts";
import { SparkClient } from "../../../../src/spark/connect/client.ts";
import { ModelRef } from "../../../../src/spark/ml/model-ref.ts";
import { clientOf } from "../../../../src/spark/session.ts";
import { ML_SQL, mlData } from "../../../support/ml-data.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { sparkServer } from "../../../support/spark-server.ts";

// Some fits, beside a PySpark that starts.
vi.setConfig({ testTimeout: 240_000 });

let spark: SparkSession;
let rows: SparkDataFrame;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  const assembler = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" });
  rows = await assembler.transform(await mlData(spark)).persist();
}, 240_000);

afterAll(() => spark?.stop());

test("summaries of fits are PySpark's", async () => {
  const theirs = (await pyspark(
    `
from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
rows = VectorAssembler(inputCols=["views", "duration"], outputCol="features").transform(spark.sql(given)).persist()
two = LogisticRegression(maxIter=5).fit(rows).summary
three = LogisticRegression(maxIter=3, labelCol="class").fit(rows).summary
forest = RandomForestClassifier(numTrees=3, maxDepth=3, seed=42).fit(rows).summary
line = LinearRegression(labelCol="score").fit(rows).summary
some = rows.filter("views > 7")
measured = [RandomForestClassifier(numTrees=3, maxDepth=3, seed=42).fit(rows).evaluate(some), LinearRegression(labelCol="score").fit(rows).evaluate(some)]
result = {
    "two": [two.accuracy, two.areaUnderROC, two.objectiveHistory, two.totalIterations, two.fMeasureByLabel(2.0), list(two.roc.agg(F.min("FPR"), F.max("TPR")).first()), two.predictions.count()],
    "three": [three.labels, three.recallByLabel, three.weightedFMeasure()],
    "forest": [forest.accuracy, forest.precisionByLabel],
    "measured": [measured[0].accuracy, measured[0].predictions.count(), measured[1].meanAbsoluteError, measured[1].numInstances],
    "line": [line.r2, line.rootMeanSquaredError, line.pValues, line.numInstances, line.residuals.agg(F.min("residuals")).first()[0]],
}`,
    ML_SQL,
  )) as Record<string, unknown>;
  const two = (await new LogisticRegression({ maxIter: 5 }).fit(rows)).summary;
  const three = (await new LogisticRegression({ maxIter: 3, labelCol: "class" }).fit(rows)).summary;
  const trees = await new RandomForestClassifier({ numTrees: 3, maxDepth: 3, seed: 42 }).fit(rows);
  const regression = await new LinearRegression({ labelCol: "score" }).fit(rows);
  const [forest, line] = [trees.summary, regression.summary];
  expect([
    await two.accuracy,
    near(await two.areaUnderROC),
    (await two.objectiveHistory).map(near),
    await two.totalIterations,
    await two.fMeasureByLabel(2),
    Object.values((await two.roc.selectExpr("min(FPR)", "max(TPR)").collect())[0] ?? {}),
    await two.predictions.count(),
  ]).toEqual(theirs.two);
  expect([await three.labels, await three.recallByLabel, await three.weightedFMeasure()]).toEqual(theirs.three);
  expect([await forest.accuracy, await forest.precisionByLabel]).toEqual(theirs.forest);
  const some = rows.filter("views > 7");
  const [classes, numbers] = [await trees.evaluate(some), await regression.evaluate(some)];
  expect([
    await classes.accuracy,
    await classes.predictions.count(),
    near(await numbers.meanAbsoluteError),
    await numbers.numInstances,
  ]).toEqual(theirs.measured);
  const [least] = await line.residuals.selectExpr("min(residuals) AS least").collect<{ least: number }>();
  expect([
    near(await line.r2),
    near(await line.rootMeanSquaredError),
    (await line.pValues).map(near),
    await line.numInstances,
    near(least?.least as number),
  ]).toEqual(theirs.line);
});

test("a summary that the server lost is made again while the rows of the fit are there", async () => {
  const asked = vi.spyOn(SparkClient.prototype, "ml");
  const assembler = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" });
  await spark.sql(`CREATE TEMP VIEW trained AS ${ML_SQL}`);
  const model = await new LogisticRegression({ maxIter: 2 }).fit(assembler.transform(spark.table("trained")));
  const fitted = await asked.mock.results[0]?.value;
  const { summary } = model;
  const accuracy = await summary.accuracy;
  expect(accuracy).toBeGreaterThan(0.5);
  await moveToDisk(fitted.resultType.value.type.value.id);
  expect(await summary.roc.count()).toBeGreaterThan(2);
  await moveToDisk(fitted.resultType.value.type.value.id);
  expect(await summary.accuracy).toBe(accuracy);
  expect(asked.mock.calls.filter(([{ command }]) => command?.case === "createSummary")).toHaveLength(1);
  asked.mockRestore();

  await moveToDisk(fitted.resultType.value.type.value.id);
  await spark.sql("DROP VIEW trained");
  await expect(summary.accuracy).rejects.toMatchObject({
    code: "E_ML_NO_SUMMARY",
    message: expect.stringContaining("`trained`"),
  });
  await model.delete();
  expect(() => model.summary).toThrow(expect.objectContaining({ code: "E_ML_FREED" }));
});

/** What a server does by itself with models that nobody used for a while: `evict_only`, which nobody else needs to say. */
async function moveToDisk(id: string): Promise<void> {
  const value = create(MlCommand_DeleteSchema, { objRefs: [{ id }] });
  value.$unknown = [{ no: 2, wireType: WireType.Varint, data: Uint8Array.of(1) }];
  await clientOf(spark).ml({ command: { case: "delete", value } });
}

test("a model that was loaded has none, and says so", () => {
  const loaded = new LogisticRegressionModel(
    new ModelRef(clientOf(spark), "an-id", "LogisticRegressionModel"),
    {},
    "uid",
  );
  expect(() => loaded.summary).toThrow(expect.objectContaining({ code: "E_ML_NO_SUMMARY" }));
});

/** Sums over partitions come in an order of their own. */
function near(value: number): unknown {
  return expect.closeTo(value, 6);
}
