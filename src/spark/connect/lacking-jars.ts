/** What Spark can do only with jars that it does not bring, by what it says without them; the jars' coordinates; settings that go with them. */
const JARS: readonly (readonly [said: RegExp, coordinates: string, settings?: string])[] = [
  [
    /\bs3a\.S3AFileSystem not found/,
    "org.apache.hadoop:hadoop-aws:HADOOP",
    "keys are spark.hadoop.fs.s3a.access.key and spark.hadoop.fs.s3a.secret.key",
  ],
  [
    /\bazurebfs\.\w+ not found/,
    "org.apache.hadoop:hadoop-azure:HADOOP",
    "a key is spark.hadoop.fs.azure.account.key.ACCOUNT.dfs.core.windows.net",
  ],
  [/\bhadoop\.fs\.gs\.GoogleHadoopFileSystem not found/, "org.apache.hadoop:hadoop-gcp:HADOOP"],
  [unknown("avro"), "org.apache.spark:spark-avro_2.13:VERSION"],
  [unknown("kafka"), "org.apache.spark:spark-sql-kafka-0-10_2.13:VERSION"],
  [
    unknown("delta"),
    "io.delta:NAME:VERSION",
    "with it spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
  ],
  [
    unknown("iceberg"),
    "org.apache.iceberg:NAME:VERSION",
    "with it spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions and spark.sql.catalog.NAME=org.apache.iceberg.spark.SparkCatalog",
  ],
  [
    // The second is all that Java says of a class that it does not find.
    /^No suitable driver\b|^[\w.]+\.\w*Driver$/,
    "GROUP:NAME:VERSION",
    'a driver that came so is named with each read and write, as in { driver: "org.postgresql.Driver" }',
  ],
];

/** What a word in coordinates stands for: a jar of Spark's own version is not always published. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/HADOOP/, "HADOOP is the version in the name of hadoop-client-api among Spark's jars"],
  [/NAME|VERSION/, "whoever makes it says which fits this Spark"],
];

/** What Spark says of a format that it does not know, in SQL on files too: there a table of that schema has no such name. */
function unknown(format: string): RegExp {
  return new RegExp(
    `^\\[\\w*DATA_SOURCE_NOT_\\w+\\] .*?data source: ${format}\\.|^\\[TABLE_OR_VIEW_NOT_FOUND\\] [^\`]*\`${format}\`\\.\`[^\`]*[/:]`,
    "i",
  );
}

/** How to get jars that are missing; undefined for messages about something else. */
export function hintForJars(message: string, version: string): string | undefined {
  const [, coordinates, settings] = JARS.find(([said]) => said.test(message)) ?? [];
  if (coordinates === undefined) return undefined;
  const word = WORDS.find(([pattern]) => pattern.test(coordinates))?.[1];
  return [
    `Spark ${version} needs a jar for it, which a server gets when it starts: %spark start --conf spark.jars.packages=${coordinates}`,
    ...(word === undefined ? [] : [word]),
    ...(settings === undefined ? [] : [settings]),
  ].join("; ");
}
