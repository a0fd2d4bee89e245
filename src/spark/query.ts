import { inspect } from "node:util";
import type { Table } from "../frame/arrow.ts";
import type { DataFrame } from "../frame/frame.ts";
import type { RunOptions } from "../progress.ts";
import type { ExplainMode, RelationInit, SparkClient } from "./connect/client.ts";
import { type SparkField, sparkFields } from "./schema.ts";

export interface ActionOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Names the operations, so that they can be stopped together. */
  readonly tags?: readonly string[] | undefined;
}

/** What a frame is made of: the relation in the words of the protocol, and the client that runs it. */
export interface Plan {
  readonly client: SparkClient;
  /** With the plan's own id in `common`, by which columns name the frame that they belong to. */
  readonly relation: RelationInit;
}

let lastPlanId = 0n;
let readPlan: (query: SparkQuery) => Plan;

/** The plan of a frame, for the rooms of Spark; `new SparkDataFrame(client, relation)` is the way back. */
export function planOf(query: SparkQuery): Plan {
  return readPlan(query);
}

/** What can be asked of a plan on the server. Nothing here changes the plan; `SparkDataFrame` makes new ones of it. */
export class SparkQuery {
  readonly #client: SparkClient;
  readonly #relation: RelationInit;

  constructor(client: SparkClient, relation: RelationInit) {
    this.#client = client;
    const common = { $typeName: "spark.connect.RelationCommon" as const, planId: ++lastPlanId };
    this.#relation = { ...relation, common } as RelationInit;
  }

  static {
    readPlan = (query) => ({ client: query.#client, relation: query.#relation });
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
    return this.#client.frame(await this.#client.table(this.#limited(limit), options));
  }

  /** The first rows, and whether there are more. */
  async preview(rows = 20, options?: ActionOptions): Promise<{ readonly frame: DataFrame; readonly more: boolean }> {
    const { table, schema } = await this.#client.table(this.#limited(rows + 1), options);
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
    return `SparkDataFrame on ${this.#client.label ?? "Spark"}: a query that runs when it is collected`;
  }

  #limited(rows: number): RelationInit {
    return { relType: { case: "limit", value: { input: this.#relation, limit: rows } } };
  }
}
