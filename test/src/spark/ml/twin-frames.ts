import {
  HashingTF,
  PolynomialExpansion,
  type SparkDataFrame,
  type SparkSession,
  Tokenizer,
  VectorAssembler,
} from "../../../../src/index.ts";
import { ML_SQL } from "../../../support/ml-data.ts";

/** Every seventh row, with vectors of two numbers and of four; sentences; ratings; baskets. */
export const FRAMES = {
  rows: `SELECT * FROM (${ML_SQL}) WHERE id % 7 = 0`,
  texts: `SELECT id, element_at(array('Spark makes the big data small', 'a kernel for big notebooks', 'the data, of the kernel', 'small notebooks make big models'), CAST(1 + id * id % 4 AS INT)) AS text
    FROM range(0, 40, 1, 2)`,
  ratings: `SELECT CAST(id % 7 AS INT) AS user, CAST(id * id % 11 AS INT) AS item, CAST(id * 13 % 5 AS FLOAT) AS rating FROM range(0, 60, 1, 2)`,
  baskets: `SELECT id, array_distinct(array(char(97 + id % 3), char(97 + id * id % 5), 'z')) AS items FROM range(0, 30, 1, 2)`,
  gaps: `SELECT id, IF(id % 5 = 0, NULL, CAST(id % 9 AS DOUBLE)) AS a, IF(id % 7 = 0, double('NaN'), CAST(id % 4 AS DOUBLE)) AS b FROM range(0, 60, 1, 2)`,
  sets: `SELECT id, array(CAST(id % 3 AS DOUBLE), 5D) AS prediction, array(CAST(id % 2 AS DOUBLE), 5D) AS label FROM range(0, 30, 1, 2)`,
};
export type Frames = Readonly<Record<keyof typeof FRAMES | "words" | "counts", SparkDataFrame>>;

/** The frames, with those that are made of them. */
export async function twinFrames(spark: SparkSession): Promise<Frames> {
  const entries = Object.entries(FRAMES).map(async ([name, sql]) => [name, await spark.sql(sql)] as const);
  const plain = Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof FRAMES, SparkDataFrame>;
  const assembled = new VectorAssembler({ inputCols: ["views", "duration"], outputCol: "features" }).transform(
    plain.rows,
  );
  const rows = new PolynomialExpansion({ inputCol: "features", outputCol: "powers" }).transform(assembled);
  const words = new Tokenizer({ inputCol: "text", outputCol: "words" }).transform(plain.texts);
  const counts = new HashingTF({ inputCol: "words", outputCol: "counts", numFeatures: 16 }).transform(words);
  return { ...plain, rows, words, counts };
}

/** The same in Python. */
export const PYTHON = `
rows, texts, ratings, baskets, gaps, sets = [spark.sql(text) for text in given["sql"].values()]
rows = VectorAssembler(inputCols=["views", "duration"], outputCol="features").transform(rows)
rows = PolynomialExpansion(inputCol="features", outputCol="powers").transform(rows)
words = Tokenizer(inputCol="text", outputCol="words").transform(texts)
counts = HashingTF(inputCol="words", outputCol="counts", numFeatures=16).transform(words)
`;
