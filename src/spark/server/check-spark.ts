import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../errors.ts";
import { findSpark } from "./find-spark.ts";
import { installFolder } from "./folders.ts";
import type { SparkHome } from "./types.ts";

/** Jars that every Spark from 4.0 on has, and without which a server does not come up. */
const NEEDED = [
  ...["catalyst", "common-utils", "connect", "core", "kvstore", "launcher", "network-common", "network-shuffle"],
  ...["sketch", "sql", "sql-api", "tags", "unsafe", "variant"],
];
/** A zip ends with its list of contents, and this is how the end of that begins. */
const ZIP_END = Buffer.from("PK\x05\x06", "latin1");
const END_BYTES = 66_000;

/**
 * The Spark that a server would be started from, when it is whole: every jar that Spark itself is made of is there, and every jar has its end. Undefined where no Spark is
 * named, installed or on PATH.
 *
 * @throws {UsageError} E_NO_SPARK, E_OLD_SPARK, E_HALF_SPARK
 * @example
 * checkSparkHome()?.version; // "4.0.1"
 */
export function checkSparkHome(): SparkHome | undefined {
  let spark: SparkHome;
  try {
    spark = findSpark();
  } catch (error) {
    const isNone = error instanceof UsageError && error.message.startsWith("no Spark was found");
    if (!isNone) throw error;
    const left = leftBehind();
    if (left) throw new UsageError("E_HALF_SPARK", `an installation of Spark was cut off: ${left} is left of it`);
    return undefined;
  }
  const jars = path.join(spark.folder, "jars");
  const names = readdirSync(jars);
  const missing = NEEDED.find((part) => !names.some((name) => name.startsWith(`spark-${part}_${spark.scala}-`)));
  if (missing)
    throw new UsageError(
      "E_HALF_SPARK",
      `jars/spark-${missing}_${spark.scala}-${spark.version}.jar is missing in ${spark.folder}`,
    );
  const broken = names.find((name) => name.endsWith(".jar") && !isWhole(path.join(jars, name)));
  if (broken) throw new UsageError("E_HALF_SPARK", `jars/${broken} in ${spark.folder} is cut off`);
  return spark;
}

function leftBehind(): string | undefined {
  const folder = installFolder();
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).find((name) => /^(?:spark-.*\.unpacking|pyspark-.*\.tar\.gz.*)$/.test(name));
}

function isWhole(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    readSync(descriptor, end, 0, end.length, size - end.length);
    return end.includes(ZIP_END);
  } finally {
    closeSync(descriptor);
  }
}
