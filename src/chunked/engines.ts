import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { COPYING, inUtf8 } from "../duckdb/utf8-copy.ts";
import type { ProgressEvent } from "../progress.ts";
import { ScanRefused } from "../scan/refused.ts";
import type { ScanAhead } from "../scan/threads/scan-ahead.ts";
import type { FileSource } from "../source/source.ts";
import { withTitleAdvice } from "../source/text-columns.ts";
import type { SparkSession } from "../spark/session.ts";
import { KeptTables } from "../tables/kept-tables.ts";
import { isTableSource, type TableSource } from "../tables/table-source.ts";
import type { Answer, Found, Refusal } from "./answer.ts";
import { chunksByDuckdb, type Told } from "./chunks/by-duckdb.ts";
import { chunksByScanner } from "./chunks/by-scanner.ts";
import { chunksByTables } from "./chunks/by-tables.ts";
import type { ChunkCut, ChunkStream } from "./chunks/chunk-stream.ts";
import { aggregateByDuckdb } from "./engines/by-duckdb.ts";
import { aggregateByScanner, aggregateParquet, aggregateTables } from "./engines/by-scanner.ts";
import { aggregateBySpark } from "./engines/by-spark.ts";
import type { ParquetPlan } from "./engines/parquet-plan.ts";
import { beginScan, type ScanPlan } from "./engines/scan-plan.ts";
import type { TablesPlan } from "./engines/tables-plan.ts";
import { bytesOf, type CallbackOptions, type ChunkedOptions } from "./options.ts";
import { behind, behindTables, planHere, planOn, refusedBySpark, type SparkChoice } from "./plan-on.ts";
import { duckdbFigures, type EngineFigures } from "./run.ts";
import { RunFiles } from "./run-files.ts";
import type { LocalSource } from "./source.ts";
import type { Prediction } from "./whole.ts";
import { predictParquet } from "./whole-parquet.ts";
import { WholeTables } from "./whole-tables.ts";

/** How far the work is, and the rows that were read so far where the engine counts them. */
type OnFraction = (fraction: number | undefined, rows?: number) => void;

type Predict = () => Promise<Prediction | undefined>;

/** The engines of one run, which `planOn` chooses from: DuckDB is opened when it is needed, and takes over what the scanner has to leave. */
export class Engines {
  readonly #options: Pick<ChunkedOptions, "memoryLimit" | "threads" | "signal">;
  #session: Promise<DuckdbSession> | undefined;
  #opened: DuckdbSession | undefined;
  #scanner = { now: 0, peak: 0 };
  readonly #files = new RunFiles();
  /** Of tables that the scanner reads. */
  readonly #whole = new WholeTables();
  #predict: Predict | undefined;
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
    using ahead = beginScan(given, options);
    await using kept = keptFor(given, options);
    const known = kept ? await kept.first() : given;
    const choice = await planOn(known, options, () => this.duckdb());
    if (choice.engine === "Spark") return this.#onSpark(choice, given as FileSource, options, onProgress);
    const scanned =
      choice.engine === "scanner" ? await this.#scan(known, choice.scan, options, onProgress, ahead) : undefined;
    if (scanned && !("refused" in scanned)) return { ...scanned, reason: choice.reason };
    // Whatever was begun for the scanner has nothing more to wait for.
    ahead?.[Symbol.dispose]();
    const session = await this.#general();
    const onHeld = (fraction: number | undefined) => onProgress({ operation: "chunked", fraction });
    const source = await this.files(kept?.again() ?? given, options, onHeld);
    const onCopied = (fraction: number) => onProgress({ operation: "chunked", fraction, note: COPYING });
    const readable = await inUtf8(session, source, { onFraction: onCopied });
    const found = await aggregateByDuckdb(session, readable, options, onProgress);
    if (!scanned) return { ...found, reason: choice.reason };
    const { refused } = scanned;
    return { ...found, reason: isTableSource(given) ? behindTables(given, refused) : behind(refused, false) };
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
    using ahead = beginScan(given, options);
    const choice = await planHere(given, options);
    const { reason } = choice;
    if (isTableSource(given) && choice.engine === "Arrow") {
      this.name = "Arrow";
      return { engine: this.name, reason, chunks: chunksByTables(given, options, cut, onFraction) };
    }
    const source = await this.files(given, options, onFraction);
    const scanned =
      choice.engine === "scanner" && "table" in choice.scan
        ? await advised(source, chunksByScanner(source, choice.scan, options, cut, onProgress, ahead))
        : undefined;
    if (scanned && !("refused" in scanned)) return { ...scanned, reason };
    // Whatever was begun for the scanner has nothing more to wait for.
    ahead?.[Symbol.dispose]();
    const session = await this.#general();
    const readable = await inUtf8(session, source, { onFraction });
    const told: Told = { notes: [] };
    return {
      engine: this.name,
      reason: scanned ? behind(scanned.refused, true) : reason,
      chunks: chunksByDuckdb(session, readable, options, cut, onProgress, told),
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
    if (session) return typeof session === "function" ? session() : session;
    const { SparkSession: Session } = await import("../spark/session.ts");
    return Session.builder.getOrCreate({ signal, onProgress });
  }

  /** The files of a source: what comes as tables is laid into temporary ones. */
  files(source: LocalSource, options: ChunkedOptions, onFraction: OnFraction): Promise<FileSource> {
    return this.#files.of(source, () => this.duckdb(), options, onFraction);
  }

  /** What the scanner knows of the whole, once it has begun; of tables when it has read them. */
  get predict(): Predict | undefined {
    return this.name === "scanner" ? this.#predict : undefined;
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

  /** The query by the scanner, over text, tables or Parquet files. */
  #scan(
    source: LocalSource,
    plan: ScanPlan | TablesPlan | ParquetPlan,
    options: ChunkedOptions,
    onProgress: NonNullable<ChunkedOptions["onProgress"]>,
    ahead: ScanAhead | undefined,
  ): Promise<Found | Refusal> {
    if ("table" in plan) return advised(source as FileSource, aggregateByScanner(plan, options, onProgress, ahead));
    if ("parquet" in plan) {
      this.#predict = () => predictParquet(plan.whole);
      return aggregateParquet(plan, options, onProgress);
    }
    this.#predict = () => Promise.resolve(this.#whole.prediction());
    return aggregateTables(this.#whole.counted(source as TableSource), plan, options, onProgress);
  }

  async #onSpark(
    { work, reason }: SparkChoice,
    source: FileSource,
    options: ChunkedOptions,
    onProgress: NonNullable<ChunkedOptions["onProgress"]>,
  ): Promise<Answer> {
    this.name = "Spark";
    const session = await this.spark(options);
    const found = await aggregateBySpark(session, work, source, options, onProgress);
    if ("refused" in found) throw refusedBySpark(found.refused);
    return { ...found, reason };
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

/** An iterable for the scanner, which may leave it to DuckDB in its midst. */
function keptFor(source: LocalSource, { engine, to, signal, memoryLimit }: ChunkedOptions): KeptTables | undefined {
  if (!isTableSource(source) || source.fields !== undefined || engine === "spark" || to !== undefined) return undefined;
  const refuse = (why: string) => new ScanRefused("memory", why);
  return new KeptTables(source, { signal, memoryLimit: bytesOf(memoryLimit), refuse });
}

/** What the scanner says of a row does not know that a title may stand above the table. */
function advised<T>(source: FileSource, work: Promise<T>): Promise<T> {
  return work.catch(async (failure: unknown) => {
    throw await withTitleAdvice(failure, source);
  });
}
