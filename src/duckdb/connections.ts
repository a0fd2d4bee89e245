import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { TempFolder } from "./temp.ts";

interface Limits {
  /** Bytes. */
  readonly memoryLimit: number;
  readonly threads: number;
}

/** An engine in memory, and the connections to it: queries run on one, small questions are asked on another meanwhile, and one is for who watches. */
export class Connections {
  readonly main: DuckDBConnection;
  readonly watching: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  #beside: DuckDBConnection | undefined;

  private constructor(instance: DuckDBInstance, main: DuckDBConnection, watching: DuckDBConnection) {
    this.#instance = instance;
    this.main = main;
    this.watching = watching;
  }

  static async open(
    { DuckDBInstance }: typeof import("@duckdb/node-api"),
    { memoryLimit, threads }: Limits,
    temp: Pick<TempFolder, "path" | "free">,
  ): Promise<Connections> {
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.floor(memoryLimit / 1024)}KiB`,
      threads: String(threads),
      temp_directory: temp.path,
      max_temp_directory_size: `${Math.floor((temp.free * 0.9) / 1024)}KiB`,
      autoinstall_known_extensions: "false",
      // Files are read once, and the system keeps them: the engine's own copy took a twentieth of a query's processor time.
      enable_external_file_cache: "false",
    });
    const [main, watching] = await Promise.all([instance.connect(), instance.connect()]);
    await main.run(
      "SET TimeZone = 'UTC'; SET parquet_metadata_cache = true; SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0",
    );
    return new Connections(instance, main, watching);
  }

  /** The one for small questions, made when it is first asked for. */
  async beside(): Promise<DuckDBConnection> {
    this.#beside ??= await this.#instance.connect();
    return this.#beside;
  }

  /** Ends what runs; a query that only begins forgets it. */
  interrupt(): void {
    this.main.interrupt();
    this.#beside?.interrupt();
  }

  /** All but the watching one, which its watcher closes; no call may run. */
  close(): void {
    this.#beside?.closeSync();
    this.main.closeSync();
    this.#instance.closeSync();
  }
}
