import { nameText, numberBetween, seedOf, wholeNumber, wrong } from "./check.ts";
import { Column, type ColumnOrName, lit } from "./column.ts";
import type { RelationInit } from "./connect/client.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { type Columns, columnExpressions, columnList, condition } from "./expressions.ts";
import { FrameColumns } from "./frame-columns.ts";
import { derive, planOf, type SparkPlan } from "./plan.ts";
import { sortOrder } from "./window.ts";

/** Which way to sort: all columns, or one by one. */
export interface SortOptions {
  readonly ascending: boolean | readonly boolean[];
}

const UNION = 2;
const INTERSECT = 1;
const EXCEPT = 3;

/** What chooses, orders and places the rows of a frame and keeps its columns. */
export class FrameRows extends FrameColumns {
  /** The rows for which a column, or an expression of SQL, is true. */
  filter(rows: ColumnOrName): SparkDataFrame {
    const value = { input: planOf(this).relation, condition: condition(rows, "the condition") };
    return derive(this, { case: "filter", value });
  }

  where(rows: ColumnOrName): SparkDataFrame {
    return this.filter(rows);
  }

  limit(rows: number): SparkDataFrame {
    const limit = wholeNumber(rows, "the limit");
    return derive(this, { case: "limit", value: { input: planOf(this).relation, limit } });
  }

  /** The rows after the first `rows` of them. */
  offset(rows: number): SparkDataFrame {
    const offset = wholeNumber(rows, "the offset");
    return derive(this, { case: "offset", value: { input: planOf(this).relation, offset } });
  }

  distinct(): SparkDataFrame {
    return this.dropDuplicates();
  }

  /** One row for each combination of some columns, of all without a list. */
  dropDuplicates(subset?: readonly string[]): SparkDataFrame {
    if (subset !== undefined && !Array.isArray(subset))
      throw wrong("the columns of dropDuplicates() are no list", 'write dropDuplicates(["user_id"])');
    const input = planOf(this).relation;
    const keys = subset ? { columnNames: [...subset] } : { allColumnsAsKeys: true };
    return derive(this, { case: "deduplicate", value: { input, ...keys } });
  }

  drop_duplicates(subset?: readonly string[]): SparkDataFrame {
    return this.dropDuplicates(subset);
  }

  /** The rows in order: `df.orderBy("a", col("b").desc())`, or `df.orderBy("a", "b", { ascending: [true, false] })`. */
  orderBy(...columns: readonly (Columns | SortOptions)[]): SparkDataFrame {
    return this.#sort(columns, true);
  }

  sort(...columns: readonly (Columns | SortOptions)[]): SparkDataFrame {
    return this.#sort(columns, true);
  }

  sortWithinPartitions(...columns: readonly (Columns | SortOptions)[]): SparkDataFrame {
    return this.#sort(columns, false);
  }

  /** A share of the rows, drawn one by one: `sample(0.1)`, `sample(0.1, 42)`, `sample(true, 1.5)` with replacement. */
  sample(fraction: number, seed?: number | bigint): SparkDataFrame;
  sample(withReplacement: boolean, fraction: number, seed?: number | bigint): SparkDataFrame;
  sample(first: boolean | number, second?: number | bigint, third?: number | bigint): SparkDataFrame {
    const [withReplacement, fraction, seed] =
      typeof first === "boolean" ? [first, second, third] : [false, first, second];
    const most = withReplacement ? Number.MAX_VALUE : 1;
    const upperBound = numberBetween(fraction, "the fraction", 0, most);
    return this.#sample(0, upperBound, seedOf(seed), { withReplacement, deterministicOrder: false });
  }

  /** Parts of the frame by weight, which need not sum to one; the same seed gives the same parts of the same frame. */
  randomSplit(weights: readonly number[], seed?: number | bigint): SparkDataFrame[] {
    const bounds = splitBounds(weights);
    const start = seedOf(seed);
    return weights.map((_, i) =>
      this.#sample(bounds[i] as number, bounds[i + 1] as number, start, {
        withReplacement: false,
        deterministicOrder: true,
      }),
    );
  }

  /** Spreads the rows anew: over a number of partitions, by columns, or both. */
  repartition(partitions: number | ColumnOrName, ...columns: readonly Columns[]): SparkDataFrame {
    const input = planOf(this).relation;
    if (typeof partitions !== "number") return this.#repartitionBy(undefined, [partitions, ...columns]);
    const numPartitions = wholeNumber(partitions, "the number of partitions", 1);
    if (columns.length > 0) return this.#repartitionBy(numPartitions, columns);
    return derive(this, { case: "repartition", value: { input, numPartitions, shuffle: true } });
  }

  /** Spreads the rows by ranges of columns. */
  repartitionByRange(partitions: number | ColumnOrName, ...columns: readonly Columns[]): SparkDataFrame {
    const by = typeof partitions === "number" ? columns : [partitions, ...columns];
    if (by.length === 0) throw wrong("repartitionByRange() has no column", "name the columns to spread by");
    const count = typeof partitions === "number" ? wholeNumber(partitions, "the number of partitions", 1) : undefined;
    const orders = columnList(by).map((column) => {
      const value = sortOrder(column);
      return new Column({ exprType: { case: "sortOrder", value } } as Column["expression"]);
    });
    return this.#repartitionBy(count, orders);
  }

  /** Puts each row into the partition whose number a column says, from 0 on; servers of 4.1 and newer. */
  repartitionById(partitions: number, partitionId: ColumnOrName): SparkDataFrame {
    const [child] = columnExpressions([partitionId]);
    const direct = new Column({
      exprType: { case: "directShufflePartitionId", value: { child } },
    } as Column["expression"]);
    return this.#repartitionBy(wholeNumber(partitions, "the number of partitions", 1), [direct]);
  }

  /** Joins partitions without moving rows between machines. */
  coalesce(partitions: number): SparkDataFrame {
    const numPartitions = wholeNumber(partitions, "the number of partitions", 1);
    const value = { input: planOf(this).relation, numPartitions, shuffle: false };
    return derive(this, { case: "repartition", value });
  }

  /** The rows of both frames, duplicates too, column by column in their order. */
  union(other: SparkPlan): SparkDataFrame {
    return this.#combine(other, UNION, { isAll: true });
  }

  unionAll(other: SparkPlan): SparkDataFrame {
    return this.union(other);
  }

  /** The rows of both frames, column by name; a column that one of them lacks is null there, where that is allowed. */
  unionByName(other: SparkPlan, allowMissing: boolean | { readonly allowMissingColumns?: boolean } = false) {
    const allowMissingColumns = typeof allowMissing === "boolean" ? allowMissing : !!allowMissing.allowMissingColumns;
    return this.#combine(other, UNION, { isAll: true, byName: true, allowMissingColumns });
  }

  /** The distinct rows that both frames have. */
  intersect(other: SparkPlan): SparkDataFrame {
    return this.#combine(other, INTERSECT, { isAll: false });
  }

  intersectAll(other: SparkPlan): SparkDataFrame {
    return this.#combine(other, INTERSECT, { isAll: true });
  }

  /** The distinct rows that the other frame has not. */
  subtract(other: SparkPlan): SparkDataFrame {
    return this.#combine(other, EXCEPT, { isAll: false });
  }

  exceptAll(other: SparkPlan): SparkDataFrame {
    return this.#combine(other, EXCEPT, { isAll: true });
  }

  /** Advice to Spark's planner: `df.hint("broadcast")`. */
  hint(name: string, ...parameters: readonly unknown[]): SparkDataFrame {
    const value = {
      input: planOf(this).relation,
      name: nameText(name, "the hint"),
      parameters: parameters.flat().map((parameter) => lit(parameter).expression),
    };
    return derive(this, { case: "hint", value });
  }

  #sort(columns: readonly (Columns | SortOptions)[], isGlobal: boolean): SparkDataFrame {
    const options = columns.find(isSortOptions);
    const list = columnList(columns.filter((column): column is Columns => !isSortOptions(column)));
    if (list.length === 0) throw wrong("there is no column to sort by", "name the columns");
    const ways = options?.ascending ?? true;
    if (Array.isArray(ways) && ways.length !== list.length)
      throw wrong(
        `ascending has ${ways.length} values for ${list.length} columns`,
        "give one for each, or one for all",
      );
    const order = list.map((column, i) => sortOrder((Array.isArray(ways) ? ways[i] : ways) ? column : column.desc()));
    return derive(this, { case: "sort", value: { input: planOf(this).relation, order, isGlobal } });
  }

  #sample(
    lowerBound: number,
    upperBound: number,
    seed: bigint,
    how: { readonly withReplacement: boolean; readonly deterministicOrder: boolean },
  ): SparkDataFrame {
    const value = { input: planOf(this).relation, lowerBound, upperBound, seed, ...how };
    return derive(this, { case: "sample", value });
  }

  #repartitionBy(partitions: number | undefined, columns: readonly Columns[]): SparkDataFrame {
    const value = {
      input: planOf(this).relation,
      partitionExprs: columnExpressions(columns),
      ...(partitions !== undefined && { numPartitions: partitions }),
    };
    return derive(this, { case: "repartitionByExpression", value });
  }

  #combine(other: SparkPlan, setOpType: number, how: Readonly<Record<string, boolean>>): SparkDataFrame {
    const value = { leftInput: planOf(this).relation, rightInput: otherRelation(this, other), setOpType, ...how };
    return derive(this, { case: "setOp", value });
  }
}

/** The relation of another frame of the same session. */
export function otherRelation(frame: SparkPlan, other: SparkPlan): RelationInit {
  const [mine, its] = [planOf(frame), planOf(other)];
  if (mine.client === its.client) return its.relation;
  throw wrong("the other frame is of another session", "make both frames from one SparkSession");
}

/** The bounds between the parts of a split, from 0 to 1, added up as PySpark does, so that the same rows fall into each. */
export function splitBounds(weights: readonly number[]): number[] {
  const isWeight = (weight: unknown) => typeof weight === "number" && Number.isFinite(weight) && weight >= 0;
  const total =
    Array.isArray(weights) && weights.every(isWeight) ? weights.reduce((sum, weight) => sum + weight, 0) : 0;
  if (total <= 0 || !Number.isFinite(total))
    throw wrong(`the weights are [${String(weights)}]`, "give numbers from 0 on, not all of them 0: [0.8, 0.2]");
  const bounds = [0];
  for (const weight of weights) bounds.push((bounds.at(-1) as number) + weight / total);
  return bounds;
}

function isSortOptions(value: unknown): value is SortOptions {
  return typeof value === "object" && value !== null && !(value instanceof Column) && "ascending" in value;
}
