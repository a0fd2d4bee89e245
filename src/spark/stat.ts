import { nameText, numberBetween, oneOf, seedOf, wrong } from "./check.ts";
import { type ColumnOrName, namedColumn } from "./column.ts";
import { literalValue } from "./connect/literal.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { derive, planOf, type RelationType, type SparkPlan } from "./plan.ts";

/** Statistics of a frame: `df.stat`. What gives numbers asks the server at once. */
export class DataFrameStatFunctions {
  readonly #frame: SparkPlan;

  constructor(frame: SparkPlan) {
    this.#frame = frame;
  }

  /** How two columns go together, from -1 to 1; by `pearson`, the one method that Spark has. */
  corr(col1: string, col2: string, method: "pearson" = "pearson"): Promise<number> {
    const word = oneOf(method, ["pearson"], "the method");
    return this.#number({ case: "corr", value: { ...this.#pair(col1, col2), method: word } });
  }

  /** The sample covariance of two columns. */
  cov(col1: string, col2: string): Promise<number> {
    return this.#number({ case: "cov", value: this.#pair(col1, col2) });
  }

  /** How often each value of one column meets each of the other: a row for each of the first, a column for each of the second. */
  crosstab(col1: string, col2: string): SparkDataFrame {
    return derive(this.#frame, { case: "crosstab", value: this.#pair(col1, col2) });
  }

  /** Values that stand in at least a share of the rows, perhaps with some that do not. */
  freqItems(columns: readonly string[], support = 0.01): SparkDataFrame {
    const value = {
      input: planOf(this.#frame).relation,
      cols: list(columns),
      support: numberBetween(support, "the support", 1e-4, 1),
    };
    return derive(this.#frame, { case: "freqItems", value });
  }

  /** Quantiles of one column, or of several; with an error of 0 they are exact. */
  approxQuantile(column: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  async approxQuantile(columns: string | readonly string[], probabilities: readonly number[], relativeError: number) {
    const { client, relation } = planOf(this.#frame);
    if (!Array.isArray(probabilities)) throw wrong("the probabilities are no list", "write [0.25, 0.5, 0.75]");
    const value = {
      input: relation,
      cols: typeof columns === "string" ? [nameText(columns, "the column")] : list(columns),
      probabilities: probabilities.map((one) => numberBetween(one, "a probability", 0, 1)),
      relativeError: numberBetween(relativeError, "the relative error", 0, Number.MAX_VALUE),
    };
    const frame = client.frame(await client.table({ relType: { case: "approxQuantile", value } }));
    const quantiles = (frame.values as unknown as number[][][][])[0]?.[0] ?? [];
    return typeof columns === "string" ? quantiles[0] : quantiles;
  }

  /**
   * A share of the rows for each value of a column; values that are not named have none. An object names values by their text,
   * `{ 0: 0.1, 1: 0.2 }`; a `Map` as they are.
   */
  sampleBy(
    column: ColumnOrName,
    fractions: ReadonlyMap<unknown, number> | Readonly<Record<string, number>>,
    seed?: number | bigint,
  ): SparkDataFrame {
    const isMap = fractions instanceof Map;
    const pairs: readonly (readonly [unknown, number])[] = isMap ? [...fractions] : Object.entries(fractions);
    const values = namedColumn(column);
    const value = {
      input: planOf(this.#frame).relation,
      // Names of an object are text, and a number equals no text.
      col: (isMap ? values : values.cast("string")).expression,
      fractions: pairs.map(([stratum, fraction]) => ({
        stratum: literalValue(stratum),
        fraction: numberBetween(fraction, `the fraction of ${String(stratum)}`, 0, 1),
      })),
      seed: seedOf(seed),
    };
    return derive(this.#frame, { case: "sampleBy", value });
  }

  #pair(col1: string, col2: string) {
    const input = planOf(this.#frame).relation;
    return { input, col1: nameText(col1, "the first column"), col2: nameText(col2, "the second column") };
  }

  async #number(relType: RelationType): Promise<number> {
    const { client } = planOf(this.#frame);
    const { table } = await client.table({ relType });
    return Number(table.getChildAt(0)?.get(0));
  }
}

function list(columns: readonly string[]): string[] {
  if (!Array.isArray(columns) || columns.length === 0) throw wrong("the columns are no list", 'write ["a", "b"]');
  return columns.map((name) => nameText(name, "a column"));
}
