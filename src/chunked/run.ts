import { Interrupted, MemoryLimitError } from "../errors.ts";
import { MemoryMeter, readMemory } from "../memory.ts";

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
  /** Chunks that the callback saw; 0 when the engine did the whole. */
  readonly chunks: number;
  readonly seconds: number;
  /** Highest resident memory of the process, in bytes. */
  readonly peakBytes: number;
  /** Resident memory before the run. */
  readonly startBytes: number;
  /** Highest V8 heap in use. */
  readonly heapPeakBytes: number;
  /** Highest sum of buffers outside of that heap: Arrow columns, WebAssembly. */
  readonly bufferPeakBytes: number;
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

/** Gathers the figures of one run; disposing it or aborting `signal`, for runs that nobody ends any more, stops the sampling. */
export class RunMeter {
  readonly #meter = new MemoryMeter();
  readonly #start = performance.now();
  readonly #startBytes = readMemory().resident;

  constructor(signal: AbortSignal | undefined) {
    signal?.addEventListener("abort", () => this[Symbol.dispose](), { once: true });
  }

  finish(
    facts: Omit<ChunkedRun, "seconds" | "peakBytes" | "startBytes" | "heapPeakBytes" | "bufferPeakBytes">,
  ): ChunkedRun {
    const { resident, heap, buffers } = this.#meter.peak;
    const seconds = (performance.now() - this.#start) / 1000;
    const peaks = { peakBytes: resident, heapPeakBytes: heap, bufferPeakBytes: buffers };
    return { ...facts, ...peaks, seconds, startBytes: this.#startBytes };
  }

  [Symbol.dispose](): void {
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

/** After a stop the error carries what there was before it, and the run. */
export function attachPartial(failure: unknown, partial: unknown, run: ChunkedRun): void {
  if (!isStop(failure)) return;
  const hidden = { enumerable: false, configurable: true };
  Object.defineProperties(failure, {
    partial: { ...hidden, value: withRun(partial, run) },
    run: { ...hidden, value: run },
  });
}
