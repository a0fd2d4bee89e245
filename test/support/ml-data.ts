import type { SparkDataFrame, SparkSession } from "../../src/index.ts";

/** Two thousand rows in two partitions: two numbers, a word, and labels of two and of three classes that depend on them with some noise. */
export const ML_SQL = `
SELECT id, views, duration, country, score,
  CAST(score > 60 AS DOUBLE) AS label,
  CAST(CASE WHEN score < 45 THEN 0 WHEN score < 70 THEN 1 ELSE 2 END AS DOUBLE) AS class
FROM (
  SELECT id, views, duration, country, views * 2.5 + duration / 30 + id * 7919 % 13 AS score
  FROM (
    SELECT id, CAST(id * 31 % 17 AS DOUBLE) AS views, CAST(id * 97 % 1009 AS DOUBLE) AS duration,
      element_at(array('de', 'fr', 'it', 'us'), CAST(1 + id * id % 4 AS INT)) AS country
    FROM range(0, 2000, 1, 2)
  )
)`;

export function mlData(spark: SparkSession): Promise<SparkDataFrame> {
  return spark.sql(ML_SQL);
}
