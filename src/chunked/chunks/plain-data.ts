import { types } from "node:util";
import { UsageError } from "../../errors.ts";
import { isFrame, isSeries } from "../../frame/frame.ts";
import { isPlain } from "../../frame/plain-rows.ts";

/**
 * Holds that a value is data that comes back from a file as it was.
 *
 * @throws {UsageError} E_CHECKPOINT
 */
export function requirePlain(value: unknown): void {
  const odd = oddPart(value, new Set());
  if (odd === undefined) return;
  throw new UsageError("E_CHECKPOINT", `the value of the chunk has ${odd} in it, which a checkpoint cannot keep`, {
    hint: "give an aggregate of the chunk, numbers, texts, dates, arrays or plain objects, or frames with --merge concat; or leave the checkpoint out",
  });
}

/** What in a value would come back as something else. */
function oddPart(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (types.isDate(value) || types.isRegExp(value) || types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value))
    return undefined;
  const parts = partsOf(value);
  if (parts === undefined) return isFrame(value) || isSeries(value) ? "a frame" : `a ${className(value)}`;
  for (const part of parts) {
    const odd = oddPart(part, seen);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function partsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (types.isMap(value)) return [...value.keys(), ...value.values()];
  if (types.isSet(value)) return value;
  return isPlain(value) ? Object.values(value) : undefined;
}

function className(value: object): string {
  return String(Object.getPrototypeOf(value)?.constructor?.name ?? "object");
}
