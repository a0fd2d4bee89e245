import type { SparkSession } from "../../src/spark/session.ts";
import { withProgress } from "../display/progress.ts";
import type { MagicContext } from "./magic.ts";

/** The active session; without one Spark is found, and started when it must be. */
export async function sparkSession(context: MagicContext): Promise<SparkSession> {
  const { SparkSession: Session } = await import("../../src/spark/session.ts");
  return withProgress(context.progress(), (onProgress) =>
    Session.builder.getOrCreate({
      signal: context.signal,
      onProgress,
      onWarning: (message) => context.print(`${message}\n`),
    }),
  );
}
