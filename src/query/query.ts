/** The aggregate functions of `--agg`; design section 11 fixes their meaning. */
export const AGGREGATE_FUNCTIONS = [
  "sum",
  "mean",
  "count",
  "min",
  "max",
  "var",
  "std",
  "first",
  "last",
  "nunique",
  "median",
  "quantile",
  "mode",
  "any",
  "all",
  "list",
] as const;

export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

/** What depends on the order of rows. */
export const ORDERED: ReadonlySet<AggregateFunction> = new Set(["first", "last", "list"]);

export interface Aggregate {
  readonly fn: AggregateFunction;
  /** A column name, or `"*"` with `count` for rows. */
  readonly column: string;
  /** Name of the result column: `amount_sum`, `count`, or what stands before `=`. */
  readonly name: string;
  /** Of `quantile`: 0 to 1, as 0.9; the middle when left out. */
  readonly at?: number | undefined;
}

/** What rows are grouped by: a column, or an expression of SQL under a name of its own. */
export interface GroupKey {
  readonly name: string;
  readonly expression?: string | undefined;
}

/** Ascending unless said otherwise; null is last either way. */
export interface OrderTerm {
  readonly name: string;
  readonly isDescending: boolean;
}

/** What no partial state of bounded size can give. */
export const NEEDS_ALL_VALUES: ReadonlySet<AggregateFunction> = new Set(["median", "quantile", "mode", "list"]);

/** What is made of numbers alone. */
export const NEEDS_NUMBERS: ReadonlySet<AggregateFunction> = new Set([
  "sum",
  "mean",
  "var",
  "std",
  "median",
  "quantile",
  "any",
  "all",
]);
