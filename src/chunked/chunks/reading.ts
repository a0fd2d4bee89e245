import { DataError, Interrupted } from "../../errors.ts";
import { type DataFrame, frameFromColumns } from "../../frame/frame.ts";
import { gzipCheck } from "../../source/check-gzip.ts";
import type { FileSource } from "../../source/source.ts";
import { formatCount } from "../../units.ts";
import { Engines } from "../engines.ts";
import { sourceNotes } from "../notes.ts";
import { type CallbackOptions, type ChunkInfo, chunkSizeOf } from "../options.ts";
import { type ChunkedRun, RunMeter } from "../run.ts";
import { type PredictWhole, predictWhole } from "../whole.ts";
import type { ChunkStream } from "./chunk-stream.ts";

/** A chunk as a function gets it. */
export interface Piece<T = DataFrame> {
  readonly value: T;
  readonly info: ChunkInfo;
}

/** One run over the chunks of a source in the order of their rows: it opens the engine, counts what was taken, and says what it took. */
export class Reading {
  readonly #source: FileSource;
  readonly #options: CallbackOptions;
  readonly #size: ReturnType<typeof chunkSizeOf>;
  readonly #meter: RunMeter;
  readonly #ended = new AbortController();
  #rows = 0;
  #chunks = 0;
  #fraction: number | undefined;
  #predict: PredictWhole | undefined;
  #stream: ChunkStream | undefined;
  #engines: Engines | undefined;
  #run: ChunkedRun | undefined;

  /** @throws {UsageError} E_BAD_COUNT, E_BAD_SIZE, E_BAD_OPTION */
  constructor(source: FileSource, options: CallbackOptions) {
    this.#source = source;
    this.#options = options;
    this.#size = chunkSizeOf(options.chunksize);
    this.#meter = new RunMeter(options.signal);
  }

  /** The chunks; to be asked for once. */
  async *pieces(): AsyncGenerator<Piece, void, undefined> {
    const { signal } = this.#options;
    const ended = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    await using engines = new Engines(this.#options);
    this.#engines = engines;
    const stream = await engines.chunks(this.#source, this.#options, this.#size, (fraction) => {
      this.#fraction = fraction;
      this.#report();
    });
    this.#stream = stream;
    // Beside the chunks: what a stopped run read of it stands in its table, too.
    const prediction = this.#predicted(engines);
    prediction.catch(() => undefined);
    const check = engines.name === "scanner" ? undefined : gzipCheck(this.#source, signal);
    try {
      let index = 0;
      for await (const chunk of stream.chunks) {
        const info: ChunkInfo = { index, rows: chunk.rows, firstRow: chunk.firstRow, signal: ended };
        index++;
        yield { value: frameFromColumns(chunk.columns), info };
        if (signal?.aborted) throw new Interrupted();
      }
    } catch (failure) {
      // The last line of a file that was cut off may be ragged, which is not what is wrong with it.
      if (failure instanceof DataError) await check;
      throw failure;
    }
    await check;
    await prediction;
  }

  /** What a chunk gave is in the result. */
  took({ rows }: ChunkInfo): void {
    this.#chunks++;
    this.#rows += rows;
    if (this.#options.signal?.aborted) throw new Interrupted();
    this.#report();
  }

  /** The figures of the run, which is over. */
  finish(isComplete: boolean): ChunkedRun {
    if (this.#run) return this.#run;
    if (!isComplete) this.#ended.abort(new Interrupted("the run ended before this chunk did"));
    this.#run = this.#meter.finish({ ...this.#facts(), complete: isComplete, ...(isComplete && { fraction: 1 }) });
    this.#meter[Symbol.dispose]();
    this.#options.onRun?.(this.#run);
    return this.#run;
  }

  async #predicted(engines: Engines): Promise<void> {
    if (this.#options.where !== undefined) return;
    this.#predict = await predictWhole(this.#source, () => engines.duckdb(), this.#options.signal);
  }

  #report(): void {
    this.#options.onProgress?.({
      operation: "chunked",
      fraction: this.#fraction,
      note: `${formatCount(this.#chunks)} chunks, ${formatCount(this.#rows)} rows`,
    });
  }

  #facts() {
    return {
      spillPeakBytes: this.#engines?.spillPeak ?? 0,
      source: this.#source.label,
      rows: this.#rows,
      chunks: this.#chunks,
      fileBytes: this.#source.bytes,
      engine: this.#stream?.engine ?? "scanner",
      reason: this.#stream?.reason ?? "",
      fraction: this.#fraction,
      wholeBytes: this.#predict?.(this.#rows),
      notes: sourceNotes(this.#source, this.#options.dtype),
    };
  }
}
