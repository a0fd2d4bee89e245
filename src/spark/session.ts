import { inspect } from "node:util";
import type { OutgrowError } from "../errors.ts";
import type { Table } from "../frame/arrow.ts";
import type { DataFrame } from "../frame/frame.ts";
import { activeSession, requireActiveSession, setActiveSession } from "./active.ts";
import { applySettings } from "./apply-settings.ts";
import { SparkSessionBuilder } from "./builder.ts";
import { Catalog } from "./catalog.ts";
import { wrong } from "./check.ts";
import { RuntimeConfig } from "./conf.ts";
import { ambientOptions } from "./connect/ambient.ts";
import { type RelationInit, SparkClient } from "./connect/client.ts";
import { SparkDataFrame } from "./dataframe.ts";
import { checkedFrame, type FramePromise, framePromise, queryPromise } from "./frame-promise.ts";
import { localData } from "./local-data.ts";
import { isPlainQuery } from "./plain-query.ts";
import { planOf } from "./plan.ts";
import type { ActionOptions } from "./query.ts";
import { rangeRelation } from "./range-relation.ts";
import { DataFrameReader } from "./reader.ts";
import { reconnect } from "./reconnect.ts";
import { SessionOperations } from "./session-operations.ts";
import { setUp } from "./session-settings.ts";
import { type SqlParams, sqlRelation } from "./sql-relation.ts";
import { TableValuedFunctions } from "./table-functions.ts";

export interface ConnectOptions {
  /** The server's bearer token: over TLS, or to this machine. */
  readonly token?: string | undefined;
  /** A file of certificates (PEM) to trust beside those of the system, for a server with one of its own. */
  readonly ca?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of a server that is watched, as `startSpark` gives it: with its reason the session fails, instead of waiting for an answer. */
  readonly ended?: Promise<OutgrowError | undefined> | undefined;
  /** Called when the session is stopped. */
  readonly onStop?: (() => void) | undefined;
}

type Reopen = (signal: AbortSignal | undefined) => Promise<SparkSession>;

export interface SqlOptions extends ActionOptions {
  /** Values for `:name` by name, or for `?` in order. */
  readonly params?: SqlParams | undefined;
}

let readClient: (session: SparkSession) => SparkClient;

/** The client of a session, for the rooms of Spark. */
export function clientOf(session: SparkSession): SparkClient {
  if (!(session instanceof SparkSession))
    throw wrong("the first argument is no session", "give the SparkSession first, then the rest");
  return readClient(session);
}

/**
 * A session on a Spark server, over Spark Connect.
 *
 * @example
 * const spark = await SparkSession.connect("sc://localhost:15002");
 * const big = await spark.sql("SELECT * FROM sales WHERE amount > :least", { params: { least: 100 } });
 */
export class SparkSession extends SessionOperations implements AsyncDisposable {
  readonly #client: SparkClient;
  /** Another one where this one was, when the server has lost it. */
  readonly #again: Reopen;
  readonly #onStop: (() => void) | undefined;

  private constructor(client: SparkClient, again: Reopen, onStop?: () => void) {
    super(client);
    this.#client = client;
    this.#again = again;
    this.#onStop = onStop;
  }

  /** How a session is wanted; `getOrCreate()` gives it. */
  static get builder(): SparkSessionBuilder {
    return new SparkSessionBuilder({
      connect: SparkSession.connect,
      reconnect: (session, signal) => session.#again(signal),
      configure: (session, pairs) => applySettings(session.#client, pairs),
    });
  }

  /**
   * The session of this process that getOrCreate gave or `%spark connect` opened last.
   *
   * @throws {UsageError} E_NO_SPARK_SESSION when there is none
   */
  static active(): SparkSession {
    return requireActiveSession();
  }

  /** As `active`, and undefined when there is none. */
  static getActiveSession(): SparkSession | undefined {
    return activeSession();
  }

  /** Makes this session the one that `getOrCreate`, `active` and the magics give. */
  static setActiveSession(session: SparkSession): void {
    setActiveSession(session);
  }

  static {
    readClient = (session) => session.#client;
  }

  /**
   * Connects to `sc://host:port`. The transport is loaded here, not with the library.
   *
   * @throws {UsageError} E_SPARK_ADDRESS, E_TOKEN_IN_ADDRESS, E_TOKEN_IN_CLEAR, E_SPARK_VERSION
   * @throws {ConnectionError} E_SPARK_UNREACHABLE, E_SPARK_TOKEN
   */
  static async connect(address: string, options: ConnectOptions = {}): Promise<SparkSession> {
    const { Connection } = await import("./connect/connection.ts");
    const { token, ca, signal = ambientOptions()?.signal, ended, onStop } = options;
    const connection = await Connection.open(address, { token, ca, signal });
    const client = new SparkClient(connection);
    await setUp(client, { showsProgress: ambientOptions() !== undefined });
    if (ended) connection.session.watch(ended);
    return new SparkSession(
      client,
      (again) => reconnect(SparkSession.connect, address, { token, ca, signal: again }),
      onStop,
    );
  }

  /** A session that connects with its first question: plans can be written at once, with nothing to await. */
  static deferred(open: () => Promise<SparkSession>): SparkSession {
    let opened: SparkSession | undefined;
    const client = new SparkClient(async () => {
      opened = await open();
      return opened.#client.connection();
    });
    const again: Reopen = (signal) => (opened ? opened.#again(signal) : open());
    return new SparkSession(client, again, () => {
      if (opened) opened.#onStop?.();
    });
  }

  /** The server's version, `4.3.0`. */
  get version(): Promise<string> {
    return this.#client.version();
  }

  /** `sc://host:port`; undefined while a deferred session has not connected. */
  get label(): string | undefined {
    return this.#client.label;
  }

  /** After `stop`; not when its server was lost. */
  get isStopped(): boolean {
    return this.#client.isClosed;
  }

  /** Once the server has said that it has no such session any more, or has ended; `getOrCreate` gives another one. */
  get isLost(): boolean {
    return this.#client.isLost;
  }

  /**
   * A statement of SQL. What changes something has happened when the promise is kept; a query is checked then, and runs when the frame
   * is collected. Asked for its rows at once, `await spark.sql("SELECT 1").collect()`, a query is one question to the server instead of two.
   *
   * @throws {EngineError} E_SPARK_..., with the place in the statement
   */
  sql(text: string, { params, ...options }: SqlOptions = {}): FramePromise {
    const make = () => this.#frame(sqlRelation(text, params));
    const check = (frame: SparkDataFrame) => this.#client.check(planOf(frame).relation, options);
    if (!isPlainQuery(text)) return framePromise(this.#statement(make, options));
    // Options are for the question that is asked here.
    const isAsked = Object.values(options).some((option) => option !== undefined);
    return isAsked ? framePromise(checkedFrame({ make, check })) : queryPromise({ make, check });
  }

  /** Reads files and tables: `spark.read.csv("sales.csv", { header: true, inferSchema: true })`. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.#client, (relType) => this.#frame({ relType }));
  }

  /** Functions that give rows, as frames. */
  get tvf(): TableValuedFunctions {
    return new TableValuedFunctions(this.#client);
  }

  /** A table or view by its name. */
  table(name: string): SparkDataFrame {
    return this.read.table(name);
  }

  /** The numbers from 0 to `end`, or from `start` up to, not including, `end`, as the column `id`. */
  range(end: number | bigint): SparkDataFrame;
  range(start: number | bigint, end: number | bigint, step?: number | bigint, partitions?: number): SparkDataFrame;
  range(
    first: number | bigint,
    second?: number | bigint,
    step: number | bigint = 1,
    partitions?: number,
  ): SparkDataFrame {
    const [start, end] = second === undefined ? [0, first] : [first, second];
    return this.#frame(rangeRelation({ start, end, step, partitions }));
  }

  /** The settings of this session. */
  get conf(): RuntimeConfig {
    return new RuntimeConfig(this.#client);
  }

  /** What the server knows by name: databases, tables, views, functions, caches. */
  get catalog(): Catalog {
    return new Catalog(this.#client, (relation) => this.#frame(relation));
  }

  /**
   * Data of this process as a frame on the server: a local frame or Arrow table, objects, or lists of values. The schema is names,
   * `["id", "name"]`, or names and types in Spark's words, `"id bigint, name string"`; without it the values say it. Large data go up
   * at once, until the signal is aborted.
   *
   * @throws {UsageError} E_SPARK_ARGUMENT
   * @throws {DataError} E_MIXED_COLUMN where a column holds values of several kinds
   */
  createDataFrame(
    data: DataFrame | Table | readonly object[],
    schema?: string | readonly string[],
    { signal }: Pick<ActionOptions, "signal"> = {},
  ): FramePromise {
    return framePromise(localData(this.#client, data, schema, signal).then((relation) => this.#frame(relation)));
  }

  /** Stops what runs and releases the session on the server. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    await this.#client.close();
    this.#onStop?.();
  }

  /** What a console shows; it asks nothing of the server. */
  [inspect.custom](): string {
    const state = this.isStopped ? "stopped" : (this.label ?? "connects with its first query");
    return `SparkSession · ${state}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #statement(make: () => SparkDataFrame, options: ActionOptions): Promise<SparkDataFrame> {
    return this.#frame(await this.#client.statement(planOf(make()).relation, options));
  }

  #frame(relation: RelationInit): SparkDataFrame {
    return new SparkDataFrame(this.#client, relation);
  }
}
