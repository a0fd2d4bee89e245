import { EngineError } from "../errors.ts";
import type { SparkClient } from "./connect/client.ts";

/** Catalogs by names of people's own, and what comes with their tables: Spark knows none of these before, and reads them when they are used. */
const OF_TABLES = /^spark\.sql\.(catalog|iceberg)\./;

/** Spark takes it from a session, in which nothing reads it. */
const MASTER = "spark.master";

/** Keys of what is not as it seems. */
export interface Applied {
  /** Not set: the server has them from its start. */
  readonly fixed: readonly string[];
  /** Set, though Spark has no such setting: a slip, or of an extension. */
  readonly unknown: readonly string[];
}

/** Sets settings of a session. Asks the server in any case, so that a session that is gone is noticed. */
export async function applySettings(client: SparkClient, pairs: Readonly<Record<string, string>>): Promise<Applied> {
  const isModifiable = await client.settings.areModifiable(Object.keys(pairs));
  // Spark says the same of a setting that is fixed and of one that it does not know, but only the second can be set.
  const isDoubtful = (key: string) => /^spark\.(?!app\.name$)/.test(key) && isModifiable.get(key) === false;
  const rest = Object.entries(pairs).filter(([key]) => !isDoubtful(key));
  if (rest.length > 0) await client.settings.set(Object.fromEntries(rest));
  const fixed: string[] = [];
  const unknown: string[] = [];
  for (const key of Object.keys(pairs).filter(isDoubtful)) {
    const isSet = key !== MASTER && (await canSet(client, key, pairs[key] ?? ""));
    if (!isSet) fixed.push(key);
    else if (!OF_TABLES.test(key)) unknown.push(key);
  }
  return { fixed, unknown };
}

async function canSet(client: SparkClient, key: string, value: string): Promise<boolean> {
  try {
    await client.settings.set({ [key]: value });
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code.startsWith("E_SPARK_CANNOT_MODIFY")) return false;
    throw error;
  }
}
