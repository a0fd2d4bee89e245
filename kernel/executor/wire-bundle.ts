import { UsageError } from "../../src/errors.ts";
import { formatBytes } from "../../src/units.ts";
import type { MimeBundle } from "../link/messages.ts";

/** Beyond it no front end can show an output, and a notebook that holds it cannot be opened. A text of 512 MB no JavaScript can hold. */
const MOST_CHARS = 100_000_000;

/**
 * A bundle as it goes over the link and to the front end, which is JSON. What an object says of itself may be anything.
 *
 * @throws {UsageError} E_NOT_JSON, E_OUTPUT_TOO_LARGE
 */
export function forWire(bundle: MimeBundle, what = "a rich output"): MimeBundle {
  const contents = Object.values(bundle);
  if (contents.every((content) => typeof content === "string")) {
    refuseLarge(
      contents.reduce((sum, { length }) => sum + length, 0),
      what,
    );
    return { ...bundle };
  }
  const text = textOf(bundle, what);
  refuseLarge(text.length, what);
  return JSON.parse(text);
}

function textOf(bundle: MimeBundle, what: string): string {
  try {
    const text: string | undefined = JSON.stringify(bundle);
    if (text !== undefined) return text;
  } catch (cause) {
    if (cause instanceof RangeError && /string length/.test(cause.message)) refuseLarge(Number.POSITIVE_INFINITY, what);
    throw notJson(what, cause);
  }
  // Its `toJSON` gave nothing.
  throw notJson(what);
}

function notJson(what: string, cause?: unknown): UsageError {
  return new UsageError("E_NOT_JSON", `${what} holds something that JSON cannot`, {
    cause,
    hint: "use texts, numbers, arrays and plain objects; of a bigint take String(n) or Number(n)",
  });
}

function refuseLarge(chars: number, what: string): void {
  if (chars <= MOST_CHARS) return;
  const size = Number.isFinite(chars) ? `has ${formatBytes(chars)}` : "is larger than a text can be";
  throw new UsageError("E_OUTPUT_TOO_LARGE", `${what} ${size}; at most ${formatBytes(MOST_CHARS)} go to the notebook`, {
    hint: "show a part of it, or write it to a file and show its path",
  });
}
