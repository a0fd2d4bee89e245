import type { ProgressListener } from "../../src/progress.ts";
import type { SparkSession } from "../../src/spark/session.ts";
import { withProgress } from "../display/progress.ts";
import type { MagicContext } from "./magic.ts";

/** The active session; without one Spark is found, and started when it must be. */
export async function openedSession(context: MagicContext, onProgress: ProgressListener): Promise<SparkSession> {
  const { SparkSession: Session } = await import("../../src/spark/session.ts");
  return Session.builder.getOrCreate({
    signal: context.signal,
    onProgress,
    onWarning: (message) => context.print(`${message}\n`),
  });
}

/** The same, with a bar of its own. */
export function sparkSession(context: MagicContext): Promise<SparkSession> {
  return withProgress(context.progress(), (onProgress) => openedSession(context, onProgress));
}
