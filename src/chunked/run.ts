import type { DuckdbSession } from "../duckdb/session.ts";
import { Interrupted, MemoryLimitError } from "../errors.ts";
import { MemoryMeter, type MemoryReading, readMemory } from "../memory.ts";

/** What loading the whole would take in memory, in bytes, predicted from a sample of rows. */
export interface WholeBytes {
  readonly danfo: number;
  readonly pandas2: number;
  readonly pandas3: number;
}

/** What a run read and took: the non-enumerable `run` of its result. */
export interface ChunkedRun {
  /** The source as it was named. */
  readonly source: string;
  /** Rows that went in, after `where`. */
  readonly rows: number;
  /** The condition: of the rows that do not meet it nothing is counted. */
  readonly where?: string | undefined;
  /** Chunks that the callback saw; 0 when the engine did the whole. */
  readonly chunks: number;
  readonly seconds: number;
  /** Highest resident memory of the process, in bytes. */
  readonly peakBytes: number;
  /** Resident memory before the run. */
  readonly startBytes: number;
  /** Highest V8 heap in use. */
  readonly heapPeakBytes: number;
  /** Highest sum of buffers outside of that heap: Arrow columns. */
  readonly bufferPeakBytes: number;
  /** The most that the scanner's kernels held, in WebAssembly. */
  readonly scannerPeakBytes: number;
  /** The most that DuckDB held. */
  readonly duckdbPeakBytes: number;
  /** The most by which heap and buffers grew while a function had a chunk; 0 when the engine did the whole. */
  readonly chunkPeakBytes: number;
  /** The most that lay on disk for want of memory. */
  readonly spillPeakBytes: number;
  /** Bytes of the files on disk. */
  readonly fileBytes: number;
  readonly engine: string;
  /** Why it ran there. */
  readonly reason: string;
  /** False after a stop: the result holds the part before it. */
  readonly complete: boolean;
  /** How far a stopped run came, 0 to 1, where that is known. */
  readonly fraction?: number | undefined;
  readonly wholeBytes?: WholeBytes | undefined;
  /** What a reader of the result should know: lossy types and the like. */
  readonly notes: readonly string[];
}

/** What the engines of a run hold, in bytes: the scanner's kernels and DuckDB in memory, and what lies on disk for want of it. */
export interface EngineBytes {
  readonly scanner: number;
  readonly duckdb: number;
  readonly spill: number;
}

export interface EngineFigures {
  readonly now: EngineBytes;
  readonly peak: EngineBytes;
}

const NONE: EngineBytes = { scanner: 0, duckdb: 0, spill: 0 };

export const NO_ENGINE = (): EngineFigures => ({ now: NONE, peak: NONE });

/** Of a session of DuckDB alone; `held` are bytes of temporary files that the rows were laid into. */
export function duckdbFigures(
  session: Pick<DuckdbSession, "figures"> | undefined,
  scanner = { now: 0, peak: 0 },
  held = 0,
): EngineFigures {
  const { memory = 0, memoryPeak = 0, spill = 0, spillPeak = 0 } = session?.figures ?? {};
  return {
    now: { scanner: scanner.now, duckdb: memory, spill: spill + held },
    peak: { scanner: scanner.peak, duckdb: memoryPeak, spill: spillPeak + held },
  };
}

/** Memory of a run at a moment, and its peaks so far. */
export interface RunMemory {
  readonly startBytes: number;
  readonly now: MemoryReading & EngineBytes;
  readonly peak: MemoryReading & EngineBytes;
  readonly chunkPeakBytes: number;
}

/** What `finish` is told of a run that it cannot measure. */
export type RunFacts = Pick<
  ChunkedRun,
  | "source"
  | "rows"
  | "where"
  | "chunks"
  | "fileBytes"
  | "engine"
  | "reason"
  | "complete"
  | "fraction"
  | "wholeBytes"
  | "notes"
>;

/** Gathers the figures of one run; disposing it or aborting `signal`, for runs that nobody ends any more, stops the sampling. */
export class RunMeter {
  readonly #meter = new MemoryMeter();
  readonly #start = performance.now();
  readonly #startBytes = readMemory().resident;
  readonly #engines: () => EngineFigures;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this[Symbol.dispose]();
  #chunkStart = 0;
  #chunkPeak = 0;

  constructor(signal: AbortSignal | undefined, engines = NO_ENGINE) {
    this.#engines = engines;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** A function gets its chunk now. */
  beginChunk(): void {
    const { heap, buffers } = this.#meter.sample();
    this.#chunkStart = heap + buffers;
  }

  /** It has given its value, and what it made for it may still be there. */
  endChunk(): void {
    const { heap, buffers } = this.#meter.sample();
    this.#chunkPeak = Math.max(this.#chunkPeak, heap + buffers - this.#chunkStart);
  }

  get memory(): RunMemory {
    const { now, peak } = this.#engines();
    return {
      startBytes: this.#startBytes,
      now: { ...this.#meter.sample(), ...now },
      peak: { ...this.#meter.peak, ...peak },
      chunkPeakBytes: this.#chunkPeak,
    };
  }

  finish(facts: RunFacts): ChunkedRun {
    const { peak, startBytes, chunkPeakBytes } = this.memory;
    return {
      ...facts,
      seconds: (performance.now() - this.#start) / 1000,
      peakBytes: peak.resident,
      startBytes,
      heapPeakBytes: peak.heap,
      bufferPeakBytes: peak.buffers,
      scannerPeakBytes: peak.scanner,
      duckdbPeakBytes: peak.duckdb,
      spillPeakBytes: peak.spill,
      chunkPeakBytes,
    };
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#meter[Symbol.dispose]();
  }
}

/** Hangs the run on a result where it does not show. */
export function withRun<T>(result: T, run: ChunkedRun): T & { readonly run: ChunkedRun } {
  if (typeof result === "object" && result !== null && Object.isExtensible(result))
    Object.defineProperty(result, "run", { value: run, enumerable: false, configurable: true, writable: true });
  return result as T & { readonly run: ChunkedRun };
}

/** Whether it ended a run whose chunks so far are right. */
export function isStop(failure: unknown): failure is Interrupted | MemoryLimitError {
  return failure instanceof Interrupted || failure instanceof MemoryLimitError;
}

/** A stop tells of the run that it ended. */
export function attachRun(failure: unknown, run: ChunkedRun): void {
  if (failure instanceof Interrupted) withRun(failure, run);
}

/** After a stop the error carries what there was before it, and the run. */
export function attachPartial(failure: unknown, partial: unknown, run: ChunkedRun): void {
  if (!isStop(failure)) return;
  const hidden = { enumerable: false, configurable: true };
  Object.defineProperties(failure, {
    partial: { ...hidden, value: withRun(partial, run) },
    run: { ...hidden, value: run },
  });
}
