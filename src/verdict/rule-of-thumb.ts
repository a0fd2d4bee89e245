/** One row of the rule that data teams use for pandas. */
export interface ThumbRow {
  readonly data: string;
  readonly strategy: string;
  readonly choice: "local" | "hybrid" | "spark";
  /** Bytes; the row is for data up to this. */
  readonly upTo: number;
}

const THUMB_ROWS: readonly ThumbRow[] = [
  { data: "under 10 GB", strategy: "optimise locally: types, chunks", choice: "local", upTo: 10e9 },
  {
    data: "10 to 50 GB",
    strategy: "hybrid: Spark for the heavy part, a local frame for the rest",
    choice: "hybrid",
    upTo: 50e9,
  },
  { data: "over 50 GB", strategy: "all on Spark, tuned", choice: "spark", upTo: Number.POSITIVE_INFINITY },
];

/**
 * What the rule of thumb says about data of a size; it knows neither the machine nor the data.
 *
 * @example
 * ruleOfThumb(20e9).choice; // "hybrid"
 */
export function ruleOfThumb(bytes: number): ThumbRow {
  return THUMB_ROWS.find(({ upTo }) => bytes < upTo) ?? (THUMB_ROWS.at(-1) as ThumbRow);
}
