import { checkSparkHome } from "../../src/spark/server/check-spark.ts";
import { findJava } from "../../src/spark/server/find-java.ts";
import type { SparkHome } from "../../src/spark/server/types.ts";
import { attempt, commandLine, type Finding, quote } from "./finding.ts";

/** A Spark that is there must be whole, and have a Java; without one nothing is wrong. */
export async function* checkSpark(): AsyncGenerator<Finding> {
  let spark: SparkHome | undefined;
  const home = await attempt("Spark", sparkCure, () => {
    spark = checkSparkHome();
    return spark ? `${spark.version} in ${spark.folder}` : `none; ${commandLine("spark install")} fetches one`;
  });
  yield home;
  if (home.ok && !spark) return;
  yield attempt("Java", javaCure, async () => {
    const { java, version } = await findJava();
    return `${version} in ${java}`;
  });
}

function sparkCure(error: unknown): string {
  const install = commandLine("spark install");
  if (process.env.SPARK_HOME) return `unset SPARK_HOME && ${install}`;
  const folder = / in (\/.*\/spark-[\d.]+)(?: is cut off)?$/.exec((error as Error).message)?.[1];
  return folder ? `rm -r ${quote(folder)} && ${install}` : install;
}

function javaCure(): string {
  return process.env.JAVA_HOME ? `unset JAVA_HOME && ${commandLine("spark install")}` : commandLine("spark install");
}
