import { UsageError } from "../../errors.ts";

/** A question to a session that was stopped. */
export function sessionClosed(): UsageError {
  return new UsageError("E_SPARK_CLOSED", "this Spark session is closed", {
    hint: "frames end with their session: make this one again from the session that is open now",
  });
}
