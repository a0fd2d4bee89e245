import { MIME } from "../../src/render/bundle.ts";
import type { MimeBundle } from "../link/messages.ts";

/** A value as JSON for `--json`, with the same as text. */
export function jsonBundle(value: unknown): MimeBundle {
  const text = jsonText(value);
  return { [MIME.json]: JSON.parse(text), [MIME.text]: text };
}

/** Dates are ISO text; integers past 2^53 are text, so that no reader rounds them. */
export function jsonText(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? bigintJson(part) : part), 2) ?? "null"
  );
}

function bigintJson(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
