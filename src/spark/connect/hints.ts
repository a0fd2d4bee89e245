import { hintForJars } from "./lacking-jars.ts";

/** What to do about what Spark says: the first pattern that fits the error class, or where there is none the message. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^TABLE_OR_VIEW_NOT_FOUND/, "SHOW TABLES lists what is there; temporary views belong to one session"],
  [
    /^UNRESOLVED_COLUMN_AMONG_FIELD_NAMES/,
    "printSchema() shows the columns; unionByName(other, true) takes null for those that one side lacks",
  ],
  [/^UNRESOLVED_COLUMN/, "printSchema() shows the columns"],
  [
    /^AMBIGUOUS_REFERENCE$/,
    'say whose it is: left.col("id"), in SQL left.id; or join by the name, left.join(right, "id"), in SQL USING (id), which keeps one',
  ],
  [
    /^CANNOT_RESOLVE_DATAFRAME_COLUMN/,
    'columns are those of the frame itself or of frames that were joined into it; within a subquery the frame around it goes by an alias: frame.alias("f"), then col("f.id").outer()',
  ],
  [
    /^UNBOUND_SQL_PARAMETER/,
    "give it a value: spark.sql(text, { params: { name: value } }), or a list for ?; in %%spark ${} binds one",
  ],
  [
    /^The feature is not supported: Table .+ does not support (MERGE|UPDATE|DELETE)\b/,
    "Spark's own tables take no MERGE, UPDATE or DELETE, those of Delta and Iceberg do; here the changed rows are written as a new table: frame.write.saveAsTable(name)",
  ],
  [
    /^The feature is not supported: Table .+ does not support REPLACE TABLE\b/,
    'Spark\'s own tables are replaced by frame.write.mode("overwrite").saveAsTable(name)',
  ],
  [
    /^UNSUPPORTED_TIME_TYPE/,
    'times of day are off unless they are asked for: await spark.conf.set("spark.sql.timeType.enabled", true)',
  ],
  [
    /^REQUIRES_SINGLE_PART_NAMESPACE/,
    "Spark's own catalog has tables by database.table; a name before these is that of another catalog, which spark.sql.catalog.NAME makes known when the server starts",
  ],
  [/^FIELD_NOT_FOUND/, "printSchema() shows the columns; featuresCol, labelCol, inputCol and their like name them"],
  [
    /^DATA_SOURCE_NOT_FOUND/,
    "parquet, csv, json, orc, text, xml, jdbc and binaryFile come with Spark; another format needs a jar, which a server gets when it starts: %spark start --conf spark.jars.packages=GROUP:NAME:VERSION",
  ],
  [
    /^Syntax error at or near '\{'/,
    "a frame has a name in SQL by createOrReplaceTempView(name), a value as :name by spark.sql(text, { params: { name: value } })",
  ],
  [/^PARSE_(?!EMPTY)/, "mend the SQL at the caret"],
  [/^INVALID_ARRAY_INDEX$/, "F.get(column, index) gives null instead, in SQL get()"],
  [
    /^(CAST_INVALID_INPUT|DIVIDE_BY_ZERO|ARITHMETIC_OVERFLOW|INVALID_ARRAY_INDEX)/,
    "use the try_ form of the function, which gives NULL instead",
  ],
  [/^PATH_NOT_FOUND/, "paths are those of the server's machine, and the whole path is needed"],
  [/^CANNOT_MODIFY_(STATIC_)?CONFIG/, "this setting is fixed when the server starts"],
  [/^CONNECT_ML\.CACHE_INVALID/, "fit it again, or load it from where it was saved"],
  [
    /^CONNECT_ML\.(MODEL|ML_CACHE)_SIZE_OVERFLOW/,
    "take fewer or shallower trees, or delete() models that are not needed any more",
  ],
  [
    /Labels MUST/,
    "the labels of classes are 0, 1, 2… without nulls: StringIndexer makes such; for other numbers take a regressor",
  ],
  [
    /must be of type .*VectorUDT.* but was actually .*:array</,
    "a column of arrays becomes one of vectors by withColumn(name, F.array_to_vector(name))",
  ],
  [/must be of type \S*\s?\S*VectorUDT/, "put the columns together with VectorAssembler, and name its outputCol here"],
  [/must be of type numeric but was/, "words become numbers with StringIndexer"],
  [/^Data type string of column/, "words become numbers with StringIndexer, and these vectors with OneHotEncoder"],
  [/given empty dataset/, 'no row is left: see the filters, and what handleInvalid: "skip" leaves out'],
  [/(null|NaN) while assembling/, 'handleInvalid: "skip" leaves such rows out; na.fill() gives them values'],
  [/MUST NOT be NaN or Infinity/, "an Imputer fills the gaps of columns before they are put together"],
  [/Unseen label/, 'handleInvalid: "keep" gives unseen words an index of their own, "skip" leaves their rows out'],
  [
    /columns of A don't match the number of elements of x/,
    "write as many numbers as the vectors have that were fitted on",
  ],
  [
    /at least 1 non zero entry/,
    "a set is a vector with a number other than 0: filter empty ones out before they are hashed",
  ],
  [/vectors must have length=2/, "there are more than two classes: take MulticlassClassificationEvaluator"],
  [
    /^Checkpoint directory has not been set/,
    "localCheckpoint() needs none; a server gets one when it starts: %spark start --conf spark.checkpoint.dir=FOLDER",
  ],
  [/^PATH_ALREADY_EXISTS/, 'write.mode("overwrite") replaces it, of a pipeline write().overwrite().save(path)'],
  [/already exists\. To overwrite/, "write().overwrite().save(path) replaces it"],
  [/but found class name \S+/, "load it with the class that is named last"],
  [
    // Java's words for a method or a class that is not there as it was when somebody's code was compiled.
    /^'\S+ [\w.$<>]+\(.*\)'$|^org\/apache\/spark\/[\w/$]+$|^Receiver class \S+ does not define or inherit|^class \S+ can ?not (implement|inherit|access)/,
    "a jar that the server was given is made for another version of Spark: take the one for this version, or a Spark of that one",
  ],
  [
    /^Job aborted due to stage failure: (Exception while getting task result|[\s\S]*TaskResultLost)/,
    "what tasks hand to the driver does not fit into its memory, as a broadcast side or a large result: %spark start --driver-memory 8g gives it more",
  ],
  [/^No FileSystem for scheme "s3n?"/, "Spark's name for the addresses of S3 is s3a://bucket/path"],
];

/** What a server may not have yet. */
const LACKING: readonly (readonly [RegExp, string])[] = [
  [/^UNRESOLVED_ROUTINE/, "SHOW FUNCTIONS lists what there is"],
  [/^UNSUPPORTED_TYPED_LITERAL/, "it has no such literal; CAST('…' AS TYPE) makes a value of any type that it knows"],
  [/^UNSUPPORTED_DATATYPE/, "it knows no such type"],
];

export function hintFor(errorClass: string | undefined, message: string, version: string): string | undefined {
  const lack = LACKING.find(([pattern]) => pattern.test(errorClass ?? ""));
  if (lack) return `this server is Spark ${version}: ${lack[1]}`;
  const jars = hintForJars(message, version);
  if (jars) return jars;
  const said = message.replace(/^\[[^\]]+\] |^requirement failed: /, "");
  return HINTS.find(([pattern]) => (errorClass !== undefined && pattern.test(errorClass)) || pattern.test(said))?.[1];
}

/** Spark's own words, but where these are about another thing than happened. */
export function mendedMessage(errorClass: string | undefined, message: string): string {
  if (errorClass !== "CONNECT_ML.CACHE_INVALID") return message;
  const id = /object (\S+) from/.exec(message)?.[1];
  return `the model${id ? ` ${id}` : ""} is not on the server any more: it was deleted, or dropped after long disuse`;
}
