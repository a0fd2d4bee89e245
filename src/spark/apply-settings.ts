import type { SparkClient } from "./connect/client.ts";

/** Catalogs by names of people's own, and what comes with their tables: Spark knows none of these before, and reads them when they are used. */
const OF_TABLES = /^spark\.sql\.(catalog|iceberg)\./;

/**
 * Sets settings of a session and gives the keys of those that are fixed. Asks the server in any case, so that a session that is gone
 * is noticed.
 */
export async function applySettings(
  client: SparkClient,
  pairs: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const keys = Object.keys(pairs);
  const isModifiable = await client.settings.areModifiable(keys);
  // Spark says the same of a setting that is fixed and of one that it does not know, but only the second can be set.
  const fixed = keys.filter(
    (key) => key.startsWith("spark.sql.") && !OF_TABLES.test(key) && isModifiable.get(key) === false,
  );
  const rest = Object.fromEntries(Object.entries(pairs).filter(([key]) => !fixed.includes(key)));
  if (Object.keys(rest).length > 0) await client.settings.set(rest);
  return fixed;
}
