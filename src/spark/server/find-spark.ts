import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../errors.ts";
import { installFolder } from "./folders.ts";
import type { SparkHome } from "./types.ts";
import { INSTALL_HINT, LEAST_SPARK, requireSpark } from "./versions.ts";

const CORE_JAR = /^spark-core_([\d.]+)-(\d+\.\d+\.\d+.*)\.jar$/;
const CONNECT_JAR = /^spark-connect_[\d.]+-.*\.jar$/;

/**
 * The Spark that a server is started from: a given folder, SPARK_HOME, Outgrow's own, the one on PATH.
 *
 * @throws {UsageError} E_NO_SPARK, E_OLD_SPARK
 */
export function findSpark(given?: string): SparkHome {
  const named = given ?? process.env.SPARK_HOME;
  if (named) return namedSpark(named, given === undefined ? "SPARK_HOME" : "the folder given");
  const found = [...ownSpark(), ...onPath()].flatMap((folder) => readSpark(folder) ?? []);
  const fit = found.filter(({ version }) => Number.parseInt(version, 10) >= LEAST_SPARK);
  const able = fit.find(hasConnect);
  if (able) return able;
  if (fit[0]) throw withoutConnect(fit[0]);
  if (found[0]) requireSpark(found[0].version, found[0].folder);
  throw new UsageError("E_NO_SPARK", "no Spark was found: not in SPARK_HOME, of Outgrow's own, or on PATH", {
    hint: INSTALL_HINT,
  });
}

function namedSpark(folder: string, origin: string): SparkHome {
  const spark = readSpark(folder);
  if (!spark)
    throw new UsageError("E_NO_SPARK", `${origin} is "${folder}", where there is no jars/spark-core…jar`, {
      hint: `set SPARK_HOME to a folder of Spark, or unset it and run %spark install`,
    });
  requireSpark(spark.version, folder);
  if (!hasConnect(spark)) throw withoutConnect(spark);
  return spark;
}

function hasConnect({ folder }: SparkHome): boolean {
  return readdirSync(path.join(folder, "jars")).some((name) => CONNECT_JAR.test(name));
}

function withoutConnect({ version, folder }: SparkHome): UsageError {
  return new UsageError("E_NO_SPARK", `Spark ${version} in ${folder} has no Connect server (jars/spark-connect…jar)`, {
    hint: INSTALL_HINT,
  });
}

function readSpark(folder: string): SparkHome | undefined {
  const jars = path.join(folder, "jars");
  if (!existsSync(jars)) return undefined;
  const core = readdirSync(jars).flatMap((name) => CORE_JAR.exec(name) ?? []);
  const [, scala, version] = core;
  return scala && version ? { folder: realpathSync(folder), version, scala } : undefined;
}

/** Newest first. */
function ownSpark(): readonly string[] {
  const folder = installFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^spark-\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => path.join(folder, name));
}

function onPath(): readonly string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders
    .map((folder) => path.join(folder, "spark-submit"))
    .filter((script) => existsSync(script))
    .map((script) => path.dirname(path.dirname(realpathSync(script))));
}
