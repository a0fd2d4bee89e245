import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { UsageError } from "../errors.ts";
import type { ProgressEvent } from "../progress.ts";
import type { FileSource } from "../source/source.ts";
import type { SparkSession } from "../spark/session.ts";
import { isTableSource, type TableSource } from "../tables/table-source.ts";
import type { Answer, Refusal } from "./answer.ts";
import { chunksByDuckdb, type Told } from "./chunks/by-duckdb.ts";
import { chunksByScanner } from "./chunks/by-scanner.ts";
import { asTheyAre, chunksByTables, isPlain } from "./chunks/by-tables.ts";
import type { ChunkCut, ChunkStream } from "./chunks/chunk-stream.ts";
import { aggregateByDuckdb } from "./engines/by-duckdb.ts";
import { aggregateByScanner } from "./engines/by-scanner.ts";
import { aggregateBySpark } from "./engines/by-spark.ts";
import { bytesOf, type CallbackOptions, type ChunkedOptions } from "./options.ts";
import { duckdbFigures, type EngineFigures } from "./run.ts";
import { RunFiles, refuseOnSpark } from "./run-files.ts";
import type { LocalSource } from "./source.ts";

/** How far the work is, and the rows that were read so far where the engine counts them. */
type OnFraction = (fraction: number | undefined, rows?: number) => void;

/** The engines of one run: the scanner is asked first, DuckDB is opened when it is needed, Spark works where it is asked for. */
export class Engines {
  readonly #options: Pick<ChunkedOptions, "memoryLimit" | "threads" | "signal">;
  #session: Promise<DuckdbSession> | undefined;
  #opened: DuckdbSession | undefined;
  #scanner = { now: 0, peak: 0 };
  readonly #files = new RunFiles();
  /** The one that works now. */
  name = "scanner";

  constructor(options: Pick<ChunkedOptions, "memoryLimit" | "threads" | "signal">) {
    this.#options = options;
  }

  async aggregate(given: LocalSource, options: ChunkedOptions, onFraction: OnFraction): Promise<Answer> {
    const onProgress: NonNullable<ChunkedOptions["onProgress"]> = (event) => {
      this.#look(event);
      onFraction(event.fraction, event.rows);
      options.onProgress?.({ ...event, operation: "chunked" });
    };
    if (options.engine === "spark") {
      if (isTableSource(given)) refuseOnSpark(given);
      return this.#onSpark(given, options, onProgress);
    }
    const source = await this.files(given, options, (fraction) => onProgress({ operation: "chunked", fraction }));
    const scanned = await aggregateByScanner(source, options, onProgress);
    if (!("refused" in scanned)) return scanned;
    const found = await aggregateByDuckdb(await this.#general(), source, options, onProgress);
    return { ...found, reason: reasonOf(given, scanned, SPILLS) };
  }

  async chunks(
    given: LocalSource,
    options: CallbackOptions,
    cut: ChunkCut,
    onFraction: OnFraction,
  ): Promise<ChunkStream> {
    const onProgress = (event: ProgressEvent) => {
      this.#look(event);
      onFraction(event.fraction, event.rows);
    };
    if (isTableSource(given) && isPlain(options)) {
      this.name = "Arrow";
      const chunks = chunksByTables(given, options, cut, onFraction);
      return { engine: this.name, reason: asTheyAre(given), chunks };
    }
    const source = await this.files(given, options, onFraction);
    const scanned = await chunksByScanner(source, options, cut, onProgress);
    if (!("refused" in scanned)) return scanned;
    const session = await this.#general();
    const told: Told = { notes: [] };
    return {
      engine: this.name,
      reason: reasonOf(given, scanned, READS_ALL),
      chunks: chunksByDuckdb(session, source, options, cut, onProgress, told),
      how: () => told.scanned,
      notes: told.notes,
    };
  }

  duckdb(): Promise<DuckdbSession> {
    const { memoryLimit, threads, signal } = this.#options;
    this.#session ??= openDuckdb({ memoryLimit: bytesOf(memoryLimit), threads, signal }).then((session) => {
      this.#opened = session;
      return session;
    });
    return this.#session;
  }

  /** The active session; without one Spark is found, and started when it must be. */
  async spark({ session, signal, onProgress }: ChunkedOptions): Promise<SparkSession> {
    if (session) return session;
    const { SparkSession: Session } = await import("../spark/session.ts");
    return Session.builder.getOrCreate({ signal, onProgress });
  }

  /** The files of a source: what comes as tables is laid into temporary ones. */
  files(source: LocalSource, options: ChunkedOptions, onFraction: OnFraction): Promise<FileSource> {
    return this.#files.of(source, () => this.duckdb(), options, onFraction);
  }

  get figures(): EngineFigures {
    return duckdbFigures(this.#opened, this.#scanner, this.#files.bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that was stopped while it opened has nothing to close.
    const session = await this.#session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
    await this.#files[Symbol.asyncDispose]();
  }

  async #onSpark(
    source: FileSource,
    options: ChunkedOptions,
    onProgress: NonNullable<ChunkedOptions["onProgress"]>,
  ): Promise<Answer> {
    this.name = "Spark";
    const session = await this.spark(options);
    const found = await aggregateBySpark(session, () => this.duckdb(), source, options, onProgress);
    if ("refused" in found) throw refusedBySpark(found);
    return found;
  }

  /** What the scanner's threads hold; DuckDB is asked itself. */
  #look({ engineBytes }: ProgressEvent): void {
    if (this.name !== "scanner" || engineBytes === undefined) return;
    this.#scanner = { now: engineBytes, peak: Math.max(this.#scanner.peak, engineBytes) };
  }

  #general(): Promise<DuckdbSession> {
    this.name = "DuckDB";
    return this.duckdb();
  }
}

/** Why DuckDB reads. */
export const READS_ALL = "the engine reads, the body runs once for each chunk";

/** Why DuckDB does it. */
export const SPILLS = "the engine does the whole, and spills to disk when it must";

/** Spark was asked for, and would not mean the same by the query. */
export function refusedBySpark({ refused }: Refusal): UsageError {
  return new UsageError("E_ENGINE_CHOICE", `Spark is not given this: ${refused}`, {
    hint: "leave -e spark out: the local engines take it",
  });
}

function reasonOf(source: LocalSource, { refused }: Refusal, reason: string): string {
  return isTableSource(source) ? `${laidDown(source)}; ${reason}` : `${refused}; ${reason}`;
}

/** Why tables are files first. */
export function laidDown({ what }: TableSource): string {
  return `the data are ${what}, and are laid into temporary files first`;
}
