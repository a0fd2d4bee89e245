import type { Aggregate } from "../../query/query.ts";

/** An aggregate in Spark's SQL, to the meaning that the local engines give it. */
export function sparkAggregate({ fn, at = 0.5 }: Aggregate, column: string, type: string, rank: string): string {
  const double = `CAST(${type === "bool" ? `CAST(${column} AS INT)` : column} AS DOUBLE)`;
  switch (fn) {
    case "count":
      return `count(${column})`;
    case "sum":
      return sum(column, type);
    case "mean":
      return `try_divide(CAST(${sum(column, type)} AS DOUBLE), CAST(count(${column}) AS DOUBLE))`;
    case "min":
    case "max":
      return `${fn}(${column})`;
    case "var":
      return `var_samp(${double})`;
    case "std":
      return `stddev_samp(${double})`;
    case "nunique":
      return `count(DISTINCT ${column})`;
    case "median":
    case "quantile":
      return quantile(double, at);
    case "mode":
      // Of those that are equally frequent the smallest.
      return `mode() WITHIN GROUP (ORDER BY ${column})`;
    case "any":
    case "all":
      return `${fn === "any" ? "bool_or" : "bool_and"}(${type === "bool" ? column : `${column} <> 0`})`;
    case "first":
      return `min_by(${column}, ${rank}) FILTER (WHERE ${column} IS NOT NULL)`;
    case "last":
      return `max_by(${column}, ${rank}) FILTER (WHERE ${column} IS NOT NULL)`;
    case "list":
      return `transform(array_sort(collect_list(struct(${rank} AS at, ${column} AS value))), item -> item.value)`;
  }
}

/**
 * Spark's own gives NaN beside an infinity: with a large number in its place the quantile is found, and is infinite where that number
 * has a share in it.
 */
function quantile(double: string, at: number): string {
  const isInfinite = `abs(${double}) = double('infinity')`;
  const found = `percentile(CASE WHEN ${isInfinite} THEN sign(${double}) * 1e300D ELSE ${double} END, ${at}D)`;
  return `CASE WHEN bool_or(${isInfinite}) AND NOT isnan(${found}) AND abs(${found}) > 1e280D THEN sign(${found}) * double('infinity') ELSE ${found} END`;
}

/** Integers of 64 bits are added in halves, which cannot overflow and are faster than decimals. */
function sum(column: string, type: string): string {
  if (type.startsWith("float")) return `sum(CAST(${column} AS DOUBLE))`;
  if (type === "bool") return `sum(CAST(CAST(${column} AS INT) AS BIGINT))`;
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(type);
  // Spark gives a sum ten digits more than its values have, and no more than 38.
  if (decimal) return `sum(CAST(${column} AS DECIMAL(${Math.max(28, Number(decimal[1]))}, ${decimal[2]})))`;
  if (type === "uint64") return `sum(${column})`;
  if (type !== "int64") return `sum(CAST(${column} AS BIGINT))`;
  const high = `CAST(sum(shiftright(${column}, 32)) AS DECIMAL(20, 0)) * CAST(4294967296 AS DECIMAL(11, 0))`;
  return `CAST(${high} + CAST(sum(${column} & 4294967295) AS DECIMAL(20, 0)) AS DECIMAL(38, 0))`;
}
