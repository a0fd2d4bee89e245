import { UsageError } from "../errors.ts";
import type { SparkSession } from "./session.ts";

let active: SparkSession | undefined;

/** The session that this process uses where none is named; undefined when there is none or it was stopped. */
export function activeSession(): SparkSession | undefined {
  return active?.isStopped ? undefined : active;
}

/** @throws {UsageError} E_NO_SPARK_SESSION when there is none */
export function requireActiveSession(): SparkSession {
  const session = activeSession();
  if (session) return session;
  throw new UsageError("E_NO_SPARK_SESSION", "no Spark session is active", {
    hint: "open one: await SparkSession.builder.getOrCreate()",
  });
}

export function setActiveSession(session: SparkSession | undefined): void {
  active = session;
}
