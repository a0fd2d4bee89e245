import { UsageError } from "../errors.ts";
import type { SparkClient } from "./connect/client.ts";

/** @throws {UsageError} E_SPARK_VERSION where the server is older than what has this */
export async function requireVersion(client: SparkClient, least: `4.${number}`, what: string): Promise<void> {
  const version = await client.version();
  if (version.localeCompare(least, "en", { numeric: true }) >= 0) return;
  throw new UsageError("E_SPARK_VERSION", `${what} needs Spark ${least} or newer, and the server is Spark ${version}`, {
    hint: "connect to a newer server for it",
  });
}
