import { UsageError } from "../../src/errors.ts";
import type { Json } from "../wire/message.ts";

/** What a request must hold. Each of these throws a UsageError E_BAD_REQUEST, which becomes an error reply. */
export function text(content: Json, name: string, fallback?: string): string {
  const value = content[name] ?? fallback;
  if (typeof value === "string") return value;
  throw refuse(name, "a string", value);
}

export function number(content: Json, name: string): number | undefined {
  const value = content[name] ?? undefined;
  if (value === undefined || (typeof value === "number" && Number.isInteger(value))) return value;
  throw refuse(name, "a whole number", value);
}

export function flag(content: Json, name: string, fallback: boolean): boolean {
  const value = content[name] ?? fallback;
  if (typeof value === "boolean") return value;
  throw refuse(name, "true or false", value);
}

export function record(content: Json, name: string): Json {
  const value = content[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Json;
  throw refuse(name, "an object", value);
}

function refuse(name: string, wanted: string, value: unknown): UsageError {
  return new UsageError("E_BAD_REQUEST", `"${name}" must be ${wanted}, not ${JSON.stringify(value) ?? "absent"}`, {
    hint: "send what Jupyter's messaging protocol says for this request",
  });
}
