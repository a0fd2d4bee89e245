import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBResult,
  DuckDBValueConverter,
} from "@duckdb/node-api";
import { EngineError, Interrupted, MemoryLimitError, type OutgrowError } from "../errors.ts";
import { memoryLimitOf, threadsOf } from "../limits.ts";
import type { EngineTable } from "../query/engine-table.ts";
import { duckdbApi } from "./api.ts";
import { createBuilder } from "./builder.ts";
import type { ColumnBuilder } from "./builder-base.ts";
import { EngineMeter } from "./engine-meter.ts";
import { translateFailure } from "./failures.ts";
import type { QueryOptions, StreamedTable } from "./query-options.ts";
import { holdTempFolder, type TempFolder } from "./temp.ts";
import { type AppendedColumn, appendColumns } from "./write/append.ts";

/** Name of the column that marks the last row of a stream. */
const END = "outgrow end";
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
  const limits = { memoryLimit: memoryLimitOf(options.memoryLimit), threads: threadsOf(options.threads) };
  if (options.signal?.aborted) throw new Interrupted();
  const api = duckdbApi();
  const temp = await holdTempFolder(options.tempRoot);
  const instance = await api.DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.floor(limits.memoryLimit / 1024)}KiB`,
    threads: String(limits.threads),
    temp_directory: temp.path,
    max_temp_directory_size: `${Math.floor((temp.free * 0.9) / 1024)}KiB`,
    autoinstall_known_extensions: "false",
  });
  const [connection, second] = await Promise.all([instance.connect(), instance.connect()]);
  await connection.run(
    "SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0",
  );
  return new DuckdbSession(api, instance, connection, new EngineMeter(second, temp.path), temp, {
    ...limits,
    signal: options.signal,
  });
}

/** One open engine; one query runs at a time, and another one ends a stream that is being read. */
export class DuckdbSession {
  readonly memoryLimit: number;
  readonly threads: number;
  readonly #api: typeof import("@duckdb/node-api");
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #temp: TempFolder;
  readonly #signal: AbortSignal | undefined;
  readonly #meter: EngineMeter;
  readonly #onAbort = () => this.#abort();
  #running = 0;
  #closing: Promise<void> | undefined;

  constructor(
    api: typeof import("@duckdb/node-api"),
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    meter: EngineMeter,
    temp: TempFolder,
    limits: { readonly memoryLimit: number; readonly threads: number; readonly signal: AbortSignal | undefined },
  ) {
    this.#api = api;
    this.#instance = instance;
    this.#connection = connection;
    this.#temp = temp;
    this.memoryLimit = limits.memoryLimit;
    this.threads = limits.threads;
    this.#signal = limits.signal;
    this.#meter = meter;
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
    await this.#guard(() => this.#connection.run(sql), options.sourceTypes);
  }

  /**
   * The whole result as typed columns.
   *
   * @throws {DataError | EngineError | MemoryLimitError | Interrupted}
   */
  async query(sql: string, options: QueryOptions = {}): Promise<EngineTable> {
    using _progress = this.#watch(options);
    const { sourceTypes } = options;
    const result = await this.#guard(() => this.#connection.run(sql), sourceTypes);
    const builders = this.#builders(result, result.columnCount, options);
    let rows = 0;
    for (let chunk = await this.#fetch(result, sourceTypes); chunk; chunk = await this.#fetch(result, sourceTypes)) {
      for (const [column, builder] of builders.entries()) builder.append(chunk, column, 0, chunk.rowCount);
      rows += chunk.rowCount;
    }
    return { columns: builders.map((builder) => builder.finish()), rows };
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
    const { sourceTypes } = options;
    // The engine ends a stream that failed as it ends one that is done, so that a last row of our own tells them apart.
    const marked = `SELECT *, false AS "${END}" FROM (${sql}) UNION ALL BY NAME SELECT true AS "${END}"`;
    const result = await this.#guard(() => this.#connection.stream(marked), sourceTypes);
    const end = result.columnCount - 1;
    const start = () => this.#builders(result, end, options);
    const sizeOf = typeof chunkRows === "number" ? () => chunkRows : chunkRows;
    let [builders, rows, firstRow, isDone, size] = [start(), 0, 0, false, sizeOf()];
    while (!isDone) {
      const chunk = await this.#fetch(result, sourceTypes);
      if (!chunk) throw await this.#hiddenFailure(sql, sourceTypes);
      isDone = chunk.getColumnVector(end).getItem(chunk.rowCount - 1) === true;
      const available = chunk.rowCount - (isDone ? 1 : 0);
      for (let from = 0; from < available; ) {
        const count = Math.min(available - from, size - rows);
        for (const [column, builder] of builders.entries()) builder.append(chunk, column, from, count);
        from += count;
        rows += count;
        if (rows < size) continue;
        yield { columns: builders.map((builder) => builder.finish()), rows, firstRow };
        [builders, firstRow, rows, size] = [start(), firstRow + rows, 0, sizeOf()];
      }
    }
    if (rows > 0 || firstRow === 0) yield { columns: builders.map((builder) => builder.finish()), rows, firstRow };
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
    await this.#guard(() => appendColumns(this.#connection, table, columns, rows, this.#signal));
  }

  /** Names and SQL types of what a query would give, without running it. */
  async describe(sql: string): Promise<{ name: string; sqlType: string }[]> {
    const reader = await this.#guard(() => this.#connection.runAndReadAll(`DESCRIBE ${sql}`));
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
    this.#connection.interrupt();
    // The engine must not be closed under a running call; interrupting ends it within milliseconds.
    while (this.#running > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await this.#meter.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    await this.#temp.remove();
  }

  /** Closes even when the code that waits for the query was terminated and its `finally` blocks never run. */
  #abort(): void {
    this.#connection.interrupt();
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

  #builders(result: DuckDBResult, count: number, { types = {}, rows }: QueryOptions): ColumnBuilder[] {
    const convert = this.#api.JSDuckDBValueConverter as DuckDBValueConverter<unknown>;
    const known = new Map(Object.entries(types));
    return Array.from({ length: count }, (_, i) => {
      const name = result.columnName(i);
      return createBuilder(name, result.columnType(i).toString(), convert, known.get(name), rows);
    });
  }

  /** A stream does not say why it failed: the same query, each value looked at, does. */
  async #hiddenFailure(sql: string, sourceTypes: QueryOptions["sourceTypes"]): Promise<OutgrowError> {
    try {
      await this.#guard(() => this.#connection.run(`SELECT max(hash(COLUMNS(*))) FROM (${sql})`), sourceTypes);
    } catch (failure) {
      return failure as OutgrowError;
    }
    return new EngineError("E_STREAM_ENDED", "DuckDB ended the data before their end and does not say why", {
      hint: "run it again, with a higher --memory-limit if it stays",
    });
  }

  async #fetch(result: DuckDBResult, types: QueryOptions["sourceTypes"]): Promise<DuckDBDataChunk | undefined> {
    const chunk = await this.#guard(() => result.fetchChunk(), types);
    return chunk && chunk.rowCount > 0 ? chunk : undefined;
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

  /** Reports the engine's percentage four times a second until disposed. */
  #watch({ onProgress, operation = "query" }: QueryOptions): Disposable {
    if (!onProgress) return { [Symbol.dispose]: () => undefined };
    const timer = setInterval(() => {
      if (this.#closing) return clearInterval(timer);
      const { percentage } = this.#connection.progress;
      onProgress({
        operation,
        fraction: percentage >= 0 ? Math.min(1, percentage / 100) : undefined,
        engineBytes: this.figures.memory,
      });
    }, 250);
    timer.unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
}
