import { parseDtypes } from "../query/dtypes.ts";

/** What declared types do to values, for captions. */
export function lossyNotes(dtype: string | Readonly<Record<string, string>> | undefined): string[] {
  const narrow = Object.entries(parseDtypes(dtype ?? {})).filter(([, type]) => type === "float32");
  if (narrow.length === 0) return [];
  return [
    `lossy: float32 rounds each value of ${narrow.map(([name]) => name).join(", ")} to about 7 digits; sums are float64`,
  ];
}
