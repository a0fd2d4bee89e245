/** The aggregate functions of `--agg`; design section 11 fixes their meaning. */
export const AGGREGATE_FUNCTIONS = [
  "sum",
  "mean",
  "count",
  "min",
  "max",
  "var",
  "std",
  "nunique",
  "median",
  "any",
  "all",
] as const;

export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

export interface Aggregate {
  readonly fn: AggregateFunction;
  /** A column name, or `"*"` with `count` for rows. */
  readonly column: string;
  /** Name of the result column: `amount_sum`, `count`, or what stands before `=`. */
  readonly name: string;
}

/** The aggregate as data: what `%chunked --by … --agg …` asks of an engine. */
export interface AggregateQuery {
  readonly keys: readonly string[];
  readonly aggregates: readonly Aggregate[];
  /** SQL condition over the columns of the source. */
  readonly where?: string | undefined;
  /** Declared types by column (pandas' names): `{ user_id: "int32" }`. */
  readonly dtype?: Readonly<Record<string, string>> | undefined;
}
