import { countOf } from "../units.ts";

/** Values between two looks at the clock. */
const SLICE = 16_384;

/** What a column of several kinds of values holds, the most frequent kind first; nothing of one that has a single kind. */
export async function kindsRemark(values: readonly unknown[], pause: () => Promise<void>): Promise<string[]> {
  const counts = new Map<string, number>();
  for (let from = 0; from < values.length; from += SLICE) {
    for (let i = from; i < Math.min(from + SLICE, values.length); i++) {
      const kind = kindOf(values[i]);
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    await pause();
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
