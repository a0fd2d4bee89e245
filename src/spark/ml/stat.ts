import { oneOf } from "../check.ts";
import { type Column, type ColumnOrName, call, lit, namedColumn } from "../column.ts";
import { SparkDataFrame } from "../dataframe.ts";
import { planOf } from "../plan.ts";
import type { SparkQuery } from "../query.ts";
import { fetchOf } from "./commands.ts";
import { booleanLiteral, doublesLiteral, type LiteralInit, stringLiteral } from "./values.ts";

/** What a server computes without an operator is asked of an object that each has under this name. */
const HELPER = "______ML_CONNECT_HELPER______";
const METHODS = ["pearson", "spearman"] as const;
const DISTRIBUTIONS = ["norm"] as const;
const METRICS = ["mean", "sum", "variance", "std", "count", "numNonZeros", "max", "min", "normL2", "normL1"] as const;

/** What can be known of a column of vectors, feature by feature; `count` is of the vectors. */
export type SummaryMetric = (typeof METRICS)[number];

/** How the features of vectors go together. */
export const Correlation = {
  /**
   * The correlation of each feature with each, as one row whose only column, `pearson(features)`, is a matrix: a list of rows.
   *
   * @example
   * const [row] = await Correlation.corr(frame, "features", "spearman").collect();
   */
  corr(frame: SparkQuery, column: string, method: (typeof METHODS)[number] = "pearson"): SparkDataFrame {
    return asked("correlation", frame, [stringLiteral(column), stringLiteral(oneOf(method, METHODS, "the method"))]);
  },
};

/** Whether each feature of vectors, all of them categories, has to do with the label. */
export const ChiSquareTest = {
  /**
   * One row with the lists `pValues`, `degreesOfFreedom` and `statistics`; flattened a row for each feature, with its `featureIndex`.
   *
   * @example
   * await ChiSquareTest.test(frame, "features", "label", true).show();
   */
  test(frame: SparkQuery, featuresCol: string, labelCol: string, flatten = false): SparkDataFrame {
    const columns = [stringLiteral(featuresCol), stringLiteral(labelCol)];
    return asked("chiSquareTest", frame, [...columns, booleanLiteral(flatten)]);
  },
};

/** Whether numbers are spread as a distribution has it. */
export const KolmogorovSmirnovTest = {
  /**
   * One row with `pValue` and `statistic`. The parameters of `norm` are its mean and its standard deviation, 0 and 1 unless said otherwise.
   *
   * @example
   * await KolmogorovSmirnovTest.test(frame, "height", "norm", 170, 8).show();
   */
  test(
    frame: SparkQuery,
    sampleCol: string,
    distName: (typeof DISTRIBUTIONS)[number],
    ...params: readonly number[]
  ): SparkDataFrame {
    const distribution = stringLiteral(oneOf(distName, DISTRIBUTIONS, "the distribution"));
    return asked("kolmogorovSmirnovTest", frame, [stringLiteral(sampleCol), distribution, doublesLiteral(params)]);
  },
};

type Summary = (features: ColumnOrName, weight?: ColumnOrName) => Column;

/** What columns of vectors hold, as columns to aggregate by: a weight counts a vector several times, or in part. */
export const Summarizer: Readonly<Record<SummaryMetric, Summary>> & {
  /**
   * Several metrics in one pass, as one struct.
   *
   * @example
   * await frame.select(Summarizer.metrics("mean", "count").summary("features").alias("s")).select("s.mean", "s.count").show();
   */
  metrics(...names: readonly SummaryMetric[]): { readonly summary: Summary };
} = {
  metrics: (...names) => ({ summary: (features, weight) => metricsOf(names, features, weight) }),
  ...(Object.fromEntries(
    METRICS.map((name) => [
      name,
      (features: ColumnOrName, weight?: ColumnOrName) => metricsOf([name], features, weight).getField(name),
    ]),
  ) as Record<SummaryMetric, Summary>),
};

function metricsOf(names: readonly SummaryMetric[], features: ColumnOrName, weight?: ColumnOrName): Column {
  const metrics = names.map((name) => lit(oneOf(name, METRICS, "a metric")));
  return call(
    "aggregate_metrics",
    call("array", ...metrics),
    namedColumn(features),
    weight ? namedColumn(weight) : lit(1),
  );
}

function asked(method: string, frame: SparkQuery, given: readonly LiteralInit[]): SparkDataFrame {
  const { client, relation } = planOf(frame);
  const value = fetchOf(HELPER, [method], [{ input: relation }, ...given.map((param) => ({ param }))]);
  return new SparkDataFrame(client, { relType: { case: "mlRelation", value: { mlType: { case: "fetch", value } } } });
}
