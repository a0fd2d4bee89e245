import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { withGzipCheck } from "../source/check-gzip.ts";
import type { FileSource } from "../source/source.ts";
import type { Answer, Refusal } from "./answer.ts";
import { aggregateByDuckdb } from "./by-duckdb.ts";
import { aggregateByScanner } from "./by-scanner.ts";
import type { ChunkStream } from "./chunk-stream.ts";
import { chunksByDuckdb } from "./chunks-by-duckdb.ts";
import { chunksByScanner } from "./chunks-by-scanner.ts";
import { bytesOf, type CallbackOptions, type ChunkedOptions, type ChunkSize } from "./options.ts";

type OnFraction = (fraction: number | undefined) => void;

/** The engines of one run: the scanner is asked first, DuckDB is opened when it is needed. */
export class Engines {
  readonly #options: Pick<ChunkedOptions, "memoryLimit" | "threads" | "signal">;
  #session: Promise<DuckdbSession> | undefined;
  /** The one that works now. */
  name = "scanner";

  constructor(options: Pick<ChunkedOptions, "memoryLimit" | "threads" | "signal">) {
    this.#options = options;
  }

  async aggregate(source: FileSource, options: ChunkedOptions, onFraction: OnFraction): Promise<Answer> {
    const onProgress: NonNullable<ChunkedOptions["onProgress"]> = (event) => {
      onFraction(event.fraction);
      options.onProgress?.({ ...event, operation: "chunked" });
    };
    const scanned = await aggregateByScanner(source, options, onProgress);
    if (!("refused" in scanned)) return scanned;
    const found = await aggregateByDuckdb(await this.#general(), source, options, onProgress);
    return { ...found, reason: reasonOf(scanned, "the engine does the whole, and spills to disk when it must") };
  }

  async chunks(
    source: FileSource,
    options: CallbackOptions,
    size: ChunkSize | undefined,
    onFraction: OnFraction,
  ): Promise<ChunkStream> {
    const scanned = await chunksByScanner(source, options, size, onFraction);
    if (!("refused" in scanned)) return scanned;
    const session = await this.#general();
    return {
      engine: this.name,
      reason: reasonOf(scanned, "the engine reads, the body runs once for each chunk"),
      chunks: chunksByDuckdb(session, source, options, size, onFraction),
    };
  }

  /** Runs beside the reading where the engine that reads takes a cut file for a whole one. */
  whole<T>(source: FileSource, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return this.name === "scanner" ? work() : withGzipCheck(source, signal, work);
  }

  duckdb(): Promise<DuckdbSession> {
    const { memoryLimit, threads, signal } = this.#options;
    this.#session ??= openDuckdb({ memoryLimit: bytesOf(memoryLimit), threads, signal });
    return this.#session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that was stopped while it opened has nothing to close.
    const session = await this.#session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
  }

  #general(): Promise<DuckdbSession> {
    this.name = "DuckDB";
    return this.duckdb();
  }
}

function reasonOf({ refused }: Refusal, reason: string): string {
  return `${refused}; ${reason}`;
}
