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
  const setter = lowerFirst(/\.set([A-Z]\w*) is not a function$/.exec(message)?.[1] ?? "");
  if (PARAMETERS.has(setter)) return `parameters of Spark ML are named when it is made: { ${setter}: … }`;
  const getter = lowerFirst(/\.get([A-Z]\w*) is not a function$/.exec(message)?.[1] ?? "");
  if (PARAMETERS.has(getter))
    return `parameters of Spark ML that were set are in params: operator.params.${getter}; explainParams() tells the others`;
  const absent = /^Cannot read properties of undefined \(reading '(\w+)'\)$/.exec(message)?.[1];
  if (absent !== undefined) return ofAbsentMember(line ?? "", absent);
  if (/\.withWatermark is not a function$/.test(message)) return OF_STREAMS;
  return OF_PYTHON_FUNCTIONS.test(message) ? OF_UDF : undefined;
}

/** What PySpark has in `pyspark.sql.types` and `pyspark.ml.linalg`, and a cell imports in vain. */
export function absentSparkName(name: string): string | undefined {
  if (/^(?:Dense|Sparse)?Vectors?$/.test(name))
    return 'a vector is an array of numbers; F.array_to_vector("features") makes one of Spark\'s of a column of arrays';
  return /^Struct(?:Type|Field)$|^(?:Array|Map|String|Integer|Long|Double|Float|Boolean|Date|Timestamp|Decimal)Type$/.test(
    name,
  )
    ? 'types are said in Spark\'s words: schema("id bigint, name string, tags array<string>"), or in place of a schema'
    : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Used in place of what it promises. */
const QUESTION = /\.(columns|dtypes|schema)(?: is not iterable|\.\w+ is not a function)/;

/** A row is taken of what is still promised. */
const ROWS_ASKED = /(?<!await\s[^()]*)\.(collect|take|head|tail)\([^()]*\)\s*\[/;

/** PySpark's ways for functions of Python's. */
const OF_PYTHON_FUNCTIONS =
  /(?:^|\.)(?:(?:pandas_)?udf|udtf|mapIn(?:Pandas|Arrow)|applyIn(?:Pandas|Arrow)(?:WithState)?|foreachPartition) is not (?:a function|defined)$/;

const OF_UDF =
  "functions of one's own do not go to Spark: write it with F or in SQL (F.expr), or work through the rows here, below %%chunked";

function ofAbsentMember(line: string, member: string): string | undefined {
  const asked = ROWS_ASKED.exec(line)?.[1];
  if (asked !== undefined)
    return `${asked}() asks the server, where that is of a Spark frame: (await frame.${asked}(…))[0].${member}`;
  const owner = new RegExp(`\\.(\\w+)\\s*\\.${member}\\b`).exec(line)?.[1];
  if (owner === "rdd")
    return "Spark Connect has no RDDs: frames have select, groupBy and the rest, rows here are await frame.collect()";
  if (owner === "sparkContext")
    return "Spark Connect has no SparkContext: spark.createDataFrame(rows) makes a frame, spark.read reads files, spark.conf has the settings";
  if (owner === "udf" || owner === "udtf") return OF_UDF;
  if (owner === "readStream" || owner === "writeStream") return OF_STREAMS;
  if (owner === "plot" && OF_PLOTS.has(member))
    return "of a Spark frame take an aggregate or a few rows here, await frame.toDanfo(1000), and draw those with a library for charts";
  return owner !== undefined && OF_COLUMNS.has(member)
    ? `if ${owner} is a column of a Spark frame, it is frame.col("${owner}") or F.col("${owner}")`
    : undefined;
}

const OF_STREAMS =
  "streams of Spark are not offered: spark.read and frame.write take what is there, again whenever a cell runs";

const OF_PLOTS: ReadonlySet<string> = new Set("area bar barh box hist kde line pie scatter".split(" "));

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
