import { nameText } from "./check.ts";
import { type CheckpointOptions, checkpoint } from "./checkpoint.ts";
import type { Column, ColumnOrName } from "./column.ts";
import { type Columns, columnExpressions } from "./expressions.ts";
import { FrameJoins } from "./frame-joins.ts";
import { type FramePromise, framePromise, teachPromises } from "./frame-promise.ts";
import { GroupedData, type Grouping } from "./grouped.ts";
import { MergeIntoWriter } from "./merge-into.ts";
import { DataFrameNaFunctions } from "./na.ts";
import { type Observation, observed } from "./observation.ts";
import { derive, planOf } from "./plan.ts";
import { SparkQuery } from "./query.ts";
import { DataFrameStatFunctions } from "./stat.ts";
import { DataFrameWriter } from "./writer.ts";
import { DataFrameWriterV2 } from "./writer-v2.ts";

/**
 * A query on the server: a plan that never changes and that nothing runs until it is collected, shown, counted or written. Names
 * and behaviour are PySpark's; what asks the server is a promise.
 *
 * @example
 * const totals = spark.read.parquet("sales.parquet").groupBy("user_id").agg({ amount: "sum" });
 * await totals.orderBy("user_id").show();
 */
export class SparkDataFrame extends FrameJoins {
  groupBy(...columns: readonly Columns[]): GroupedData {
    return this.#group("groupBy", columns);
  }

  groupby(...columns: readonly Columns[]): GroupedData {
    return this.groupBy(...columns);
  }

  /** Groups of all columns, of all but the last, and so on to one of all rows. */
  rollup(...columns: readonly Columns[]): GroupedData {
    return this.#group("rollup", columns);
  }

  /** Groups of every subset of the columns. */
  cube(...columns: readonly Columns[]): GroupedData {
    return this.#group("cube", columns);
  }

  /** Groups of the named subsets of the columns. */
  groupingSets(sets: readonly (readonly ColumnOrName[])[], ...columns: readonly Columns[]): GroupedData {
    return this.#group(
      "groupingSets",
      columns,
      sets.map((set) => columnExpressions([set])),
    );
  }

  /** One row of aggregates over all rows. */
  agg(...columns: readonly Column[]): SparkDataFrame;
  agg(functions: Readonly<Record<string, string>>): SparkDataFrame;
  agg(...aggregates: readonly (Column | Readonly<Record<string, string>>)[]): SparkDataFrame {
    return this.groupBy().agg(...(aggregates as readonly Column[]));
  }

  /** Count, mean, deviation, least and greatest of columns; of all without names. */
  describe(...columns: readonly (string | readonly string[])[]): SparkDataFrame {
    const cols = columns.flat().map((name) => nameText(name, "a column"));
    return derive(this, { case: "describe", value: { input: planOf(this).relation, cols } });
  }

  /** As `describe`, with quartiles, or with the named statistics: `count`, `mean`, `stddev`, `min`, `max`, `25%`. */
  summary(...statistics: readonly (string | readonly string[])[]): SparkDataFrame {
    const names = statistics.flat().map((name) => nameText(name, "a statistic"));
    return derive(this, { case: "summary", value: { input: planOf(this).relation, statistics: names } });
  }

  /** The same frame, of which aggregates are noted while the first action runs on it: `seen.get.rows` then. */
  observe(observation: Observation | string, ...aggregates: readonly Column[]): SparkDataFrame {
    const { client, relation } = planOf(this);
    return derive(this, observed(client, relation, observation, aggregates));
  }

  get na(): DataFrameNaFunctions {
    return new DataFrameNaFunctions(this);
  }

  fillna(...args: Parameters<DataFrameNaFunctions["fill"]>): SparkDataFrame {
    return this.na.fill(...args);
  }

  dropna(...args: Parameters<DataFrameNaFunctions["drop"]>): SparkDataFrame {
    return this.na.drop(...args);
  }

  replace(...args: Parameters<DataFrameNaFunctions["replace"]>): SparkDataFrame {
    return this.na.replace(...args);
  }

  get stat(): DataFrameStatFunctions {
    return new DataFrameStatFunctions(this);
  }

  corr(...args: Parameters<DataFrameStatFunctions["corr"]>): Promise<number> {
    return this.stat.corr(...args);
  }

  cov(...args: Parameters<DataFrameStatFunctions["cov"]>): Promise<number> {
    return this.stat.cov(...args);
  }

  crosstab(...args: Parameters<DataFrameStatFunctions["crosstab"]>): SparkDataFrame {
    return this.stat.crosstab(...args);
  }

  freqItems(...args: Parameters<DataFrameStatFunctions["freqItems"]>): SparkDataFrame {
    return this.stat.freqItems(...args);
  }

  sampleBy(...args: Parameters<DataFrameStatFunctions["sampleBy"]>): SparkDataFrame {
    return this.stat.sampleBy(...args);
  }

  approxQuantile(column: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    return this.stat.approxQuantile(columns as string, probabilities, relativeError);
  }

  get write(): DataFrameWriter {
    return new DataFrameWriter(this);
  }

  /** Writes to a table of the catalog. */
  writeTo(table: string): DataFrameWriterV2 {
    return new DataFrameWriterV2(this, table);
  }

  /**
   * Changes a table by the rows of this frame: `df.mergeInto("people", condition).whenMatched().updateAll().merge()`. The table must be
   * of a format that can, as Delta or Iceberg.
   */
  mergeInto(table: string, condition: Column): MergeIntoWriter {
    return new MergeIntoWriter(this, table, condition);
  }

  /** Computes the frame on the server and goes on from there, without its history; files go to the server's checkpoint folder. */
  checkpoint(options: CheckpointOptions = {}): FramePromise {
    return this.#checkpoint(false, options);
  }

  /** The same in the executors' own storage, which is quicker and is lost with them. */
  localCheckpoint(options: CheckpointOptions = {}): FramePromise {
    return this.#checkpoint(true, options);
  }

  #checkpoint(local: boolean, options: CheckpointOptions): FramePromise {
    const { client, relation } = planOf(this);
    const done = checkpoint(client, relation, local, options);
    return framePromise(done.then((relation) => new SparkDataFrame(client, relation)));
  }

  #group(kind: Grouping["kind"], columns: readonly Columns[], sets?: Grouping["sets"]): GroupedData {
    return new GroupedData(this, { kind, columns: columnExpressions(columns), sets });
  }
}

teachPromises(SparkDataFrame, SparkQuery);
