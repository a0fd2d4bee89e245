import { inspect } from "node:util";
import { nameText, oneOf, wrong } from "./check.ts";
import { Column, type ColumnOrName, call, lit, namedColumn } from "./column.ts";
import { type ExpressionInit, literalValue } from "./connect/literal.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { type FramePromise, framePromise } from "./frame-promise.ts";
import { derive, planOf, type SparkPlan } from "./plan.ts";
import { sparkFields } from "./schema.ts";

/** The numbers of the kinds of groups in the protocol. */
const KINDS = { groupBy: 1, rollup: 2, cube: 3, pivot: 4, groupingSets: 5 } as const;

/** Spark's short names of its numbers. */
const NUMBER = /^(tinyint|smallint|int|bigint|float|double|decimal\(.*)$/;

export interface Grouping {
  readonly kind: keyof typeof KINDS;
  readonly columns: readonly ExpressionInit[];
  readonly sets?: readonly (readonly ExpressionInit[])[] | undefined;
  readonly pivot?: { readonly column: Column; readonly values: readonly unknown[] | undefined } | undefined;
}

/** A frame in groups; an aggregate makes it a frame again. */
export class GroupedData {
  readonly #frame: SparkPlan;
  readonly #grouping: Grouping;

  constructor(frame: SparkPlan, grouping: Grouping) {
    this.#frame = frame;
    this.#grouping = grouping;
  }

  [inspect.custom](): string {
    return `GroupedData: groups that become a frame by an aggregate, agg(F.sum("amount"))`;
  }

  /** One row a group: `agg(F.sum("amount").alias("total"))`, or `agg({ amount: "sum", "*": "count" })`. */
  agg(...columns: readonly Column[]): SparkDataFrame;
  agg(functions: Readonly<Record<string, string>>): SparkDataFrame;
  agg(...aggregates: readonly (Column | Readonly<Record<string, string>>)[]): SparkDataFrame {
    const columns = aggregates.flatMap((aggregate) => {
      if (aggregate instanceof Column) return [aggregate];
      if (typeof aggregate !== "object" || aggregate === null || Array.isArray(aggregate))
        throw wrong("agg() takes columns", 'write agg(F.sum("amount")), or agg({ amount: "sum" })');
      return Object.entries(aggregate).map(([name, use]) =>
        call(nameText(use, `the function for ${name}`), namedColumn(name)),
      );
    });
    if (columns.length === 0) throw wrong("agg() has nothing to compute", 'write agg(F.sum("amount"))');
    return this.#aggregate(columns);
  }

  /** The number of rows of each group, as `count`. */
  count(): SparkDataFrame {
    return this.#aggregate([call("count", lit(1)).alias("count")]);
  }

  /** Of some columns; without a name of all that hold numbers, for which the server is asked first. */
  sum(): FramePromise;
  sum(...columns: readonly ColumnOrName[]): SparkDataFrame;
  sum(...columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    return this.#each("sum", columns);
  }

  avg(): FramePromise;
  avg(...columns: readonly ColumnOrName[]): SparkDataFrame;
  avg(...columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    return this.#each("avg", columns);
  }

  mean(): FramePromise;
  mean(...columns: readonly ColumnOrName[]): SparkDataFrame;
  mean(...columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    return this.#each("avg", columns);
  }

  min(): FramePromise;
  min(...columns: readonly ColumnOrName[]): SparkDataFrame;
  min(...columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    return this.#each("min", columns);
  }

  max(): FramePromise;
  max(...columns: readonly ColumnOrName[]): SparkDataFrame;
  max(...columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    return this.#each("max", columns);
  }

  /** One column for each value of a column; without the list of values Spark looks for them first. */
  pivot(column: ColumnOrName, values?: readonly (string | number | boolean | bigint)[]): GroupedData {
    oneOf(this.#grouping.kind, ["groupBy"], "the grouping before pivot()");
    const pivot = { column: namedColumn(column), values };
    return new GroupedData(this.#frame, { ...this.#grouping, kind: "pivot", pivot });
  }

  #each(name: string, columns: readonly ColumnOrName[]): SparkDataFrame | FramePromise {
    if (columns.length === 0) return framePromise(this.#numbers(name));
    return this.#aggregate(columns.map((column) => call(name, namedColumn(column))));
  }

  async #numbers(name: string): Promise<SparkDataFrame> {
    const { client, relation } = planOf(this.#frame);
    const numbers = sparkFields(await client.schema(relation)).filter(({ type }) => NUMBER.test(type));
    const columns = numbers.map((field) => namedColumn(`\`${field.name.replaceAll("`", "``")}\``));
    return this.#aggregate(columns.map((column) => call(name, column)));
  }

  #aggregate(columns: readonly Column[]): SparkDataFrame {
    const { kind, columns: groups, sets = [], pivot } = this.#grouping;
    const value = {
      input: planOf(this.#frame).relation,
      groupType: KINDS[kind],
      groupingExpressions: [...groups],
      aggregateExpressions: columns.map(({ expression }) => expression),
      groupingSets: sets.map((set) => ({ groupingSet: [...set] })),
      ...(pivot && {
        pivot: { col: pivot.column.expression, values: (pivot.values ?? []).map((one) => literalValue(one)) },
      }),
    };
    return derive(this.#frame, { case: "aggregate", value });
  }
}
