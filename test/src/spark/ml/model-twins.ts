import {
  AFTSurvivalRegression,
  ALS,
  BisectingKMeans,
  ClusteringEvaluator,
  FMClassifier,
  FMRegressor,
  FPGrowth,
  GaussianMixture,
  GeneralizedLinearRegression,
  IsotonicRegression,
  KMeans,
  LDA,
  LinearSVC,
  LogisticRegression,
  MultilabelClassificationEvaluator,
  MultilayerPerceptronClassifier,
  NaiveBayes,
  RankingEvaluator,
} from "../../../../src/index.ts";
import { type MlTwin, mlColumn } from "../../../support/ml-twins.ts";
import { asPython } from "../../../support/spark-twins.ts";
import type { Frames } from "./twin-frames.ts";

const PRECISE = 1e-9;

export const MODEL_TWINS: Readonly<Record<string, MlTwin<Frames>>> = {
  KMeans: {
    ours: async ({ rows }) => {
      const model = await new KMeans({ k: 3, seed: 42, maxIter: 5 }).fit(rows);
      const { k, numIter, clusterSizes, trainingCost } = model.summary;
      const found = await Promise.all([
        model.clusterCenters,
        model.numFeatures,
        k,
        numIter,
        clusterSizes,
        trainingCost,
      ]);
      return [...found, await model.summary.cluster.count(), await mlColumn(model.transform(rows), "prediction")];
    },
    theirs: `(lambda m: [m.clusterCenters(), m.numFeatures, *tell(m.summary, "k", "numIter", "clusterSizes", "trainingCost"), m.summary.cluster.count(), col(m.transform(rows), "prediction")])(KMeans(k=3, seed=42, maxIter=5).fit(rows))`,
    within: PRECISE,
  },
  "BisectingKMeans and its evaluator": {
    ours: async ({ rows }) => {
      const model = await new BisectingKMeans({ k: 3, seed: 1, maxIter: 3, distanceMeasure: "euclidean" }).fit(rows);
      const scored = model.transform(rows);
      return [
        await model.clusterCenters,
        await model.summary.trainingCost,
        await new ClusteringEvaluator().evaluate(scored),
      ];
    },
    theirs: `(lambda m: [m.clusterCenters(), m.summary.trainingCost, ClusteringEvaluator().evaluate(m.transform(rows))])(BisectingKMeans(k=3, seed=1, maxIter=3).fit(rows))`,
    within: PRECISE,
  },
  GaussianMixture: {
    ours: async ({ rows }) => {
      const model = await new GaussianMixture({ k: 2, seed: 7, maxIter: 3 }).fit(rows);
      const means = (await model.gaussiansDF.collect()).map(({ mean }) => mean);
      const { logLikelihood, clusterSizes } = model.summary;
      return [
        await model.weights,
        means,
        await logLikelihood,
        await clusterSizes,
        await mlColumn(model.transform(rows), "probability"),
      ];
    },
    theirs: `(lambda m: [m.weights, [row.mean.asML() if hasattr(row.mean, "asML") else row.mean for row in m.gaussiansDF.collect()], m.summary.logLikelihood, m.summary.clusterSizes, col(m.transform(rows), "probability")])(GaussianMixture(k=2, seed=7, maxIter=3).fit(rows))`,
    within: 1e-6,
  },
  LDA: {
    ours: async ({ counts }) => {
      const model = await new LDA({ featuresCol: "counts", k: 2, seed: 3, maxIter: 2 }).fit(counts);
      const numbers = [await model.vocabSize, await model.isDistributed, await model.estimatedDocConcentration];
      const topics = (await model.describeTopics(3).collect()).map(asPython);
      return [
        ...numbers,
        topics,
        await model.logPerplexity(counts),
        await mlColumn(model.transform(counts), "topicDistribution"),
      ];
    },
    theirs: `(lambda m: [m.vocabSize(), m.isDistributed(), m.estimatedDocConcentration(), m.describeTopics(3).collect(), m.logPerplexity(counts), col(m.transform(counts), "topicDistribution")])(LDA(featuresCol="counts", k=2, seed=3, maxIter=2).fit(counts))`,
    within: 1e-6,
  },
  "LDA by em": {
    ours: async ({ counts }) => {
      const model = await new LDA({ featuresCol: "counts", k: 2, seed: 3, maxIter: 2, optimizer: "em" }).fit(counts);
      return [await model.isDistributed, model.constructor.name, (await model.topicsMatrix).length];
    },
    theirs: `(lambda m: [m.isDistributed(), type(m).__name__, m.topicsMatrix().numRows])(LDA(featuresCol="counts", k=2, seed=3, maxIter=2, optimizer="em").fit(counts))`,
  },
  ALS: {
    ours: async ({ ratings }) => {
      const model = await new ALS({ rank: 3, maxIter: 2, seed: 5, numUserBlocks: 2, numItemBlocks: 2 }).fit(ratings);
      const users = ratings.filter("user < 2").select("user").distinct();
      return [
        await model.rank,
        await mlColumn(model.userFactors, "features", "id"),
        await mlColumn(model.recommendForAllUsers(2), "recommendations", "user"),
        await mlColumn(model.recommendForAllItems(1), "recommendations", "item"),
        await mlColumn(model.recommendForUserSubset(users, 1), "recommendations", "user"),
      ];
    },
    theirs: `(lambda m: [m.rank, col(m.userFactors, "features", "id"), col(m.recommendForAllUsers(2), "recommendations", "user"), col(m.recommendForAllItems(1), "recommendations", "item"), col(m.recommendForUserSubset(ratings.filter("user < 2").select("user").distinct(), 1), "recommendations", "user")])(ALS(rank=3, maxIter=2, seed=5, numUserBlocks=2, numItemBlocks=2).fit(ratings))`,
    within: 1e-4,
  },
  FPGrowth: {
    ours: async ({ baskets }) => {
      const model = await new FPGrowth({ minSupport: 0.2, minConfidence: 0.5 }).fit(baskets);
      const sets = await model.freqItemsets
        .selectExpr("array_sort(items) AS items", "freq")
        .orderBy("freq", "items")
        .collect();
      const rules = await model.associationRules
        .select("antecedent", "consequent", "confidence", "lift")
        .orderBy("antecedent", "consequent")
        .collect();
      const predicted = model.transform(baskets).selectExpr("id", "array_sort(prediction) AS prediction");
      return [sets.map(asPython), rules.map(asPython), await mlColumn(predicted, "prediction")];
    },
    theirs: `(lambda m: [m.freqItemsets.selectExpr("array_sort(items) AS items", "freq").orderBy("freq", "items").collect(), m.associationRules.select("antecedent", "consequent", "confidence", "lift").orderBy("antecedent", "consequent").collect(), col(m.transform(baskets).selectExpr("id", "array_sort(prediction) AS prediction"), "prediction")])(FPGrowth(minSupport=0.2, minConfidence=0.5).fit(baskets))`,
  },
  LinearSVC: {
    ours: async ({ rows }) => {
      const model = await new LinearSVC({ maxIter: 5, threshold: -Infinity }).fit(rows);
      const measured = await model.evaluate(rows);
      return [
        await model.coefficients,
        await model.intercept,
        await model.numClasses,
        await model.summary.accuracy,
        await measured.accuracy,
        await mlColumn(model.transform(rows), "rawPrediction"),
      ];
    },
    theirs: `(lambda m: [m.coefficients, m.intercept, m.numClasses, m.summary().accuracy, m.evaluate(rows).accuracy, col(m.transform(rows), "rawPrediction")])(LinearSVC(maxIter=5, threshold=-float("inf")).fit(rows))`,
    within: PRECISE,
  },
  "LogisticRegression within bounds, measured on other rows": {
    ours: async ({ rows }) => {
      const bounds = {
        lowerBoundsOnCoefficients: [[0, -1]],
        upperBoundsOnCoefficients: [[0.05, 1]],
        upperBoundsOnIntercepts: [0],
      };
      const model = await new LogisticRegression({ maxIter: 5, ...bounds }).fit(rows);
      const measured = await model.evaluate(rows.filter("views > 3"));
      return [
        await model.coefficients,
        await model.intercept,
        await measured.accuracy,
        await measured.areaUnderROC,
        await measured.roc.count(),
      ];
    },
    theirs: `(lambda m: (lambda s: [m.coefficients, m.intercept, s.accuracy, s.areaUnderROC, s.roc.count()])(m.evaluate(rows.filter("views > 3"))))(LogisticRegression(maxIter=5, lowerBoundsOnCoefficients=Matrices.dense(1, 2, [0.0, -1.0]), upperBoundsOnCoefficients=Matrices.dense(1, 2, [0.05, 1.0]), upperBoundsOnIntercepts=Vectors.dense([0.0])).fit(rows))`,
    within: PRECISE,
  },
  NaiveBayes: {
    ours: async ({ rows }) => {
      const model = await new NaiveBayes({ labelCol: "class", modelType: "gaussian" }).fit(rows);
      return [
        await model.pi,
        await model.theta,
        await model.sigma,
        await model.numClasses,
        await mlColumn(model.transform(rows), "probability"),
      ];
    },
    theirs: `(lambda m: [m.pi, m.theta.toArray().tolist(), m.sigma.toArray().tolist(), m.numClasses, col(m.transform(rows), "probability")])(NaiveBayes(labelCol="class", modelType="gaussian").fit(rows))`,
    within: PRECISE,
  },
  MultilayerPerceptronClassifier: {
    ours: async ({ rows }) => {
      const model = await new MultilayerPerceptronClassifier({
        labelCol: "class",
        layers: [2, 4, 3],
        maxIter: 3,
        seed: 11,
      }).fit(rows);
      return [await model.weights, await model.summary.accuracy, await mlColumn(model.transform(rows), "prediction")];
    },
    theirs: `(lambda m: [m.weights, m.summary().accuracy, col(m.transform(rows), "prediction")])(MultilayerPerceptronClassifier(labelCol="class", layers=[2, 4, 3], maxIter=3, seed=11).fit(rows))`,
    within: 1e-6,
  },
  "factorization machines": {
    ours: async ({ rows }) => {
      const classes = await new FMClassifier({ factorSize: 2, maxIter: 3, seed: 2, stepSize: 0.01 }).fit(rows);
      const numbers = await new FMRegressor({ labelCol: "score", factorSize: 2, maxIter: 3, seed: 2 }).fit(rows);
      return [
        await classes.intercept,
        await classes.linear,
        await classes.factors,
        await numbers.factors,
        await mlColumn(numbers.transform(rows), "prediction"),
      ];
    },
    theirs: `(lambda c, n: [c.intercept, c.linear, c.factors.toArray().tolist(), n.factors.toArray().tolist(), col(n.transform(rows), "prediction")])(FMClassifier(factorSize=2, maxIter=3, seed=2, stepSize=0.01).fit(rows), FMRegressor(labelCol="score", factorSize=2, maxIter=3, seed=2).fit(rows))`,
    within: 1e-6,
  },
  GeneralizedLinearRegression: {
    ours: async ({ rows }) => {
      const model = await new GeneralizedLinearRegression({
        labelCol: "views",
        featuresCol: "powers",
        family: "poisson",
        link: "log",
        maxIter: 3,
        linkPredictionCol: "x",
      }).fit(rows);
      const { aic, deviance, nullDeviance, dispersion, rank, numIterations, pValues } = model.summary;
      const measured = await model.evaluate(rows);
      const numbers = await Promise.all([
        model.coefficients,
        aic,
        deviance,
        nullDeviance,
        dispersion,
        rank,
        numIterations,
        pValues,
        measured.deviance,
      ]);
      return [...numbers, await measured.residuals("pearson").count(), await mlColumn(model.transform(rows), "x")];
    },
    theirs: `(lambda m: (lambda s: [m.coefficients, s.aic, s.deviance, s.nullDeviance, s.dispersion, s.rank, s.numIterations, s.pValues, m.evaluate(rows).deviance, m.evaluate(rows).residuals("pearson").count(), col(m.transform(rows), "x")])(m.summary))(GeneralizedLinearRegression(labelCol="views", featuresCol="powers", family="poisson", link="log", maxIter=3, linkPredictionCol="x").fit(rows))`,
    within: 1e-6,
  },
  IsotonicRegression: {
    ours: async ({ rows }) => {
      const model = await new IsotonicRegression({ labelCol: "score", featuresCol: "views" }).fit(rows);
      return [
        await model.boundaries,
        await model.predictions,
        await model.numFeatures,
        await mlColumn(model.transform(rows), "prediction"),
      ];
    },
    theirs: `(lambda m: [m.boundaries, m.predictions, m.numFeatures, col(m.transform(rows), "prediction")])(IsotonicRegression(labelCol="score", featuresCol="views").fit(rows))`,
    within: PRECISE,
  },
  AFTSurvivalRegression: {
    ours: async ({ rows }) => {
      const times = rows.withColumns({ time: rows.col("score").plus(1), censor: rows.col("label") });
      const model = await new AFTSurvivalRegression({
        labelCol: "time",
        maxIter: 3,
        quantileProbabilities: [0.5, 0.9],
        quantilesCol: "x",
      }).fit(times);
      return [
        await model.coefficients,
        await model.intercept,
        await model.scale,
        await mlColumn(model.transform(times), "x"),
      ];
    },
    theirs: `(lambda times: (lambda m: [m.coefficients, m.intercept, m.scale, col(m.transform(times), "x")])(AFTSurvivalRegression(labelCol="time", maxIter=3, quantileProbabilities=[0.5, 0.9], quantilesCol="x").fit(times)))(rows.withColumn("time", F.col("score") + 1).withColumn("censor", F.col("label")))`,
    within: 1e-6,
  },
  "evaluators of sets and of orders": {
    ours: async ({ sets }) => [
      await new MultilabelClassificationEvaluator().evaluate(sets),
      await new MultilabelClassificationEvaluator({ metricName: "precisionByLabel", metricLabel: 1 }).evaluate(sets),
      await new RankingEvaluator().evaluate(sets),
      await new RankingEvaluator({ metricName: "ndcgAtK", k: 2 }).evaluate(sets),
    ],
    theirs: `[MultilabelClassificationEvaluator().evaluate(sets), MultilabelClassificationEvaluator(metricName="precisionByLabel", metricLabel=1.0).evaluate(sets), RankingEvaluator().evaluate(sets), RankingEvaluator(metricName="ndcgAtK", k=2).evaluate(sets)]`,
    within: PRECISE,
  },
};
