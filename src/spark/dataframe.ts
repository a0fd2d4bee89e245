import { inspect } from "node:util";
import type { Table } from "../frame/arrow.ts";
import type { DataFrame } from "../frame/frame.ts";
import type { RunOptions } from "../progress.ts";
import type { ConnectClient, ExplainMode, RelationInit } from "./connect/client.ts";
import { type SparkField, sparkFields } from "./schema.ts";

export interface ActionOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Names the operations, so that they can be stopped together. */
  readonly tags?: readonly string[] | undefined;
}

/** A query on the server: a plan that never changes, run by `collect` and its like. */
export class SparkDataFrame {
  readonly #client: ConnectClient;
  readonly #relation: RelationInit;

  constructor(client: ConnectClient, relation: RelationInit) {
    this.#client = client;
    this.#relation = relation;
  }

  limit(rows: number): SparkDataFrame {
    return this.#with({ case: "limit", value: { input: this.#relation, limit: rows } });
  }

  /** The rows for which an expression of SQL is true. */
  filter(condition: string): SparkDataFrame {
    const expression = { exprType: { case: "expressionString" as const, value: { expression: condition } } };
    return this.#with({ case: "filter", value: { input: this.#relation, condition: expression } });
  }

  /** The columns and types, asked of the server without running the query. */
  async schema(): Promise<readonly SparkField[]> {
    return sparkFields(await this.#client.schema(this.#relation));
  }

  /** The schema as Spark draws it. */
  treeString(): Promise<string> {
    return this.#client.treeString(this.#relation);
  }

  explain(mode?: ExplainMode): Promise<string> {
    return this.#client.explain(this.#relation, mode);
  }

  /** All rows as plain objects; of columns of one name the second is `a.1`. */
  async collect(options?: ActionOptions): Promise<Record<string, unknown>[]> {
    const frame = this.#client.frame(await this.#client.table(this.#relation, options));
    const { columns } = frame;
    const rows = frame.values as unknown[][];
    return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
  }

  /** All rows as an Arrow table, with every type as the server sent it. */
  async toArrow(options?: ActionOptions): Promise<Table> {
    return (await this.#client.table(this.#relation, options)).table;
  }

  /** At most `limit` rows as a local frame. */
  async toDanfo(limit: number, options?: ActionOptions): Promise<DataFrame> {
    return this.#client.frame(await this.#client.table(this.limit(limit).#relation, options));
  }

  /** The first rows, and whether there are more. */
  async preview(rows = 20, options?: ActionOptions): Promise<{ readonly frame: DataFrame; readonly more: boolean }> {
    const { table, schema } = await this.#client.table(this.limit(rows + 1).#relation, options);
    const frame = this.#client.frame({ table: table.slice(0, rows), schema });
    return { frame, more: table.numRows > rows };
  }

  /** The result as local frames, batch by batch as the server sends them; leaving the loop stops the query. */
  async *batches(options?: ActionOptions): AsyncGenerator<DataFrame, void, undefined> {
    for await (const batch of this.#client.batches(this.#relation, options)) yield this.#client.frame(batch);
  }

  async count(options?: ActionOptions): Promise<number> {
    const count = { exprType: { case: "expressionString" as const, value: { expression: "count(*)" } } };
    const value = { input: this.#relation, groupType: 1, groupingExpressions: [], aggregateExpressions: [count] };
    const { table } = await this.#client.table({ relType: { case: "aggregate", value } }, options);
    return Number(table.getChildAt(0)?.get(0));
  }

  /** Names the query for SQL, in this session. */
  async createOrReplaceTempView(name: string): Promise<void> {
    const value = { input: this.#relation, name, isGlobal: false, replace: true };
    await this.#client.command({ commandType: { case: "createDataframeView", value } });
  }

  async persist(): Promise<this> {
    await this.#client.persist(this.#relation);
    return this;
  }

  async unpersist(blocking = false): Promise<this> {
    await this.#client.unpersist(this.#relation, blocking);
    return this;
  }

  /** What a console shows: no query is run for it. */
  [inspect.custom](): string {
    return `SparkDataFrame on ${this.#client.session.label}: a query that runs when it is collected`;
  }

  #with(relType: NonNullable<RelationInit["relType"]>): SparkDataFrame {
    return new SparkDataFrame(this.#client, { relType });
  }
}
