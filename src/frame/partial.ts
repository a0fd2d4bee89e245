/**
 * What an aggregate of one chunk must carry so that many of them can be merged right (a mean of means is wrong, a set of
 * sums is not). The results of `chunk.groupby([...]).sum()` and their kin have it under `PARTIAL`, non-enumerable.
 *
 * States are columns, one item for each group, so that 50,000 groups of a chunk merge in milliseconds.
 */
export interface Partial {
  readonly keys: readonly PartialKey[];
  /** Groups in this partial: the length of every key and state column. 1 when there are no keys. */
  readonly groups: number;
  readonly aggregates: readonly PartialAggregate[];
  /** The same before anything was grouped, with a group for each row, where that merges sooner; the rest is then made when it is read. */
  readonly ungrouped?: Partial | undefined;
}

export interface PartialKey {
  readonly name: string;
  /** pandas' type name: decides the type of the merged column. */
  readonly type: string;
  /**
   * One plain value for each group: number, bigint, string, boolean or null; NaN is a value. Moments and days are microseconds since 1970,
   * those of `datetime64[ns]` nanoseconds.
   */
  readonly values: ArrayLike<unknown>;
  /** The same as places in a dictionary, -1 for null. From chunk to chunk the dictionary may grow, but what it has stays. */
  readonly coded?: { readonly codes: ArrayLike<number>; readonly dictionary: readonly unknown[] } | undefined;
}

export interface PartialAggregate {
  /** Name of the result column, as the user sees it: `amount_sum`. */
  readonly name: string;
  /** The aggregated column; aggregates of the same one have the same `n`. */
  readonly column: string;
  /** pandas' type name of the aggregated column, which decides the type of min and max, and whether sums are integers. */
  readonly type: string;
  readonly state: PartialState;
}

/** `n` counts the values that are not null. */
export type PartialState =
  /** Sum and mean: the sum is `high + low`, both exact parts of a double-double; integers stay exact up to 2^106. */
  | {
      readonly fn: "sum" | "mean";
      readonly n: ArrayLike<number>;
      readonly high: ArrayLike<number>;
      /** Left out when every sum is exact in `high` alone. */
      readonly low?: ArrayLike<number> | undefined;
    }
  | { readonly fn: "count"; readonly n: ArrayLike<number> }
  /** The value of a group without any is null; moments are numbers as in keys. */
  | { readonly fn: "min" | "max"; readonly values: ArrayLike<unknown> }
  /** Welford: `m2` is the sum of squared deviations from `mean`. One degree of freedom is taken off in the end. */
  | {
      readonly fn: "var" | "std";
      readonly n: ArrayLike<number>;
      readonly mean: ArrayLike<number>;
      readonly m2: ArrayLike<number>;
    }
  /** Distinct values that are not null, as primitives. */
  | { readonly fn: "nunique"; readonly sets: ArrayLike<ReadonlySet<unknown>> }
  /** Null for a group without values. */
  | { readonly fn: "any" | "all"; readonly values: ArrayLike<boolean | null> };

/** The type of a column that has no value: any other holds it, too. */
export const NOTHING = "null";

/** Where a tagged value carries its `Partial`. */
export const PARTIAL: unique symbol = Symbol.for("outgrow.partial") as never;

/** Attaches a partial to the result that it stands for, and gives that result back. */
export function tagPartial<T extends object>(result: T, partial: Partial): T {
  Object.defineProperty(result, PARTIAL, { value: partial, enumerable: false, configurable: true, writable: true });
  return result;
}

/** The partial that a value carries, undefined when it has none or is a plain value. */
export function partialOf(value: unknown): Partial | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { [PARTIAL]?: Partial })[PARTIAL];
}
