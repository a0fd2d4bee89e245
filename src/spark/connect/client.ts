import { setImmediate } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CommandSchema } from "#spark-proto/commands";
import type { MlCommandResult } from "#spark-proto/ml";
import type { MlCommandSchema } from "#spark-proto/mlcommands";
import type { RelationSchema } from "#spark-proto/relations";
import type { DataType } from "#spark-proto/types";
import { KernelBug } from "../../errors.ts";
import type { Table } from "../../frame/arrow.ts";
import type { DataFrame } from "../../frame/frame.ts";
import { ambientOptions } from "./ambient.ts";
import { sessionClosed } from "./closed.ts";
import type { AnalyzeInit, AnalyzeResult, Connection } from "./connection.ts";
import { frameOfResult, joinTables } from "./frames.ts";
import type { ExecuteOptions, Metrics, Result } from "./results.ts";
import type { InterruptTarget } from "./running.ts";
import { SessionSettings } from "./settings.ts";

export type RelationInit = MessageInitShape<typeof RelationSchema>;
export type CommandInit = MessageInitShape<typeof CommandSchema>;
export type MlCommandInit = MessageInitShape<typeof MlCommandSchema>;

/** Rows of a result: their Arrow table, and Spark's own schema of it. */
export interface ResultTable {
  readonly table: Table;
  readonly schema: DataType | undefined;
}

/**
 * What the API asks of a server, over a connection that is made with the first question, so that a plan can be written before there is
 * a server. A connection that failed is tried again by the next question. The transport is loaded with the connection.
 */
export class SparkClient {
  /** The settings of its session. */
  readonly settings = new SessionSettings(() => this.connection());
  readonly #open: () => Promise<Connection>;
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #closed = false;
  /** The tags of before the first question. */
  readonly #tags = new Set<string>();
  #defined: Promise<unknown> | undefined;
  readonly #observers = new Map<string, (metrics: Metrics) => void>();

  constructor(connection: Connection | (() => Promise<Connection>)) {
    this.#open = typeof connection === "function" ? connection : async () => connection;
    if (typeof connection !== "function") this.#connection = connection;
  }

  /** Tags of every operation, beside those that it is given. */
  get tags(): Set<string> {
    return this.#connection?.tags ?? this.#tags;
  }

  /** `sc://host:port`, for people; undefined before the first question. */
  get label(): string | undefined {
    return this.#connection?.label;
  }

  /** As `isLocal`, for what cannot wait: undefined before the first question. */
  get isLoopback(): boolean | undefined {
    return this.#connection?.isLoopback;
  }

  get isClosed(): boolean {
    return this.#closed || (this.#connection?.isClosed ?? false);
  }

  get isLost(): boolean {
    return this.#connection?.isLost ?? false;
  }

  /** The connection, which is made where there is none. */
  connection(): Promise<Connection> {
    if (this.#closed) return Promise.reject(sessionClosed());
    if (this.#connection?.isLost) return afterTurn(this.#connection);
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Whether the server is on this machine, so that its files are those of this program. */
  async isLocal(): Promise<boolean> {
    return (await this.connection()).isLoopback;
  }

  /** The server's version, `4.3.0`. */
  async version(): Promise<string> {
    return (await this.connection()).session.version;
  }

  /** Stops the operations with a tag, one operation, or all of the session, and gives the ids of those that ran. */
  async interrupt(which: InterruptTarget): Promise<readonly string[]> {
    return (await this.connection()).interrupt(which);
  }

  /** Stops what runs and gives the session up; one that never connected is only forgotten. */
  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection ?? (await this.#opening?.catch(() => undefined));
    await connection?.close();
  }

  /** Runs a query and gives its batches as they come. */
  async *batches(relation: RelationInit, options?: ExecuteOptions): AsyncGenerator<ResultTable, void, undefined> {
    let schema: DataType | undefined;
    for await (const result of this.#results(rootPlan(relation), options)) {
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

  /**
   * Runs a statement of SQL: what changes something has happened when this is done, and the plan that is given back holds its rows; a
   * query is only checked.
   */
  async statement(sql: RelationInit, options?: ExecuteOptions): Promise<RelationInit> {
    const command: CommandInit = { commandType: { case: "sqlCommand", value: { input: sql } } };
    return (await this.command(command, options)) ?? sql;
  }

  /**
   * Checks SQL that can only be a query: one question finds its faults sooner than running it as a statement does. A question is no
   * operation, which nothing but its answer ends, so where somebody could want to stop it the query goes as a statement.
   */
  async check(query: RelationInit, options: ExecuteOptions = {}): Promise<void> {
    const { signal, tags = [], onProgress } = options;
    const isOperation = signal || onProgress || tags.length > 0 || this.tags.size > 0 || ambientOptions();
    await (isOperation ? this.statement(query, options) : this.schema(query));
  }

  /** Runs a command, and gives the frame that it made, if it made one. */
  async command(command: CommandInit, options?: ExecuteOptions): Promise<RelationInit | undefined> {
    return (await this.#answer("relation", command, options))?.relation;
  }

  /** Runs a command that makes a name which later questions count on: they wait for it, also where nobody awaits it, as PySpark's lines do not. */
  async define(command: CommandInit, options?: ExecuteOptions): Promise<void> {
    const done = this.command(command, options);
    const settled = done.catch(() => undefined);
    this.#defined = settled;
    await done.finally(() => {
      if (this.#defined === settled) this.#defined = undefined;
    });
  }

  /** Runs a command of Spark ML and gives its answer, if it has one. */
  async ml(command: MlCommandInit, options?: ExecuteOptions): Promise<MlCommandResult | undefined> {
    const { result } =
      (await this.#answer("ml", { commandType: { case: "mlCommand", value: command } }, options)) ?? {};
    return result;
  }

  /** Calls once with what is observed under a name while something runs. */
  observe(name: string, onMetrics: (metrics: Metrics) => void): void {
    this.#observers.set(name, onMetrics);
  }

  /** A local frame as a relation: within the plan, or above a size sent ahead once and named by its hash. */
  async relationOf(frame: DataFrame | Table, signal?: AbortSignal): Promise<RelationInit> {
    return (await this.connection()).relationOf(frame, signal);
  }

  async schema(relation: RelationInit): Promise<DataType> {
    const { schema } = await this.analyze("schema", { plan: rootPlan(relation) });
    if (!schema) throw unexpected("schema");
    return schema;
  }

  /** Asks about a plan without running it. */
  async analyze<C extends Question>(question: C, value: QuestionInit<C>): Promise<Answer<C>> {
    await this.#defined;
    const result = await (await this.connection()).analyze({ case: question, value } as AnalyzeInit);
    if (result.case !== question) throw unexpected(String(question));
    return result.value as Answer<C>;
  }

  async #connect(): Promise<Connection> {
    const connection = await this.#open();
    for (const tag of this.#tags) connection.tags.add(tag);
    this.#connection = connection;
    return connection;
  }

  async *#results(...asked: Parameters<Connection["results"]>): AsyncGenerator<Result, void, undefined> {
    await this.#defined;
    for await (const result of (await this.connection()).results(...asked)) {
      yield result;
      if (result.kind !== "observed") continue;
      this.#observers.get(result.name)?.(result.metrics);
      this.#observers.delete(result.name);
    }
  }

  /** The last thing of a kind that a command gives. */
  async #answer<K extends Result["kind"]>(kind: K, command: CommandInit, options?: ExecuteOptions) {
    let answer: Extract<Result, { readonly kind: K }> | undefined;
    const plan = { opType: { case: "command" as const, value: command } };
    for await (const result of this.#results(plan, options))
      if (result.kind === kind) answer = result as Extract<Result, { readonly kind: K }>;
    return answer;
  }
}

export type Question = Extract<AnalyzeInit["case"], AnalyzeResult["case"]>;
export type QuestionInit<C extends Question> = Extract<AnalyzeInit, { readonly case: C }>["value"];
export type Answer<C extends Question> = Extract<AnalyzeResult, { readonly case: C }>["value"];

/** What will fail at once does so a turn later: whoever returns a promise begins to wait for it then, and an error tells only lines that wait. */
async function afterTurn(connection: Connection): Promise<Connection> {
  await setImmediate();
  return connection;
}

function rootPlan(relation: RelationInit) {
  return { opType: { case: "root" as const, value: relation } };
}

function unexpected(what: string): KernelBug {
  return new KernelBug(`the server answered a question for its ${what} with something else`);
}
