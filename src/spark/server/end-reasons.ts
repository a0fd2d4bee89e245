import { OutgrowError } from "../../errors.ts";
import type { JavaProcess } from "./java-process.ts";
import type { Failure } from "./messages.ts";

/** An error in the form in which a keeper tells it to its leases. */
export function failureOf(error: unknown): Failure {
  if (error instanceof OutgrowError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "E_SPARK_DIED", message: error instanceof Error ? error.message : String(error) };
}

export function endedEarly(java: JavaProcess, how: string): never {
  throw java.failure(`Spark ended while it started (${how})`);
}

/** Somebody asked for the end. */
export const STOPPED: Failure = {
  code: "E_SPARK_STOPPED",
  message: "the Spark server was stopped",
  hint: "%spark start starts it again",
};
