import {
  ChiSquareTest,
  Correlation,
  F,
  KolmogorovSmirnovTest,
  type SparkDataFrame,
  Summarizer,
} from "../../../../src/index.ts";
import type { MlTwin } from "../../../support/ml-twins.ts";
import { asPython } from "../../../support/spark-twins.ts";
import type { Frames } from "./twin-frames.ts";

const METRICS = ["mean", "sum", "variance", "std", "count", "numNonZeros", "max", "min", "normL2", "normL1"] as const;
const TOLD = METRICS.map((name) => `s.${name}`);

/** The values of all rows, a list for each. */
async function rowsOf(frame: SparkDataFrame): Promise<unknown[]> {
  return (await frame.collect()).map((row) => Object.values(row).map(asPython));
}

/** What the page "Basic Statistics" of Spark's guide does. */
export const STAT_TWINS: Readonly<Record<string, MlTwin<Frames>>> = {
  "Correlation.corr": {
    ours: async ({ rows }) => [
      await rowsOf(Correlation.corr(rows, "powers")),
      (await Correlation.corr(rows, "powers", "spearman").collect())[0]?.["spearman(powers)"],
    ],
    theirs: `[[[row[0].toArray().tolist()] for row in Correlation.corr(rows, "powers").collect()], Correlation.corr(rows, "powers", "spearman").first()["spearman(powers)"].toArray().tolist()]`,
    within: 1e-12,
  },
  "ChiSquareTest.test": {
    ours: async ({ counts }) => [
      await rowsOf(ChiSquareTest.test(counts.withColumn("label", F.col("id").mod(2)), "counts", "label")),
      await rowsOf(
        ChiSquareTest.test(counts.withColumn("label", F.col("id").mod(2)), "counts", "label", true).sort(
          "featureIndex",
        ),
      ),
    ],
    theirs: `[[list(row) for row in ChiSquareTest.test(counts.withColumn("label", F.col("id") % 2), "counts", "label").collect()],
      [list(row) for row in ChiSquareTest.test(counts.withColumn("label", F.col("id") % 2), "counts", "label", True).sort("featureIndex").collect()]]`,
    within: 1e-12,
  },
  "KolmogorovSmirnovTest.test": {
    ours: async ({ rows }) => [
      await rowsOf(KolmogorovSmirnovTest.test(rows, "duration", "norm", 300, 200)),
      await rowsOf(KolmogorovSmirnovTest.test(rows, "duration", "norm")),
    ],
    theirs: `[[list(row) for row in KolmogorovSmirnovTest.test(rows, "duration", "norm", 300.0, 200.0).collect()],
      [list(row) for row in KolmogorovSmirnovTest.test(rows, "duration", "norm").collect()]]`,
    within: 1e-12,
  },
  Summarizer: {
    ours: async ({ rows }) => [
      await rowsOf(
        rows
          .select(
            Summarizer.metrics(...METRICS)
              .summary("powers", "views")
              .alias("s"),
          )
          .select(...TOLD),
      ),
      await rowsOf(rows.select(Summarizer.mean(F.col("powers")), Summarizer.variance("powers", F.col("views")))),
    ],
    theirs: `[[list(row) for row in rows.select(Summarizer.metrics(${METRICS.map((name) => `"${name}"`).join(", ")}).summary(rows.powers, rows.views).alias("s")).select(${TOLD.map((name) => `"${name}"`).join(", ")}).collect()],
      [list(row) for row in rows.select(Summarizer.mean(rows.powers), Summarizer.variance(rows.powers, rows.views)).collect()]]`,
    within: 1e-12,
  },
};
