import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type KeyValue, SparkConnectService } from "#spark-proto/base";
import type { CommandSchema } from "#spark-proto/commands";
import type { MlCommandResult } from "#spark-proto/ml";
import type { MlCommandSchema } from "#spark-proto/mlcommands";
import type { RelationSchema } from "#spark-proto/relations";
import type { DataType } from "#spark-proto/types";
import { KernelBug } from "../../errors.ts";
import type { Table } from "../../frame/arrow.ts";
import type { DataFrame } from "../../frame/frame.ts";
import { ambientOptions } from "./ambient.ts";
import { frameOfResult, joinTables } from "./frames.ts";
import type { ExpressionInit } from "./literal.ts";
import { localRelation } from "./local-relation.ts";
import { type ExecuteOptions, results } from "./results.ts";
import type { InterruptTarget } from "./running.ts";
import { ConnectSession, type SessionOptions } from "./session.ts";

export type RelationInit = MessageInitShape<typeof RelationSchema>;
export type CommandInit = MessageInitShape<typeof CommandSchema>;
export type MlCommandInit = MessageInitShape<typeof MlCommandSchema>;

/** Rows of a result: their Arrow table, and Spark's own schema of it. */
export interface ResultTable {
  readonly table: Table;
  readonly schema: DataType | undefined;
}

const { method } = SparkConnectService;
/** The schema of a CSV with `inferSchema` is a pass over the file. */
const ANALYZE_DEADLINE_MS = 30 * 60_000;

/** What the API asks of a server; `DeferredClient` is one that connects with the first question. */
export type SparkClient = Omit<ConnectClient, "session">;

/** Everything that is asked of a server, over one session. The one door of this room; loading it loads the transport. */
export class ConnectClient {
  readonly session: ConnectSession;

  /** Tags of every operation, beside those that it is given. */
  readonly tags = new Set<string>();

  private constructor(session: ConnectSession) {
    this.session = session;
  }

  static async open(address: string, options?: SessionOptions): Promise<ConnectClient> {
    return new ConnectClient(await ConnectSession.open(address, options));
  }

  /** `sc://host:port`, for people. */
  get label(): string | undefined {
    return this.session.label;
  }

  /** As `isLocal`, for what cannot wait: undefined while it is not known. */
  get isLoopback(): boolean | undefined {
    return this.session.channel.endpoint.isLoopback;
  }

  get isClosed(): boolean {
    return this.session.isClosed;
  }

  /** Whether the server is on this machine, so that its files are those of this program. */
  async isLocal(): Promise<boolean> {
    return this.session.channel.endpoint.isLoopback;
  }

  /** The server's version, `4.3.0`. */
  async version(): Promise<string> {
    return this.session.version;
  }

  /** Stops the operations with a tag, one operation, or all of the session, and gives the ids of those that ran. */
  interrupt(which: InterruptTarget): Promise<readonly string[]> {
    return this.session.interrupt(which);
  }

  /** Stops what runs and gives the session up. */
  close(): Promise<void> {
    return this.session.close();
  }

  /** Runs a query and gives its batches as they come. */
  async *batches(relation: RelationInit, options?: ExecuteOptions): AsyncGenerator<ResultTable, void, undefined> {
    let schema: DataType | undefined;
    for await (const result of results(this.session, rootPlan(relation), this.#tagged(options))) {
      if (result.kind === "schema") schema = result.schema;
      else if (result.kind === "batch") yield { table: result.table, schema };
    }
  }

  /** The whole result of a query; `check` sees each batch as it comes, and stops the query when it throws. */
  async table(
    relation: RelationInit,
    options?: ExecuteOptions,
    check?: (batch: ResultTable) => void,
  ): Promise<ResultTable> {
    const parts: ResultTable[] = [];
    for await (const part of this.batches(relation, options)) {
      check?.(part);
      parts.push(part);
    }
    return { table: joinTables(parts.map(({ table }) => table)), schema: parts[0]?.schema };
  }

  /** The frame of a result, with the types that only Spark's schema knows. */
  frame({ table, schema }: ResultTable): DataFrame {
    return frameOfResult(table, schema);
  }

  /** Runs a statement: what changes something has happened when this is done, a query is only named by the plan that is given back. */
  async sql(text: string, values: SqlArguments = {}, options?: ExecuteOptions): Promise<RelationInit> {
    const sql = sqlRelation(text, values);
    const command: CommandInit = { commandType: { case: "sqlCommand", value: { input: sql } } };
    return (await this.command(command, options)) ?? sql;
  }

  /**
   * As `sql`, of a text that can only be a query: one question finds its faults sooner than running it as a statement does. A question
   * is no operation, which nothing but its answer ends, so where somebody could want to stop it the text goes as a statement.
   */
  async query(text: string, values: SqlArguments = {}, options: ExecuteOptions = {}): Promise<RelationInit> {
    const { signal, tags = [], onProgress } = options;
    if (signal || onProgress || tags.length > 0 || this.tags.size > 0 || ambientOptions())
      return this.sql(text, values, options);
    const relation = sqlRelation(text, values);
    await this.schema(relation);
    return relation;
  }

  /** Runs a command, and gives the frame that it made, if it made one. */
  async command(command: CommandInit, options?: ExecuteOptions): Promise<RelationInit | undefined> {
    let relation: RelationInit | undefined;
    for await (const result of results(this.session, commandPlan(command), this.#tagged(options)))
      if (result.kind === "relation") relation = result.relation;
    return relation;
  }

  /** Runs a command of Spark ML and gives its answer, if it has one. */
  async ml(command: MlCommandInit, options?: ExecuteOptions): Promise<MlCommandResult | undefined> {
    let answer: MlCommandResult | undefined;
    const plan = commandPlan({ commandType: { case: "mlCommand", value: command } });
    for await (const result of results(this.session, plan, this.#tagged(options)))
      if (result.kind === "ml") answer = result.result;
    return answer;
  }

  /** A local frame as a relation: within the plan, or above a size sent ahead once and named by its hash. */
  relationOf(frame: DataFrame | Table): Promise<RelationInit> {
    return localRelation(this.session, frame);
  }

  async schema(relation: RelationInit): Promise<DataType> {
    const { schema } = await this.analyze("schema", { plan: rootPlan(relation) });
    if (!schema) throw unexpected("schema");
    return schema;
  }

  /** Asks about a plan without running it. */
  async analyze<C extends Question>(question: C, value: QuestionInit<C>): Promise<Answer<C>> {
    const analyze = { case: question, value } as AnalyzeInit;
    const options = { signal: ambientOptions()?.signal, deadlineMs: ANALYZE_DEADLINE_MS };
    const { result } = await this.session.call(method.analyzePlan, { analyze }, options);
    if (result.case !== question) throw unexpected(String(question));
    return result.value as Answer<C>;
  }

  /** Sets settings of the session and gives the server's warnings. */
  async setConfig(pairs: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const value = { pairs: Object.entries(pairs).map(([key, text]) => ({ key, value: text })) };
    return (await this.#config({ case: "set", value })).warnings;
  }

  /** The values in effect; undefined for a setting without a value. */
  async getConfig(keys: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
    return mapOf((await this.#config({ case: "getOption", value: { keys: [...keys] } })).pairs);
  }

  /** All settings that somebody has set. */
  async allConfig(prefix?: string): Promise<ReadonlyMap<string, string | undefined>> {
    const value = prefix === undefined ? {} : { prefix };
    return mapOf((await this.#config({ case: "getAll", value })).pairs);
  }

  async unsetConfig(keys: readonly string[]): Promise<void> {
    await this.#config({ case: "unset", value: { keys: [...keys] } });
  }

  /** Which settings a session may change; false too for names that Spark does not know. */
  async isModifiable(keys: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const { pairs } = await this.#config({ case: "isModifiable", value: { keys: [...keys] } });
    return new Map(pairs.map(({ key, value }) => [key, value === "true"]));
  }

  #tagged(options?: ExecuteOptions): ExecuteOptions | undefined {
    return this.tags.size === 0
      ? options
      : { ...options, tags: [...new Set([...this.tags, ...(options?.tags ?? [])])] };
  }

  #config(opType: ConfigInit) {
    const { signal } = ambientOptions() ?? {};
    return this.session.call(method.config, { operation: { opType } }, { signal });
  }
}

type AnalyzeInit = NonNullable<MessageInitShape<(typeof method.analyzePlan)["input"]>["analyze"]>;
export type Question = Extract<AnalyzeInit["case"], AnalyzeResult["case"]>;
export type QuestionInit<C extends Question> = Extract<AnalyzeInit, { readonly case: C }>["value"];
type AnalyzeResult = MessageShape<(typeof method.analyzePlan)["output"]>["result"];
export type Answer<C extends Question> = Extract<AnalyzeResult, { readonly case: C }>["value"];
type ConfigInit = NonNullable<NonNullable<MessageInitShape<(typeof method.config)["input"]>["operation"]>["opType"]>;

/** Values for `:name` by name, or for `?` in order. */
export type SqlArguments = Readonly<Record<string, ExpressionInit>> | readonly ExpressionInit[];

function sqlRelation(text: string, values: SqlArguments): RelationInit {
  return { relType: { case: "sql", value: { query: text, ...sqlArguments(values) } } };
}

function sqlArguments(values: SqlArguments): {
  readonly namedArguments?: Record<string, ExpressionInit>;
  readonly posArguments?: ExpressionInit[];
} {
  if (Array.isArray(values)) return { posArguments: [...(values as readonly ExpressionInit[])] };
  return { namedArguments: { ...(values as Readonly<Record<string, ExpressionInit>>) } };
}

function rootPlan(relation: RelationInit) {
  return { opType: { case: "root" as const, value: relation } };
}

function commandPlan(command: CommandInit) {
  return { opType: { case: "command" as const, value: command } };
}

function mapOf(pairs: readonly KeyValue[]): ReadonlyMap<string, string | undefined> {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}

function unexpected(what: string): KernelBug {
  return new KernelBug(`the server answered a question for its ${what} with something else`);
}
