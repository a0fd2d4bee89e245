import { oneOf, wholeNumber, wrong } from "./check.ts";
import { literalValue } from "./connect/literal.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { derive, planOf, type SparkPlan } from "./plan.ts";

type Fill = string | number | boolean | bigint;
type Subset = string | readonly string[];

export interface DropOptions {
  /** Rows with any null, or with nothing but nulls: `any` unless said otherwise. */
  readonly how?: "any" | "all" | undefined;
  /** Keep rows with at least so many values, whatever `how` says. */
  readonly thresh?: number | undefined;
  readonly subset?: Subset | undefined;
}

/** What is done about missing values: `df.na`. */
export class DataFrameNaFunctions {
  readonly #frame: SparkPlan;

  constructor(frame: SparkPlan) {
    this.#frame = frame;
  }

  /** A value for nulls (and NaN) in columns of its kind: `fill(0)`, `fill("?", ["city"])`, `fill({ city: "?", age: 0 })`. */
  fill(value: Fill | Readonly<Record<string, Fill>>, subset?: Subset): SparkDataFrame {
    const perColumn = typeof value === "object" && value !== null;
    const entries = perColumn ? Object.entries(value) : [];
    if (perColumn && entries.length === 0) throw wrong("fill() has no value", 'write fill({ city: "?" })');
    const fills: readonly unknown[] = perColumn ? entries.map(([, fill]) => fill) : [value];
    for (const fill of fills)
      if (!["string", "number", "boolean", "bigint"].includes(typeof fill))
        throw wrong(`fill() is given ${fill === null ? "null" : typeof fill}`, "give text, a number or a boolean");
    const cols = perColumn ? entries.map(([name]) => name) : names(subset);
    // Spark fills with 64-bit integers, never with 32-bit ones.
    const values = fills.map((fill) => literalValue(Number.isSafeInteger(fill) ? BigInt(fill as number) : fill));
    return derive(this.#frame, { case: "fillNa", value: { input: planOf(this.#frame).relation, cols, values } });
  }

  /** The rows without nulls (and NaN): `drop()`, `drop("all")`, `drop({ thresh: 2, subset: ["a", "b", "c"] })`. */
  drop(how: "any" | "all" | DropOptions = "any", thresh?: number, subset?: Subset): SparkDataFrame {
    const options: DropOptions = typeof how === "object" ? how : { how, thresh, subset };
    const word = oneOf(options.how ?? "any", ["any", "all"], "how");
    const least = options.thresh ?? (word === "all" ? 1 : undefined);
    const value = {
      input: planOf(this.#frame).relation,
      cols: names(options.subset),
      ...(least !== undefined && { minNonNulls: wholeNumber(least, "thresh") }),
    };
    return derive(this.#frame, { case: "dropNa", value });
  }

  /**
   * Other values in the place of some: `replace(10, 20)`, `replace(["a", "b"], ["A", "B"])`, `replace({ Alice: "A" })`,
   * `replace({ 10: 20 })`, and where a number becomes null `replace(new Map([[10, null]]))`. Numbers, texts and booleans are not mixed.
   */
  replace(
    from:
      | Fill
      | readonly Fill[]
      | Readonly<Record<string, string | null>>
      | Readonly<Record<number, number | bigint>>
      | ReadonlyMap<Fill, Fill | null>,
    to?: Fill | null | readonly (Fill | null)[],
    subset?: Subset,
  ): SparkDataFrame {
    const pairs = pairsOf(from, to);
    if (pairs.length === 0) throw wrong("replace() has nothing to replace", "write replace(10, 20)");
    const replacements = pairs.map(([old, value]) => ({ oldValue: literalValue(old), newValue: literalValue(value) }));
    const value = { input: planOf(this.#frame).relation, cols: names(subset), replacements };
    return derive(this.#frame, { case: "replace", value });
  }
}

function names(subset: Subset | undefined): string[] {
  return typeof subset === "string" ? [subset] : [...(subset ?? [])];
}

/** Keys of objects are texts, also those that were written as numbers: where the new values are numbers, these were. */
function entriesOf(from: object): (readonly [unknown, unknown])[] {
  const entries: [string, unknown][] = Object.entries(from);
  const areNumbers = entries.every(
    ([key, value]) => key.trim() !== "" && !Number.isNaN(Number(key)) && ["number", "bigint"].includes(typeof value),
  );
  return areNumbers ? entries.map(([key, value]) => [Number(key), value]) : entries;
}

function pairsOf(from: unknown, to: unknown): (readonly [unknown, unknown])[] {
  if (from instanceof Map) return [...from];
  if (typeof from === "object" && from !== null && !Array.isArray(from)) return entriesOf(from);
  if (to === undefined) throw wrong("replace() has no new value", "write replace(10, 20), or replace(10, null)");
  const olds: readonly unknown[] = Array.isArray(from) ? from : [from];
  if (!Array.isArray(to)) return olds.map((old) => [old, to]);
  if (to.length !== olds.length)
    throw wrong(`replace() has ${olds.length} old and ${to.length} new values`, "give as many new values as old ones");
  return olds.map((old, i) => [old, to[i]]);
}
