import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  ALS,
  ALSModel,
  Bucketizer,
  ElementwiseProduct,
  Imputer,
  KMeans,
  KMeansModel,
  LDA,
  LocalLDAModel,
  LogisticRegression,
  Pipeline,
  PipelineModel,
  SparkSession,
  StopWordsRemover,
  VectorAssembler,
} from "../../../../src/index.ts";
import { mlColumn } from "../../../support/ml-twins.ts";
import { sparkServer } from "../../../support/spark-server.ts";
import { type Frames, twinFrames } from "./twin-frames.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-operators-"));

// Each save and load is a job or two.
vi.setConfig({ testTimeout: 240_000 });

let spark: SparkSession;
let frames: Frames;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  frames = await twinFrames(spark);
}, 240_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true });
});

test("infinities, NaN, lists of lists, vectors and matrices are parameters that come back", async () => {
  const infinite = new Bucketizer({ inputCol: "a", outputCol: "b", splits: [-Infinity, 0.5, Infinity] });
  const lists = new Bucketizer({ inputCols: ["a"], outputCols: ["b"], splitsArray: [[0, 1, 2.5]] });
  const vector = new ElementwiseProduct({ inputCol: "a", outputCol: "b", scalingVec: [1, -2.5] });
  const words = new StopWordsRemover({ inputCol: "a", outputCol: "b", stopWords: ["ja", "nein"], caseSensitive: true });
  for (const [i, one] of [infinite, lists, vector, words].entries()) {
    const there = path.join(folder, `transformer-${i}`);
    await one.write().session(spark).save(there);
    const loaded = await (one.constructor as typeof Bucketizer).load(spark, there);
    expect([loaded.uid, loaded.params]).toEqual([one.uid, one.params]);
  }
  const gaps = new Imputer({ inputCols: ["a"], outputCols: ["b"], missingValue: -1 });
  await gaps.write().session(spark).save(path.join(folder, "imputer"));
  expect((await Imputer.load(spark, path.join(folder, "imputer"))).params).toEqual(gaps.params);
  const bounds = new LogisticRegression({ lowerBoundsOnCoefficients: [[0, -1.5]], upperBoundsOnIntercepts: [2] });
  await bounds.write().session(spark).save(path.join(folder, "bounds"));
  expect((await LogisticRegression.load(spark, path.join(folder, "bounds"))).params).toEqual(bounds.params);
});

test("models of clusters, topics and recommendations predict the same when they were loaded", async () => {
  const { rows, counts, ratings } = frames;
  const at = (name: string) => path.join(folder, name);
  const clusters = await new KMeans({ k: 3, seed: 1, maxIter: 2 }).fit(rows);
  await clusters.save(at("k-means"));
  const sameClusters = await KMeansModel.load(spark, at("k-means"));
  expect(await mlColumn(sameClusters.transform(rows), "prediction")).toEqual(
    await mlColumn(clusters.transform(rows), "prediction"),
  );
  expect(() => sameClusters.summary).toThrow(expect.objectContaining({ code: "E_ML_NO_SUMMARY" }));
  const topics = await new LDA({ featuresCol: "counts", k: 2, seed: 1, maxIter: 1 }).fit(counts);
  await topics.save(at("lda"));
  const sameTopics = await LocalLDAModel.load(spark, at("lda"));
  expect(await sameTopics.topicsMatrix).toEqual(await topics.topicsMatrix);
  const likes = await new ALS({ rank: 2, maxIter: 1, seed: 1, coldStartStrategy: "drop" }).fit(ratings);
  await likes.save(at("als"));
  const sameLikes = await ALSModel.load(spark, at("als"));
  expect([sameLikes.params.coldStartStrategy, await sameLikes.rank]).toEqual(["drop", 2]);
  expect(await mlColumn(sameLikes.userFactors, "features")).toEqual(await mlColumn(likes.userFactors, "features"));
});

test("a pipeline of such parts is loaded whole", async () => {
  const filled = new Imputer({ inputCols: ["a", "b"], outputCols: ["x", "y"] });
  const assembler = new VectorAssembler({ inputCols: ["x", "y"], outputCol: "features" });
  const pipeline = new Pipeline({ stages: [filled, assembler, new KMeans({ k: 2, seed: 1, maxIter: 1 })] });
  const model = await pipeline.fit(frames.gaps);
  await model.save(path.join(folder, "pipeline"));
  const loaded = await PipelineModel.load(spark, path.join(folder, "pipeline"));
  expect(loaded.stages.map((stage) => stage.constructor.name)).toEqual([
    "ImputerModel",
    "VectorAssembler",
    "KMeansModel",
  ]);
  expect(await mlColumn(loaded.transform(frames.gaps), "prediction")).toEqual(
    await mlColumn(model.transform(frames.gaps), "prediction"),
  );
});
