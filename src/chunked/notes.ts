import { parseDtypes } from "../query/dtypes.ts";
import type { LocalSource } from "./source.ts";

/** What a reader of a result should know about its source: how files differ, and what declared types do to values. */
export function sourceNotes(
  { drift }: LocalSource,
  dtype: string | Readonly<Record<string, string>> | undefined,
): string[] {
  return [...driftNotes(drift), ...lossyNotes(dtype)];
}

/** How files differ, as their readers find out. */
export function driftNotes(drift: string | undefined): string[] {
  return drift === undefined ? [] : [`the files differ: ${drift}; they are joined by the names of columns`];
}

/** What declared types do to values, for captions. */
function lossyNotes(dtype: string | Readonly<Record<string, string>> | undefined): string[] {
  const narrow = Object.entries(parseDtypes(dtype ?? {})).filter(([, type]) => type === "float32");
  if (narrow.length === 0) return [];
  return [
    `lossy: float32 rounds each value of ${narrow.map(([name]) => name).join(", ")} to about 7 digits; sums are float64`,
  ];
}
