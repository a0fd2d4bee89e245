import { UsageError } from "../errors.ts";
import type { Table } from "../frame/arrow.ts";
import { type DataFrame, loadFrames } from "../frame/frame.ts";
import type { RunOptions } from "../progress.ts";
import { formatBytes, formatCount } from "../units.ts";
import { SparkAnalysis } from "./analysis.ts";
import { nameText, wholeNumber } from "./check.ts";
import type { RelationInit, ResultTable } from "./connect/client.ts";
import { type FramePromise, framePromise } from "./frame-promise.ts";
import { planOf } from "./plan.ts";
import { type StorageLevelName, storageLevel } from "./storage-level.ts";

export interface ActionOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Names the operations, so that they can be stopped together. */
  readonly tags?: readonly string[] | undefined;
}

export interface ShowOptions extends ActionOptions {
  /** Characters of a value, or whether values are cut at 20: true unless said otherwise. */
  readonly truncate?: number | boolean | undefined;
  /** One line a value instead of a table. */
  readonly vertical?: boolean | undefined;
}

/** A row of a result: names to values. */
export type Row = Record<string, unknown>;

/** Without a limit, `toDanfo` gives up above these, rather than fill the memory. */
const DANFO_ROWS = 1_000_000;
const DANFO_BYTES = 512 * 1024 * 1024;
const SENT_MS = 10;

/** What runs a plan. Nothing here changes it; `SparkDataFrame` makes new ones of it. */
export class SparkQuery extends SparkAnalysis {
  /** All rows as plain objects; of columns of one name the second is `a.1`. */
  collect<R extends object = Row>(options?: ActionOptions): Promise<R[]> {
    return this.#rows(planOf(this).relation, options);
  }

  /** The first rows. */
  async take<R extends object = Row>(rows: number, options?: ActionOptions): Promise<R[]> {
    return this.#rows(this.#limited(rows), options);
  }

  /** The last rows; they all go through the server's driver. */
  async tail<R extends object = Row>(rows: number, options?: ActionOptions): Promise<R[]> {
    const value = { input: planOf(this).relation, limit: wholeNumber(rows, "the number of rows") };
    return this.#rows({ relType: { case: "tail", value } }, options);
  }

  /** The first row; undefined of an empty frame. */
  async first<R extends object = Row>(options?: ActionOptions): Promise<R | undefined> {
    return (await this.take<R>(1, options))[0];
  }

  /** The first row, or with a number the first rows. */
  head<R extends object = Row>(): Promise<R | undefined>;
  head<R extends object = Row>(rows: number, options?: ActionOptions): Promise<R[]>;
  head<R extends object = Row>(rows?: number, options?: ActionOptions): Promise<R | undefined | R[]> {
    return rows === undefined ? this.first<R>(options) : this.take<R>(rows, options);
  }

  async count(options?: ActionOptions): Promise<number> {
    const { client, relation } = planOf(this);
    const count = { exprType: { case: "expressionString" as const, value: { expression: "count(*)" } } };
    const value = { input: relation, groupType: 1, groupingExpressions: [], aggregateExpressions: [count] };
    const { table } = await client.table({ relType: { case: "aggregate", value } }, options);
    return Number(table.getChildAt(0)?.get(0));
  }

  async isEmpty(options?: ActionOptions): Promise<boolean> {
    const { table } = await planOf(this).client.table(this.#limited(1), options);
    return table.numRows === 0;
  }

  /** All rows as an Arrow table, with every type as the server sent it. */
  async toArrow(options?: ActionOptions): Promise<Table> {
    const { client, relation } = planOf(this);
    return (await client.table(relation, options)).table;
  }

  /**
   * At most `limit` rows as a local frame. Without a limit, here or as the frame's last step, a result of more than a million
   * rows or 512 MiB is an error instead of a full memory; `Infinity` takes any size.
   *
   * @throws {UsageError} E_SPARK_RESULT_SIZE
   */
  async toDanfo(limit?: number, options?: ActionOptions): Promise<DataFrame> {
    const { client, relation } = planOf(this);
    if (limit !== undefined && limit !== Number.POSITIVE_INFINITY)
      return client.frame(await besideFrames(client.table(this.#limited(limit), options)));
    const isLimited = limit !== undefined || ["limit", "tail"].includes(relation.relType?.case ?? "");
    return client.frame(await besideFrames(isLimited ? client.table(relation, options) : this.#small(options)));
  }

  /** The first rows, and whether there are more. */
  async preview(rows = 20, options?: ActionOptions): Promise<{ readonly frame: DataFrame; readonly more: boolean }> {
    const { client } = planOf(this);
    const { table, schema } = await client.table(this.#limited(rows + 1), options);
    return { frame: client.frame({ table: table.slice(0, rows), schema }), more: table.numRows > rows };
  }

  /** The result as local frames, batch by batch as the server sends them; leaving the loop stops the query. */
  async *batches(options?: ActionOptions): AsyncGenerator<DataFrame, void, undefined> {
    const { client, relation } = planOf(this);
    for await (const batch of client.batches(relation, options)) yield client.frame(batch);
  }

  [Symbol.asyncIterator](): AsyncGenerator<DataFrame, void, undefined> {
    return this.batches();
  }

  /** The rows one by one, with one batch in memory. */
  async *toLocalIterator<R extends object = Row>(options?: ActionOptions): AsyncGenerator<R, void, undefined> {
    for await (const frame of this.batches(options)) yield* rowsOf<R>(frame);
  }

  /** The first rows as Spark draws them. */
  async showString(rows = 20, how: ShowOptions | boolean | number = {}, isVertical = false): Promise<string> {
    const given: ShowOptions = typeof how === "object" ? how : { truncate: how };
    const { truncate = true, vertical = isVertical, ...options } = given;
    const { client, relation } = planOf(this);
    const width = truncate === true ? 20 : truncate === false ? 0 : wholeNumber(truncate, "truncate");
    const value = { input: relation, numRows: wholeNumber(rows, "the number of rows"), truncate: width, vertical };
    const { table } = await client.table({ relType: { case: "showString", value } }, options);
    return String(table.getChildAt(0)?.get(0));
  }

  /**
   * Prints the first rows as Spark draws them.
   *
   * @example
   * await frame.show(5, false); // whole values, as with { truncate: false }
   * await frame.show(5, 30, true); // a line for each value, as with { truncate: 30, vertical: true }
   */
  async show(rows?: number, how?: ShowOptions | boolean | number, isVertical?: boolean): Promise<void> {
    console.log(await this.showString(rows, how, isVertical));
  }

  /** Keeps the frame on the server once it was computed. */
  persist(level: StorageLevelName = "MEMORY_AND_DISK_DESER"): FramePromise<this> {
    return framePromise(this.#persist(level));
  }

  cache(): FramePromise<this> {
    return this.persist();
  }

  unpersist(blocking = false): FramePromise<this> {
    return framePromise(this.#unpersist(blocking));
  }

  /** Names the query for SQL, in this session; the name must be new. */
  createTempView(name: string, action?: ActionOptions): Promise<void> {
    return this.#view(name, { isGlobal: false, replace: false }, action);
  }

  /** Names the query for SQL, in this session. */
  createOrReplaceTempView(name: string, action?: ActionOptions): Promise<void> {
    return this.#view(name, { isGlobal: false, replace: true }, action);
  }

  /** Names the query as `global_temp.NAME`, for all sessions of the server; the name must be new. */
  createGlobalTempView(name: string, action?: ActionOptions): Promise<void> {
    return this.#view(name, { isGlobal: true, replace: false }, action);
  }

  /** Names the query as `global_temp.NAME`, for all sessions of the server. */
  createOrReplaceGlobalTempView(name: string, action?: ActionOptions): Promise<void> {
    return this.#view(name, { isGlobal: true, replace: true }, action);
  }

  async #persist(level: StorageLevelName): Promise<this> {
    const { client, relation } = planOf(this);
    await client.analyze("persist", { relation, storageLevel: storageLevel(level) });
    return this;
  }

  async #unpersist(blocking: boolean): Promise<this> {
    const { client, relation } = planOf(this);
    await client.analyze("unpersist", { relation, blocking });
    return this;
  }

  async #view(
    name: string,
    kind: { readonly isGlobal: boolean; readonly replace: boolean },
    action?: ActionOptions,
  ): Promise<void> {
    const { client, relation } = planOf(this);
    const value = { input: relation, name: nameText(name, "the view"), ...kind };
    await client.define({ commandType: { case: "createDataframeView", value } }, action);
  }

  async #rows<R extends object>(relation: RelationInit, options?: ActionOptions): Promise<R[]> {
    const { client } = planOf(this);
    return rowsOf<R>(client.frame(await client.table(relation, options)));
  }

  #limited(rows: number): RelationInit {
    const limit = wholeNumber(rows, "the number of rows");
    return { relType: { case: "limit", value: { input: planOf(this).relation, limit } } };
  }

  /** The whole result, as long as it stays below the bounds. */
  async #small(options?: ActionOptions): Promise<ResultTable> {
    const { client, relation } = planOf(this);
    let rows = 0;
    let bytes = 0;
    return client.table(relation, options, ({ table }) => {
      rows += table.numRows;
      for (const { data } of table.batches) bytes += data.byteLength;
      if (rows <= DANFO_ROWS && bytes <= DANFO_BYTES) return;
      throw new UsageError(
        "E_SPARK_RESULT_SIZE",
        `the result is larger than ${formatCount(DANFO_ROWS)} rows or ${formatBytes(DANFO_BYTES)}`,
        {
          hint: "name a limit, toDanfo(100_000); aggregate on Spark first; walk through it with batches(); or toDanfo(Infinity) when it fits in memory",
        },
      );
    });
  }
}

/** Danfo takes 25 ms to load, which the server's answer need not wait for. By then the question is on its way. */
async function besideFrames<T>(answer: Promise<T>): Promise<T> {
  const loading = setTimeout(loadFrames, SENT_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(loading);
  }
}

function rowsOf<R extends object>(frame: DataFrame): R[] {
  const { columns } = frame;
  return (frame.values as unknown[][]).map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as R);
}
