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
  [/\bGoogleHadoopFileSystem not found/, "com.google.cloud.bigdataoss:gcs-connector:VERSION"],
  [/data source: avro\b|`avro`\.`/i, "org.apache.spark:spark-avro_2.13:SPARK"],
  [/data source: kafka\b/i, "org.apache.spark:spark-sql-kafka-0-10_2.13:SPARK"],
  [
    /data source: delta\b|`delta`\.`/i,
    "io.delta:NAME:VERSION",
    "with it spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
  ],
  [
    /data source: iceberg\b|`iceberg`\.`/i,
    "org.apache.iceberg:NAME:VERSION",
    "with it spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions and spark.sql.catalog.NAME=org.apache.iceberg.spark.SparkCatalog",
  ],
  [/data source: /i, "GROUP:NAME:VERSION"],
  [
    /No suitable driver\b/,
    "GROUP:NAME:VERSION",
    'a driver that came so is named with each read and write, as in { driver: "org.postgresql.Driver" }',
  ],
];

/** What a word in coordinates stands for that is not the server's own version. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/HADOOP/, "HADOOP is the version in the name of hadoop-client-api among Spark's jars"],
  [/NAME|VERSION/, "whoever makes it says which fits this Spark"],
];

/** How to get jars that are missing; undefined for messages about something else. */
export function hintForJars(message: string, version: string): string | undefined {
  const [, coordinates, settings] = JARS.find(([said]) => said.test(message)) ?? [];
  if (coordinates === undefined) return undefined;
  const jars = coordinates.replace("SPARK", version);
  const word = WORDS.find(([pattern]) => pattern.test(jars))?.[1];
  return [
    `Spark ${version} needs a jar for it, which a server gets when it starts: %spark start --conf spark.jars.packages=${jars}`,
    ...(word === undefined ? [] : [word]),
    ...(settings === undefined ? [] : [settings]),
  ].join("; ");
}
