import { UsageError } from "../../src/errors.ts";
import type { MimeBundle } from "../link/messages.ts";

/**
 * A bundle as it goes over the link and to the front end, which is JSON. What an object says of itself may be anything.
 *
 * @throws {UsageError} E_NOT_JSON
 */
export function forWire(bundle: MimeBundle, what = "a rich output"): MimeBundle {
  if (Object.values(bundle).every((content) => typeof content === "string")) return { ...bundle };
  try {
    return JSON.parse(JSON.stringify(bundle));
  } catch (cause) {
    throw new UsageError("E_NOT_JSON", `${what} holds something that JSON cannot`, {
      cause,
      hint: "use texts, numbers, arrays and plain objects; of a bigint take String(n) or Number(n)",
    });
  }
}
