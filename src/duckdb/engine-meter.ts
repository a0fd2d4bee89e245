import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** Looks four times a second until it is closed at what the engine holds in memory and in its folder of spilled data, and keeps the most of both. */
export class EngineMeter {
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #timer: NodeJS.Timeout;
  #sampling: Promise<void> | undefined;
  #memory = 0;
  #memoryPeak = 0;
  #spill = 0;
  #spillPeak = 0;

  /** @param connection one of its own, on which no other query waits */
  constructor(connection: DuckDBConnection, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
    this.#timer = setInterval(() => {
      this.#sampling ??= this.#sample().finally(() => {
        this.#sampling = undefined;
      });
    }, 250);
    this.#timer.unref();
  }

  /** Bytes now and at their most: buffers of the engine, and files that it wrote because they had no room in memory. */
  get figures(): {
    readonly memory: number;
    readonly memoryPeak: number;
    readonly spill: number;
    readonly spillPeak: number;
  } {
    return { memory: this.#memory, memoryPeak: this.#memoryPeak, spill: this.#spill, spillPeak: this.#spillPeak };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sampling;
    this.#connection.closeSync();
  }

  async #sample(): Promise<void> {
    const [memory, spill] = await Promise.all([bytesHeld(this.#connection), bytesIn(this.#folder)]);
    this.#memory = memory;
    this.#memoryPeak = Math.max(this.#memoryPeak, memory);
    this.#spill = spill;
    this.#spillPeak = Math.max(this.#spillPeak, spill);
  }
}

/** An engine that is out of memory cannot say how much it has. */
async function bytesHeld(connection: DuckDBConnection): Promise<number> {
  try {
    const reader = await connection.runAndReadAll("SELECT sum(memory_usage_bytes)::DOUBLE FROM duckdb_memory()");
    return Number(reader.getRows()[0]?.[0] ?? 0);
  } catch {
    return 0;
  }
}

/** A file may go while it is looked at, and the folder is there only once something was spilled. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map((name) =>
    stat(path.join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(files)).reduce((sum, size) => sum + size, 0);
}
