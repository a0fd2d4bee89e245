import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  BinaryClassificationEvaluator,
  LogisticRegressionModel,
  type ProgressEvent,
  RandomForestClassificationModel,
  RandomForestClassifier,
  type SparkDataFrame,
  SparkSession,
  VectorAssembler,
} from "../../../../src/index.ts";
import { readMlLiteral } from "../../../../src/spark/ml/values.ts";
import { clientOf } from "../../../../src/spark/session.ts";
import { ML_SQL, mlData } from "../../../support/ml-data.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { type SparkServer, sparkServer } from "../../../support/spark-server.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const forest = new RandomForestClassifier({ numTrees: 3, maxDepth: 3, seed: 42 });
const assembler = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" });

// Saving and loading are jobs by the dozen, beside a PySpark that starts.
vi.setConfig({ testTimeout: 240_000 });

let server: SparkServer;
let spark: SparkSession;
let rows: SparkDataFrame;
let folder: string;

beforeAll(async () => {
  server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  rows = await assembler.transform(await mlData(spark)).persist();
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-ml-"));
}, 240_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("save and load", () => {
  test("a loaded model predicts the same, here and in PySpark, and knows its parameters", async () => {
    const model = await forest.fit(rows);
    const there = path.join(folder, "forest");
    await model.save(there);
    const loaded = await RandomForestClassificationModel.load(spark, there);
    expect([loaded.uid, loaded.params]).toEqual([forest.uid, { numTrees: 3, maxDepth: 3, seed: 42 }]);
    const before = await predictions(model.transform(rows));
    expect(await predictions(loaded.transform(rows))).toEqual(before);
    const script = `
from pyspark.ml.classification import RandomForestClassificationModel
from pyspark.ml.feature import VectorAssembler
rows = VectorAssembler(inputCols=["views", "duration"], outputCol="features").transform(spark.sql(given["sql"]))
model = RandomForestClassificationModel.load(given["path"])
result = [model.uid, [list(row) for row in model.transform(rows).orderBy("id").select("prediction", "rawPrediction").collect()]]
`;
    const theirs = await pyspark(script, { path: there, sql: ML_SQL });
    expect(theirs).toEqual([forest.uid, before.map(({ prediction, rawPrediction }) => [prediction, rawPrediction])]);
  });

  test("what stands at the path is replaced only when that is said", async () => {
    const model = await forest.fit(rows);
    const there = path.join(folder, "twice");
    await model.write().overwrite().save(there);
    await expect(model.save(there)).rejects.toMatchObject({
      name: "EngineError",
      message: expect.stringContaining("already exists"),
      hint: "write().overwrite().save(path) replaces it",
    });
    const other = await forest.copy({ numTrees: 4 }).fit(rows);
    await other.write().overwrite().save(there);
    expect(await (await RandomForestClassificationModel.load(spark, there)).getNumTrees).toBe(4);
  });

  test("a relative path starts at the folder of this process", async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await (await forest.fit(rows)).save("relative/model");
      expect(existsSync(path.join(folder, "relative/model/metadata"))).toBe(true);
      await RandomForestClassificationModel.load(spark, "relative/model");
    } finally {
      process.chdir(before);
    }
  });

  test("estimators, transformers and evaluators are saved and loaded too", async () => {
    const at = (name: string) => path.join(folder, name);
    const evaluator = new BinaryClassificationEvaluator({ numBins: 0, rawPredictionCol: "probability" });
    await forest.write().session(spark).save(at("estimator"));
    await assembler.write().session(spark).save(at("transformer"));
    await evaluator.write().session(spark).save(at("evaluator"));
    const loaded = [
      await RandomForestClassifier.load(spark, at("estimator")),
      await VectorAssembler.load(spark, at("transformer")),
      await BinaryClassificationEvaluator.load(spark, at("evaluator")),
    ];
    expect(loaded.map(({ uid, params }) => [uid, params])).toEqual(
      [forest, assembler, evaluator].map(({ uid, params }) => [uid, params]),
    );
  });
});

describe("a model is freed on the server", () => {
  test("by delete; then neither it nor its frames can be used, and both say why", async () => {
    const { model, id } = await fitted();
    const scored = model.transform(rows);
    await model.delete();
    expect(await models()).not.toContain(id);
    await expect(model.numClasses).rejects.toMatchObject({ name: "UsageError", code: "E_ML_FREED" });
    expect(() => model.transform(rows)).toThrow(expect.objectContaining({ code: "E_ML_FREED" }));
    await expect(scored.count()).rejects.toMatchObject({
      code: "E_SPARK_CONNECT_ML_CACHE_INVALID",
      message: expect.stringMatching(/^the model \S+ is not on the server any more/),
      hint: "fit it again, or load it from where it was saved",
    });
    await model.delete();
  });

  test("also by a cell that was stopped", async () => {
    const cell = new AsyncLocalStorage<AbortSignal>();
    const host = globalThis as { [key: symbol]: unknown };
    const key = Symbol.for("outgrow.operation");
    host[key] = () => {
      const signal = cell.getStore();
      return signal && { signal, tag: "cell", onProgress: () => undefined };
    };
    try {
      const { model, id } = await fitted();
      await cell.run(AbortSignal.abort(), async () => {
        await expect(model.numClasses).rejects.toMatchObject({ name: "Interrupted" });
        await model.delete();
      });
      expect(await models()).not.toContain(id);
    } finally {
      delete host[key];
    }
  });

  test("at the end of a block", async () => {
    let id: string | undefined;
    {
      const made = await fitted();
      await using _model = made.model;
      id = made.id;
      expect(await models()).toContain(id);
    }
    expect(await models()).not.toContain(id);
  });

  test("when nothing holds it any more, but not while a frame made by it is held", async () => {
    const before = await models();
    // A frame of its own, so that nothing of it stays on this stack.
    const fitAndForget = async () => (await forest.fit(rows)).transform(rows).limit(3);
    const held: { frame: SparkDataFrame | undefined } = { frame: await fitAndForget() };
    const id = (await models()).find((one) => !before.includes(one));
    expect(id).toBeDefined();
    await collect();
    expect(await models()).toContain(id);
    expect(await held.frame?.collect()).toHaveLength(3);
    held.frame = undefined;
    await expect.poll(() => collect().then(models), { timeout: 20_000 }).not.toContain(id);
  });

  test("with its session", async () => {
    const other = await SparkSession.connect(server.address, server);
    const model = await forest.fit(assembler.transform(await mlData(other)));
    await other.stop();
    await expect(model.numClasses).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
    await model.delete();
  });
});

describe("a fit", () => {
  test("tells how far it is, and is stopped by its signal: the job is gone, the session lives", async () => {
    const stopper = new AbortController();
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => {
      events.push(event);
      if (event.note) stopper.abort();
    };
    await clientOf(spark).settings.set({ "spark.connect.progress.reportInterval": "200ms" });
    const large = await spark.sql("SELECT rand(1) AS a, rand(2) AS b, id % 2 AS label FROM range(2000000)");
    const features = new VectorAssembler({ inputCols: ["a", "b"], outputCol: "features" }).transform(large);
    const before = await models();
    const deep = new RandomForestClassifier({ numTrees: 200, maxDepth: 12, seed: 1 });
    const running = deep.fit(features, { signal: stopper.signal, onProgress, tags: ["fit-1"] });
    await expect(running).rejects.toMatchObject({ name: "Interrupted" });
    expect(events.at(-1)).toMatchObject({
      operation: "fit RandomForestClassifier",
      note: expect.stringMatching(/of \d+ tasks/),
    });
    await expect.poll(() => spark.interruptTag("fit-1"), { timeout: 20_000 }).toEqual([]);
    expect(await rows.count()).toBe(2000);
    expect(await models()).toEqual(before);
  });

  test("of a model's parameters those that are its own go along, and can be others in a copy", async () => {
    const model = await forest.copy({ predictionCol: "guess" }).fit(rows);
    expect(model.params).toEqual({ numTrees: 3, maxDepth: 3, seed: 42, predictionCol: "guess" });
    expect(await names(model.transform(rows))).toContain("guess");
    const copy = model.copy({ predictionCol: "answer" });
    expect(await names(copy.transform(rows))).toEqual(expect.arrayContaining(["answer"]));
    expect(await names(copy.transform(rows))).not.toContain("guess");
    expect(await model.estimatedSize).toBeGreaterThan(1000);
  });
});

describe("errors say what to do", () => {
  const from = (select: string) => spark.sql(`SELECT features, ${select} FROM ml_rows`);

  beforeAll(() => rows.createOrReplaceTempView("ml_rows"));

  test.each([
    ["a column that is not there", "label AS other", "E_SPARK_FIELD_NOT_FOUND", /printSchema/],
    ["words as labels", "country AS label", "E_SPARK", /StringIndexer/],
    ["labels below 0", "label - 1 AS label", "E_SPARK_USER_RAISED_EXCEPTION", /0, 1, 2… without nulls/],
    ["null labels", "CAST(NULL AS DOUBLE) AS label", "E_SPARK_USER_RAISED_EXCEPTION", /0, 1, 2… without nulls/],
    ["fractions as labels", "label / 2 AS label", "E_SPARK_USER_RAISED_EXCEPTION", /take a regressor/],
  ])("%s", async (_, select, code, hint) => {
    await expect(forest.fit(await from(select))).rejects.toMatchObject({
      name: "EngineError",
      code,
      hint: expect.stringMatching(hint),
    });
  });

  test("no row, no vector, null and words in the assembler", async () => {
    await expect(forest.fit(rows.filter("id < 0"))).rejects.toMatchObject({ hint: expect.stringMatching(/no row is/) });
    const notVectors = new RandomForestClassifier({ featuresCol: "views" }).fit(rows);
    await expect(notVectors).rejects.toMatchObject({ hint: expect.stringMatching(/VectorAssembler/) });
    const withNull = await spark.sql("SELECT 1D AS a, CAST(NULL AS DOUBLE) AS b");
    const both = new VectorAssembler({ inputCols: ["a", "b"], outputCol: "v" }).transform(withNull);
    await expect(both.collect()).rejects.toMatchObject({ hint: expect.stringMatching(/"skip" leaves such rows out/) });
    const words = new VectorAssembler({ inputCols: ["country"], outputCol: "v" }).transform(rows);
    await expect(words.count()).rejects.toMatchObject({ hint: expect.stringMatching(/OneHotEncoder/) });
  });

  test("nothing saved there, and another class", async () => {
    const missing = RandomForestClassificationModel.load(spark, path.join(folder, "nothing"));
    await expect(missing).rejects.toMatchObject({ code: "E_SPARK_PATH_NOT_FOUND" });
    const there = path.join(folder, "other-class");
    await (await forest.fit(rows)).save(there);
    await expect(LogisticRegressionModel.load(spark, there)).rejects.toMatchObject({
      message: expect.stringContaining("RandomForestClassificationModel"),
      hint: "load it with the class that is named last",
    });
  });

  test("a model and a frame of two sessions", async () => {
    await using other = await SparkSession.connect(server.address, server);
    const model = await forest.fit(rows);
    const frame = assembler.transform(await mlData(other));
    expect(() => model.transform(frame)).toThrow(expect.objectContaining({ code: "E_ML_SESSION" }));
  });
});

async function predictions(scored: SparkDataFrame): Promise<Record<string, unknown>[]> {
  await scored.createOrReplaceTempView("scored");
  return (await spark.sql("SELECT prediction, rawPrediction FROM scored ORDER BY id")).collect();
}

async function names(frame: SparkDataFrame): Promise<string[]> {
  return (await frame.schema()).map(({ name }) => name);
}

/** The ids of the models that the server keeps for this session. */
async function models(): Promise<string[]> {
  const answer = await clientOf(spark).ml({ command: { case: "getCacheInfo", value: {} } });
  if (answer?.resultType.case !== "param") return expect.fail("the server told nothing of its models");
  const infos = (readMlLiteral(answer.resultType.value) as string[]).map((info) => JSON.parse(info));
  return infos.map(({ id }) => id as string).sort();
}

/** A model and the id by which the server knows it. */
async function fitted(): Promise<{ readonly model: RandomForestClassificationModel; readonly id: string }> {
  const before = await models();
  const model = await forest.fit(rows);
  const [id, ...others] = (await models()).filter((one) => !before.includes(one));
  expect(others).toEqual([]);
  return { model, id: id ?? expect.fail("the server has no new model") };
}

async function collect(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await wait(50);
  }
}
