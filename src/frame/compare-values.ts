import { compareText } from "./compare-text.ts";

/**
 * The order of keys and values, the same as the engines': ascending, texts by code point, false before true, NaN after every number, null
 * last.
 */
export function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  const [left, right] = [a, b] as [number, number];
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}
