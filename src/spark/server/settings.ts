import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../errors.ts";
import { packageVersion } from "../../paths.ts";
import { formatCount } from "../../units.ts";
import { machine } from "../../verdict/machine.ts";
import { findJava } from "./find-java.ts";
import { findSpark } from "./find-spark.ts";
import type { ServerSettings, SparkServerOptions } from "./types.ts";

const GIB = 2 ** 30;
const IDLE_SECONDS = 300;
/** Four seconds on a machine that has nothing else to do, two minutes on one that is busy; whoever waits is told, and can stop it. */
const START_SECONDS = 300;
/** A week; a timer of Node's that waits longer than 24 days does not wait at all. */
const MOST_SECONDS = 604_800;
/** Spark refuses less: 300 MB are its own. */
const LEAST_HEAP = 450 * 2 ** 20;
/** Ours to set: a server that listens elsewhere, or has another token, is not the one that is handed out. */
const OURS = /^spark\.(connect\.(grpc\.binding\.address|authenticate\.token)|driver\.(host|bindAddress))$/;

/**
 * What the Java process will be: the options, then the machine. `spark-defaults.conf` of a Spark that people have set up counts.
 *
 * @throws {UsageError} for options that no server can have, and when there is no Spark or Java
 */
export async function resolveSettings(options: SparkServerOptions): Promise<ServerSettings> {
  const spark = findSpark(options.sparkHome);
  const java = await findJava(options.javaHome);
  const { cores, memory } = machine();
  const conf = { ...readDefaults(spark.folder), ...options.conf };
  checkConf(options.conf ?? {});
  const driverMemory = options.driverMemory ?? Math.min(16, Math.max(2, Math.floor((0.25 * memory) / GIB))) * GIB;
  if (driverMemory < LEAST_HEAP)
    throw new UsageError("E_BAD_OPTION", "driverMemory is less than the 450 MiB that Spark needs", {
      hint: "give it 1g or more",
    });
  const { "spark.master": confMaster, ...rest } = conf;
  return {
    spark,
    java,
    master: options.master ?? confMaster ?? `local[${cores}]`,
    driverMemory,
    conf: rest,
    ui: options.ui ?? false,
  };
}

/** Equal for servers that can be shared, in the words of this version of Outgrow. */
export function settingsKey(settings: ServerSettings): string {
  const conf = Object.entries(settings.conf).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([packageVersion(), { ...settings, conf }]))
    .digest("hex")
    .slice(0, 16);
}

/**
 * How long a server lives on and may take to start; a start without any time would fail whatever Java does.
 *
 * @throws {UsageError} E_BAD_OPTION
 */
export function resolveTimes(options: Pick<SparkServerOptions, "idleSeconds" | "startSeconds">) {
  const { idleSeconds = IDLE_SECONDS, startSeconds = START_SECONDS } = options;
  return {
    idleSeconds: seconds("idleSeconds", idleSeconds, 0),
    startSeconds: seconds("startSeconds", startSeconds, 1),
  };
}

function seconds(name: string, given: number, least: number): number {
  if (given >= least && given <= MOST_SECONDS) return given;
  throw new UsageError("E_BAD_OPTION", `${name} is ${given}, which is no such time`, {
    hint: `give seconds from ${least} to ${formatCount(MOST_SECONDS)}, a week`,
  });
}

function checkConf(conf: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(conf)) {
    if (!key.startsWith("spark."))
      throw new UsageError("E_BAD_CONF", `"${key}" is not a Spark setting`, { hint: "their names begin with spark." });
    if (OURS.test(key))
      throw new UsageError(
        "E_BAD_CONF",
        `"${key}" is set by Outgrow: its servers listen on loopback with a token of their own`,
        {
          hint: "leave it out",
        },
      );
    if (key === "spark.driver.memory")
      throw new UsageError("E_BAD_CONF", `"${key}" must be known before Java starts`, {
        hint: "use --driver-memory (the option driverMemory)",
      });
    if (/[\n\r]/.test(value)) throw new UsageError("E_BAD_CONF", `the value of "${key}" has a line break`);
  }
}

function readDefaults(sparkHome: string): Record<string, string> {
  const file = path.join(process.env.SPARK_CONF_DIR ?? path.join(sparkHome, "conf"), "spark-defaults.conf");
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, "utf8").split("\n");
  const pairs = lines.flatMap((line) => {
    const [, key, value] = /^\s*(spark\.[^\s=:]+)[\s=:]+(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined || OURS.test(key) || key === "spark.driver.memory"
      ? []
      : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}
