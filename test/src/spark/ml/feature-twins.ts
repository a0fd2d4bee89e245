import {
  Binarizer,
  BucketedRandomProjectionLSH,
  Bucketizer,
  CountVectorizer,
  DCT,
  ElementwiseProduct,
  FeatureHasher,
  IDF,
  Imputer,
  Interaction,
  MaxAbsScaler,
  MinHashLSH,
  MinMaxScaler,
  NGram,
  Normalizer,
  PCA,
  QuantileDiscretizer,
  RegexTokenizer,
  RFormula,
  RobustScaler,
  SQLTransformer,
  StopWordsRemover,
  TargetEncoder,
  UnivariateFeatureSelector,
  VarianceThresholdSelector,
  VectorIndexer,
  VectorSizeHint,
  VectorSlicer,
  Word2Vec,
} from "../../../../src/index.ts";
import { type MlTwin, madeColumns, mlColumn } from "../../../support/ml-twins.ts";
import { asPython } from "../../../support/spark-twins.ts";
import type { Frames } from "./twin-frames.ts";

const x = { inputCol: "features", outputCol: "x" } as const;
const powers = { inputCol: "powers", outputCol: "x" } as const;
const PRECISE = 1e-9;
const PAIR = ["datasetA.id AS a", "datasetB.id AS b", "datasetB.features", "distCol"];

export const FEATURE_TWINS: Readonly<Record<string, MlTwin<Frames>>> = {
  MinMaxScaler: {
    ours: async ({ rows }) => {
      const model = await new MinMaxScaler({ ...x, max: 10 }).fit(rows);
      return [await model.originalMin, await model.originalMax, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.originalMin, m.originalMax, col(m.transform(rows), "x")])(MinMaxScaler(inputCol="features", outputCol="x", max=10.0).fit(rows))`,
  },
  MaxAbsScaler: {
    ours: async ({ rows }) => {
      const model = await new MaxAbsScaler(x).fit(rows);
      return [await model.maxAbs, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.maxAbs, col(m.transform(rows), "x")])(MaxAbsScaler(inputCol="features", outputCol="x").fit(rows))`,
  },
  RobustScaler: {
    ours: async ({ rows }) => {
      const model = await new RobustScaler({ ...x, lower: 0.1, withCentering: true }).fit(rows);
      return [await model.median, await model.range, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.median, m.range, col(m.transform(rows), "x")])(RobustScaler(inputCol="features", outputCol="x", lower=0.1, withCentering=True).fit(rows))`,
  },
  Normalizer: {
    ours: ({ rows }) => madeColumns(new Normalizer({ ...x, p: 1 }), rows, "x"),
    theirs: `made(Normalizer(inputCol="features", outputCol="x", p=1.0), rows, "x")`,
  },
  "ElementwiseProduct, by a vector": {
    ours: ({ rows }) => madeColumns(new ElementwiseProduct({ ...x, scalingVec: [0.5, -2] }), rows, "x"),
    theirs: `made(ElementwiseProduct(inputCol="features", outputCol="x", scalingVec=Vectors.dense([0.5, -2.0])), rows, "x")`,
  },
  Binarizer: {
    ours: ({ rows }) =>
      madeColumns(
        new Binarizer({ inputCols: ["views", "score"], outputCols: ["a", "b"], thresholds: [5, 60] }),
        rows,
        "a",
        "b",
      ),
    theirs: `made(Binarizer(inputCols=["views", "score"], outputCols=["a", "b"], thresholds=[5.0, 60.0]), rows, "a", "b")`,
  },
  "Bucketizer, with infinities and NaN": {
    ours: ({ gaps }) => {
      const splits = [-Infinity, 1, 2.5, Infinity];
      return madeColumns(new Bucketizer({ inputCol: "b", outputCol: "x", splits, handleInvalid: "keep" }), gaps, "x");
    },
    theirs: `made(Bucketizer(inputCol="b", outputCol="x", splits=[-float("inf"), 1.0, 2.5, float("inf")], handleInvalid="keep"), gaps, "x")`,
  },
  "Bucketizer of several columns": {
    ours: ({ rows }) => {
      const splitsArray = [
        [0, 5, 20],
        [0, 100, 500, 2000],
      ]; // prettier-ignore
      return madeColumns(
        new Bucketizer({ inputCols: ["views", "duration"], outputCols: ["a", "b"], splitsArray }),
        rows,
        "a",
        "b",
      );
    },
    theirs: `made(Bucketizer(inputCols=["views", "duration"], outputCols=["a", "b"], splitsArray=[[0.0, 5.0, 20.0], [0.0, 100.0, 500.0, 2000.0]]), rows, "a", "b")`,
  },
  QuantileDiscretizer: {
    ours: async ({ rows }) => {
      const made = await new QuantileDiscretizer({ inputCol: "duration", outputCol: "x", numBuckets: 5 }).fit(rows);
      return [made.params.splits, await mlColumn(made.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.getSplits(), col(m.transform(rows), "x")])(QuantileDiscretizer(inputCol="duration", outputCol="x", numBuckets=5).fit(rows))`,
  },
  "QuantileDiscretizer of several columns": {
    ours: async ({ rows }) => {
      const columns = { inputCols: ["views", "duration"], outputCols: ["a", "b"] };
      return (await new QuantileDiscretizer({ ...columns, numBucketsArray: [2, 4] }).fit(rows)).params.splitsArray;
    },
    theirs: `QuantileDiscretizer(inputCols=["views", "duration"], outputCols=["a", "b"], numBucketsArray=[2, 4]).fit(rows).getSplitsArray()`,
  },
  "Imputer, of nulls and NaN": {
    ours: async ({ gaps }) => {
      const model = await new Imputer({ inputCols: ["a", "b"], outputCols: ["x", "y"], strategy: "median" }).fit(gaps);
      const filled = model.transform(gaps);
      return [
        await model.surrogateDF.collect().then((all) => all.map(asPython)),
        await mlColumn(filled, "x"),
        await mlColumn(filled, "y"),
      ];
    },
    theirs: `(lambda m: [m.surrogateDF.collect(), col(m.transform(gaps), "x"), col(m.transform(gaps), "y")])(Imputer(inputCols=["a", "b"], outputCols=["x", "y"], strategy="median").fit(gaps))`,
  },
  RegexTokenizer: {
    ours: ({ texts }) =>
      madeColumns(
        new RegexTokenizer({ inputCol: "text", outputCol: "x", pattern: "\\w+", gaps: false, minTokenLength: 3 }),
        texts,
        "x",
      ),
    theirs: `made(RegexTokenizer(inputCol="text", outputCol="x", pattern="\\\\w+", gaps=False, minTokenLength=3), texts, "x")`,
  },
  StopWordsRemover: {
    ours: ({ words }) => madeColumns(new StopWordsRemover({ inputCol: "words", outputCol: "x" }), words, "x"),
    theirs: `[[[w for w in row if w not in ("the", "a", "for", "of")] for row in col(words, "words")]]`,
  },
  NGram: {
    ours: ({ words }) => madeColumns(new NGram({ inputCol: "words", outputCol: "x", n: 3 }), words, "x"),
    theirs: `made(NGram(inputCol="words", outputCol="x", n=3), words, "x")`,
  },
  "HashingTF and IDF": {
    ours: async ({ counts }) => {
      const model = await new IDF({ inputCol: "counts", outputCol: "x", minDocFreq: 2 }).fit(counts);
      return [await model.idf, await model.docFreq, await model.numDocs, await mlColumn(model.transform(counts), "x")];
    },
    theirs: `(lambda m: [m.idf, m.docFreq, m.numDocs, col(m.transform(counts), "x")])(IDF(inputCol="counts", outputCol="x", minDocFreq=2).fit(counts))`,
  },
  CountVectorizer: {
    ours: async ({ words }) => {
      const model = await new CountVectorizer({ inputCol: "words", outputCol: "x", vocabSize: 2, minDF: 2 }).fit(words);
      return [(await model.vocabulary).length, (await mlColumn(model.transform(words), "x")).length];
    },
    theirs: `(lambda m: [len(m.vocabulary), len(col(m.transform(words), "x"))])(CountVectorizer(inputCol="words", outputCol="x", vocabSize=2, minDF=2.0).fit(words))`,
  },
  Word2Vec: {
    ours: async ({ words }) => {
      const params = { inputCol: "words", outputCol: "x", vectorSize: 3, minCount: 0, seed: 42 } as const;
      const model = await new Word2Vec(params).fit(words);
      const like = await model.findSynonyms("data", 2).collect();
      return [
        await mlColumn(model.getVectors, "vector", "word"),
        await mlColumn(model.transform(words), "x"),
        like.map(asPython),
      ];
    },
    theirs: `(lambda m: [col(m.getVectors(), "vector", "word"), col(m.transform(words), "x"), m.findSynonyms("data", 2).collect()])(Word2Vec(inputCol="words", outputCol="x", vectorSize=3, minCount=0, seed=42).fit(words))`,
    within: 1e-6,
  },
  PCA: {
    ours: async ({ rows }) => {
      const model = await new PCA({ ...powers, k: 2 }).fit(rows);
      return [await model.pc, await model.explainedVariance, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.pc.toArray().tolist(), m.explainedVariance, col(m.transform(rows), "x")])(PCA(inputCol="powers", outputCol="x", k=2).fit(rows))`,
    within: PRECISE,
  },
  "PolynomialExpansion and VectorSlicer": {
    ours: ({ rows }) => madeColumns(new VectorSlicer({ ...powers, indices: [4, 1] }), rows, "x", "powers"),
    theirs: `made(VectorSlicer(inputCol="powers", outputCol="x", indices=[4, 1]), rows, "x", "powers")`,
  },
  DCT: {
    ours: ({ rows }) => madeColumns(new DCT({ ...powers, inverse: true }), rows, "x"),
    theirs: `made(DCT(inputCol="powers", outputCol="x", inverse=True), rows, "x")`,
  },
  "Interaction and VectorSizeHint": {
    ours: ({ rows }) => {
      const sized = new VectorSizeHint({ inputCol: "features", size: 2 }).transform(rows);
      return madeColumns(new Interaction({ inputCols: ["views", "features"], outputCol: "x" }), sized, "x");
    },
    theirs: `made(Interaction(inputCols=["views", "features"], outputCol="x"), VectorSizeHint(inputCol="features", size=2).transform(rows), "x")`,
  },
  FeatureHasher: {
    ours: ({ rows }) =>
      madeColumns(
        new FeatureHasher({
          inputCols: ["views", "country"],
          outputCol: "x",
          numFeatures: 8,
          categoricalCols: ["views"],
        }),
        rows,
        "x",
      ),
    theirs: `made(FeatureHasher(inputCols=["views", "country"], outputCol="x", numFeatures=8, categoricalCols=["views"]), rows, "x")`,
  },
  SQLTransformer: {
    ours: ({ rows }) =>
      madeColumns(
        new SQLTransformer({ statement: "SELECT id, views * 2 AS x FROM __THIS__ WHERE id > 900" }),
        rows,
        "x",
      ),
    theirs: `made(SQLTransformer(statement="SELECT id, views * 2 AS x FROM __THIS__ WHERE id > 900"), rows, "x")`,
  },
  VectorIndexer: {
    ours: async ({ rows }) => {
      const model = await new VectorIndexer({ ...x, maxCategories: 17 }).fit(rows);
      const maps = [...(await model.categoryMaps())].map(([place, map]) => [place, [...map].sort(([a], [b]) => a - b)]);
      return [await model.numFeatures, maps, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.numFeatures, [[place, sorted(map.items())] for place, map in m.categoryMaps.items()], col(m.transform(rows), "x")])(VectorIndexer(inputCol="features", outputCol="x", maxCategories=17).fit(rows))`,
  },
  TargetEncoder: {
    ours: ({ rows }) => {
      const columns = { inputCols: ["class"], outputCols: ["x"], labelCol: "score", targetType: "continuous" } as const;
      return madeColumns(new TargetEncoder({ ...columns, smoothing: 1 }), rows, "x");
    },
    theirs: `made(TargetEncoder(inputCols=["class"], outputCols=["x"], labelCol="score", targetType="continuous", smoothing=1.0), rows, "x")`,
    within: PRECISE,
  },
  RFormula: {
    ours: ({ rows }) =>
      madeColumns(
        new RFormula({ formula: "score ~ views + country", featuresCol: "x", labelCol: "y" }),
        rows,
        "x",
        "y",
      ),
    theirs: `made(RFormula(formula="score ~ views + country", featuresCol="x", labelCol="y"), rows, "x", "y")`,
  },
  VarianceThresholdSelector: {
    ours: async ({ rows }) => {
      const params = { featuresCol: "powers", outputCol: "x", varianceThreshold: 1000 };
      const model = await new VarianceThresholdSelector(params).fit(rows);
      return [await model.selectedFeatures, await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: [m.selectedFeatures, col(m.transform(rows), "x")])(VarianceThresholdSelector(featuresCol="powers", outputCol="x", varianceThreshold=1000.0).fit(rows))`,
  },
  UnivariateFeatureSelector: {
    ours: async ({ rows }) => {
      const kinds = { featureType: "continuous", labelType: "categorical", selectionThreshold: 1 } as const;
      return (await new UnivariateFeatureSelector({ ...kinds, outputCol: "x" }).fit(rows)).selectedFeatures;
    },
    theirs: `UnivariateFeatureSelector(outputCol="x", selectionMode="numTopFeatures").setFeatureType("continuous").setLabelType("categorical").setSelectionThreshold(1).fit(rows).selectedFeatures`,
  },
  BucketedRandomProjectionLSH: {
    ours: async ({ rows }) => {
      const params = { ...x, bucketLength: 50, numHashTables: 2, seed: 7 };
      const model = await new BucketedRandomProjectionLSH(params).fit(rows);
      const near = model.approxNearestNeighbors(rows, [3, 500], 4, "far").select("id", "far");
      const some = rows.filter("id < 500").select("id", "features");
      const pairs = model
        .approxSimilarityJoin(some, rows, 9.5)
        .selectExpr(...PAIR)
        .orderBy("a", "b");
      return [
        await mlColumn(model.transform(rows), "x"),
        (await near.collect()).map(asPython),
        (await pairs.collect()).map(asPython),
      ];
    },
    theirs: `(lambda m, some: [col(m.transform(rows), "x"), m.approxNearestNeighbors(rows, Vectors.dense([3.0, 500.0]), 4, "far").select("id", "far").collect(), m.approxSimilarityJoin(some, rows, 9.5).selectExpr("datasetA.id AS a", "datasetB.id AS b", "datasetB.features", "distCol").orderBy("a", "b").collect()])(BucketedRandomProjectionLSH(inputCol="features", outputCol="x", bucketLength=50.0, numHashTables=2, seed=7).fit(rows), rows.filter("id < 500").select("id", "features"))`,
  },
  MinHashLSH: {
    ours: async ({ counts }) => {
      const model = await new MinHashLSH({ inputCol: "counts", outputCol: "x", numHashTables: 3, seed: 1 }).fit(counts);
      const key = Array.from({ length: 16 }, (_, i) => i % 2);
      const near = model.approxNearestNeighbors(counts, key, 3).select("distCol");
      const pairs = model.approxSimilarityJoin(counts, counts, 0.3).groupBy("distCol").count().orderBy("distCol");
      return [
        await mlColumn(model.transform(counts), "x"),
        (await near.collect()).map(asPython),
        (await pairs.collect()).map(asPython),
      ];
    },
    theirs: `(lambda m: [col(m.transform(counts), "x"), m.approxNearestNeighbors(counts, Vectors.dense([0.0, 1.0] * 8), 3).select("distCol").collect(), m.approxSimilarityJoin(counts, counts, 0.3).groupBy("distCol").count().orderBy("distCol").collect()])(MinHashLSH(inputCol="counts", outputCol="x", numHashTables=3, seed=1).fit(counts))`,
  },
};
