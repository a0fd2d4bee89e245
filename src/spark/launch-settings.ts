import path from "node:path";
import { parseBytes } from "../units.ts";
import type { ServerSettings, SparkServerOptions } from "./server/types.ts";

type Pairs = Readonly<Record<string, string>>;

/** Settings that begin as those of a session do, and that Spark reads once. */
const STATIC =
  /^spark\.sql\.(warehouse\.dir|extensions|catalogImplementation|globalTempDatabase|cache\.serializer|queryExecutionListeners|codegen\.cache\.maxEntries|filesourceTableRelationCacheSize|artifact\.|event\.|hive\.metastore\.|streaming\.streamingQueryListeners|ui\.|sources\.schemaStringLengthThreshold|(broadcastExchange|subquery)\.maxThreadThreshold)/;
const OF_A_SESSION = /^spark\.(sql|connect\.progress)\.|^(?!spark\.)/;
/** The name is one for each session: a server that differs by name alone could not be shared. */
const NAME = "spark.app.name";

/** Whether a session can change it at any time; all others are fixed when the server starts. */
export function isRuntime(key: string): boolean {
  return key === NAME || (OF_A_SESSION.test(key) && !STATIC.test(key));
}

/**
 * The settings of a builder as the options of a server.
 *
 * @example
 * serverOptions({ "spark.master": "local[2]", "spark.driver.memory": "4g" }); // { master: "local[2]", driverMemory: 4294967296 }
 */
export function serverOptions(pairs: Pairs): SparkServerOptions {
  const { "spark.master": master, "spark.driver.memory": memory, "spark.ui.enabled": ui, ...conf } = pairs;
  return {
    ...(master !== undefined && { master }),
    ...(memory !== undefined && { driverMemory: parseBytes(withUnit(memory)) }),
    ...(ui !== undefined && { ui: ui === "true" }),
    ...(Object.keys(conf).length > 0 && { conf }),
  };
}

/** With these another server is as this one was. */
export function optionsOf({ spark, java, master, driverMemory, conf, ui }: ServerSettings): SparkServerOptions {
  const javaHome = path.dirname(path.dirname(java.java));
  return { master, driverMemory, conf, ui, sparkHome: spark.folder, javaHome };
}

/** The keys among these whose values are not those of a server that runs. */
export function differing(pairs: Pairs, settings: ServerSettings): readonly string[] {
  const { master, driverMemory, ui, conf = {} } = serverOptions(pairs);
  return [
    ...(master !== undefined && master !== settings.master ? ["spark.master"] : []),
    ...(driverMemory !== undefined && driverMemory !== settings.driverMemory ? ["spark.driver.memory"] : []),
    ...(ui !== undefined && ui !== settings.ui ? ["spark.ui.enabled"] : []),
    ...Object.keys(conf).filter((key) => conf[key] !== settings.conf[key]),
  ];
}

/** A bare number is in MiB, as Java's memory is in Spark. */
function withUnit(memory: string): string {
  return /^\s*\d+\s*$/.test(memory) ? `${memory}m` : memory;
}
