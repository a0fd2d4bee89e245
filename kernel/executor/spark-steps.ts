/**
 * What to do where PySpark's way is not that of these frames; `line` is the line of the cell on which the error rose.
 *
 * @example
 * sparkStep("frame.columns.map is not a function", "frame.columns.map(F.col)"); // "columns asks the server: (await frame.columns())"
 */
export function sparkStep(message: string, line: string | undefined): string | undefined {
  const question = QUESTION.exec(message)?.[1];
  if (question !== undefined)
    return `${question} asks the server, where that is of a Spark frame: await frame.${question}()`;
  const setter = /\.set([A-Z]\w*) is not a function$/.exec(message)?.[1] ?? "";
  const parameter = setter.charAt(0).toLowerCase() + setter.slice(1);
  if (PARAMETERS.has(parameter)) return `parameters of Spark ML are named when it is made: { ${parameter}: … }`;
  const absent = /^Cannot read properties of undefined \(reading '(\w+)'\)$/.exec(message)?.[1];
  if (absent !== undefined) return ofAbsentMember(line ?? "", absent);
  return /(?:^|\.)(?:pandas_)?udf is not (?:a function|defined)$/.test(message) ? OF_UDF : undefined;
}

/** Used in place of what it promises. */
const QUESTION = /\.(columns|dtypes|schema)(?: is not iterable|\.\w+ is not a function)/;

const OF_UDF =
  "functions of one's own do not go to Spark: write it with F or in SQL (F.expr), or work through the rows here, below %%chunked";

function ofAbsentMember(line: string, member: string): string | undefined {
  const owner = new RegExp(`\\.(\\w+)\\s*\\.${member}\\b`).exec(line)?.[1];
  if (owner === "rdd")
    return "Spark Connect has no RDDs: frames have select, groupBy and the rest, rows here are await frame.collect()";
  if (owner === "sparkContext")
    return "Spark Connect has no SparkContext: spark.createDataFrame(rows) makes a frame, spark.read reads files, spark.conf has the settings";
  return owner !== undefined && OF_COLUMNS.has(member)
    ? `if ${owner} is a column of a Spark frame, it is frame.col("${owner}") or F.col("${owner}")`
    : undefined;
}

/** What columns have and few other things. */
const OF_COLUMNS: ReadonlySet<string> = new Set(
  `alias asc between cast desc eqNullSafe getField getItem ilike isin isNaN isNotNull isNull isnull like otherwise over
  rlike when withField`.split(/\s+/),
);

/** Those that tutorials set one by one. */
const PARAMETERS: ReadonlySet<string> = new Set(
  `elasticNetParam estimator estimatorParamMaps evaluator featuresCol handleInvalid inputCol inputCols k labelCol
  maxBins maxDepth maxIter metricName numFolds numTrees outputCol outputCols predictionCol probabilityCol rank
  regParam seed stages stepSize threshold tol userCol itemCol ratingCol weightCol withMean withStd`.split(/\s+/),
);
