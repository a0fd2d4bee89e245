import { countOf } from "../units.ts";

/** What a column of several kinds of values holds, the most frequent kind first; nothing of one that has a single kind. */
export function kindsRemark(values: Iterable<unknown>): string[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    const kind = kindOf(value);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (counts.size < 2) return [];
  const kinds = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => countOf(count, kind));
  return [`holds values of several kinds, which Arrow has as text alone: ${kinds.join(", ")}`];
}

function kindOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return "date";
  if (value instanceof Uint8Array) return "byte array";
  if (Array.isArray(value)) return "list";
  return WORDS[typeof value] ?? typeof value;
}

const WORDS: Readonly<Record<string, string>> = { string: "text", boolean: "truth value", bigint: "number" };
