import type { DuckDBValueConverter } from "@duckdb/node-api";
import { Interrupted, MemoryLimitError } from "../errors.ts";
import { memoryLimitOf, threadsOf } from "../limits.ts";
import type { EngineTable } from "../query/engine-table.ts";
import { loadDuckdb } from "./api.ts";
import { Connections } from "./connections.ts";
import { EngineMeter } from "./engine-meter.ts";
import { translateFailure } from "./failures.ts";
import type { QueryOptions, StreamedTable } from "./query-options.ts";
import { watchQuery } from "./query-progress.ts";
import { type ResultAccess, readTables, readWhole } from "./results.ts";
import { holdTempFolder, type TempFolder } from "./temp.ts";
import { type AppendedColumn, appendColumns } from "./write/append.ts";

/** Rows from which on a result is worth the engine's letting go of memory. */
const LARGE_RESULT = 1_000_000;
const LEAST_MEMORY = 32 * 2 ** 20;

export interface DuckdbOptions {
  /** Bytes that the engine may use; the process takes about 150 MiB more. Default a quarter of what is free, 512 MiB to 1 GiB. */
  readonly memoryLimit?: number | undefined;
  /** Default the cores that this process may use. */
  readonly threads?: number | undefined;
  /** Folder of the temporary folder that spilled data goes to; default the system's. */
  readonly tempRoot?: string | undefined;
  /** Aborting it stops what runs and closes the session, also when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the embedded engine in memory with explicit limits, in UTC, with a temporary folder of its own. Close it with
 * `await using` or `close()`.
 *
 * @throws {UsageError} E_BAD_OPTION for limits that cannot work
 * @example
 * await using session = await openDuckdb({ memoryLimit: 2 ** 30 });
 * const { columns, rows } = await session.query("SELECT 42 AS answer");
 */
export async function openDuckdb(options: DuckdbOptions = {}): Promise<DuckdbSession> {
  const threads = threadsOf(options.threads);
  const limits = { memoryLimit: memoryLimitOf(options.memoryLimit, threads), threads };
  if (options.signal?.aborted) throw new Interrupted();
  const api = await loadDuckdb();
  if (options.signal?.aborted) throw new Interrupted();
  const temp = await holdTempFolder(options.tempRoot);
  const connections = await Connections.open(api, limits, temp);
  return new DuckdbSession(api, connections, temp, { ...limits, signal: options.signal });
}

/** One open engine; one query runs at a time, and another one ends a stream that is being read. */
export class DuckdbSession {
  readonly memoryLimit: number;
  readonly threads: number;
  readonly #connections: Connections;
  readonly #temp: TempFolder;
  readonly #signal: AbortSignal | undefined;
  readonly #meter: EngineMeter;
  readonly #access: ResultAccess;
  readonly #onAbort = () => this.#abort();
  readonly #ended = new AbortController();
  #running = 0;
  #closing: Promise<void> | undefined;

  constructor(
    api: typeof import("@duckdb/node-api"),
    connections: Connections,
    temp: TempFolder,
    limits: { readonly memoryLimit: number; readonly threads: number; readonly signal: AbortSignal | undefined },
  ) {
    this.#access = {
      connection: connections.main,
      convert: api.JSDuckDBValueConverter as DuckDBValueConverter<unknown>,
      guard: (call, sourceTypes) => this.#guard(call, sourceTypes),
    };
    this.#connections = connections;
    this.#temp = temp;
    this.memoryLimit = limits.memoryLimit;
    this.threads = limits.threads;
    this.#signal = limits.signal;
    this.#meter = new EngineMeter(connections.watching, temp.path);
    limits.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Where spilled data and intermediate files of this session go; the engine makes the folder when it spills. */
  get tempFolder(): string {
    return this.#temp.path;
  }

  /** Bytes that the disk of that folder could take when the session opened. */
  get tempFree(): number {
    return this.#temp.free;
  }

  /** What the engine holds in memory and on disk, in bytes, now and at its most; looked at four times a second. */
  get figures(): EngineMeter["figures"] {
    return this.#meter.figures;
  }

  /** Runs a statement whose result is not wanted. */
  async execute(sql: string, options: QueryOptions = {}): Promise<void> {
    using _progress = this.#watch(options);
    await this.#guard(() => this.#connections.main.run(sql), options.sourceTypes);
  }

  /**
   * The whole result as typed columns.
   *
   * @throws {DataError | EngineError | MemoryLimitError | Interrupted}
   */
  async query(sql: string, options: QueryOptions = {}): Promise<EngineTable> {
    using _progress = this.#watch(options);
    return await readWhole(this.#access, sql, options);
  }

  /** Who asks small questions while a query runs. */
  async beside(): Promise<Pick<DuckdbSession, "query">> {
    const connection = await this.#guard(() => this.#connections.beside());
    return { query: (sql, options = {}) => readWhole({ ...this.#access, connection }, sql, options) };
  }

  /**
   * The result of a SELECT in tables of `chunkRows` rows, which is asked before each of them where it is a function, the last one shorter; one table
   * without rows for an empty result.
   * A stop or a failure in the middle throws: the end of the stream is the end of the data.
   */
  async *stream(
    sql: string,
    chunkRows: number | (() => number),
    options: QueryOptions = {},
  ): AsyncGenerator<StreamedTable, void, undefined> {
    using _progress = this.#watch(options);
    yield* readTables(this.#access, sql, chunkRows, options);
  }

  /**
   * The result of a SELECT that is known to have so many rows: it is read as the engine gives it, into columns of that length, so that it
   * is in memory once.
   */
  async read(sql: string, rows: number, options: QueryOptions = {}): Promise<EngineTable> {
    if (rows < LARGE_RESULT) return this.#read(sql, rows, options);
    // What the engine keeps for later, and may keep on disk as well, need not be in memory beside the columns.
    await this.#limitMemory(Math.max(LEAST_MEMORY, this.memoryLimit / 8));
    try {
      return await this.#read(sql, rows, options);
    } catch (failure) {
      if (!(failure instanceof MemoryLimitError)) throw failure;
      await this.#limitMemory(this.memoryLimit);
      return await this.#read(sql, rows, options);
    } finally {
      await this.#limitMemory(this.memoryLimit);
    }
  }

  /** Lays rows into a table. */
  async append(table: string, columns: readonly AppendedColumn[], rows: number): Promise<void> {
    await this.#guard(() => appendColumns(this.#connections.main, table, columns, rows, this.#signal));
  }

  /**
   * Lays files into the temporary folder, which is not removed under them: `work` is told when the session ends, and is waited for.
   *
   * @throws {Interrupted} beside what `work` throws
   */
  async layFiles<T>(work: (ended: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#ended;
    return await this.#guard(async () => {
      try {
        return await work(signal);
      } catch (failure) {
        throw signal.aborted ? new Interrupted(undefined, { cause: failure }) : failure;
      }
    });
  }

  /** Names and SQL types of what a query would give, without running it. */
  async describe(sql: string): Promise<{ name: string; sqlType: string }[]> {
    const reader = await this.#guard(() => this.#connections.main.runAndReadAll(`DESCRIBE ${sql}`));
    return reader.getRows().map((row) => ({ name: String(row[0]), sqlType: String(row[1]) }));
  }

  /** Stops what runs, lets go of the engine and removes the temporary folder. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#ended.abort();
    this.#connections.interrupt();
    // The engine must not be closed under a running call; interrupting ends it within milliseconds. A query that only begins forgets what
    // interrupted it before.
    while (this.#running > 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      this.#connections.interrupt();
    }
    await this.#meter.close();
    this.#connections.close();
    await this.#temp.remove();
  }

  /** Closes even when the code that waits for the query was terminated and its `finally` blocks never run. */
  #abort(): void {
    this.#connections.interrupt();
    this.close().catch(() => undefined);
  }

  async #read(sql: string, rows: number, options: QueryOptions): Promise<EngineTable> {
    for await (const table of this.stream(sql, Math.max(1, rows), { ...options, rows })) return table;
    return { columns: [], rows: 0 };
  }

  /** What is in use stays: then the limit is as it was. */
  async #limitMemory(bytes: number): Promise<void> {
    const sql = `SET memory_limit = '${Math.floor(Math.min(bytes, this.memoryLimit) / 1024)}KiB'`;
    await this.execute(sql).catch(() => undefined);
  }

  async #guard<T>(call: () => Promise<T>, sourceTypes?: QueryOptions["sourceTypes"]): Promise<T> {
    if (this.#closing || this.#signal?.aborted) throw new Interrupted();
    this.#running++;
    try {
      const value = await call();
      if (this.#signal?.aborted) throw new Interrupted();
      return value;
    } catch (failure) {
      throw translateFailure(failure, { memoryLimit: this.memoryLimit, signal: this.#signal, sourceTypes });
    } finally {
      this.#running--;
    }
  }

  #watch(options: QueryOptions): Disposable {
    const watched = { connection: this.#connections.main, meter: this.#meter, ended: this.#ended.signal };
    return watchQuery(watched, options);
  }
}
