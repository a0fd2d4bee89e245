import type { SparkSession } from "./session.ts";

let active: SparkSession | undefined;

/** The session that this process uses where none is named; undefined when there is none or it was stopped. */
export function activeSession(): SparkSession | undefined {
  return active?.isStopped ? undefined : active;
}

export function setActiveSession(session: SparkSession | undefined): void {
  active = session;
}
