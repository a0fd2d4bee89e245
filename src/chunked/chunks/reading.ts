import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { DataError, Interrupted } from "../../errors.ts";
import { type DataFrame, frameFromColumns } from "../../frame/frame.ts";
import { ownBounds } from "../../limits.ts";
import { heapSizeLimit } from "../../memory.ts";
import type { ProgressListener } from "../../progress.ts";
import { sliceTable } from "../../query/slice-table.ts";
import { FileChecks } from "../../source/file-checks.ts";
import type { FileSource } from "../../source/source.ts";
import { ambientOptions } from "../../spark/connect/ambient.ts";
import { isTableSource } from "../../tables/table-source.ts";
import { countOf, formatCount } from "../../units.ts";
import { Engines } from "../engines.ts";
import { withMemory } from "../live.ts";
import { sourceNotes } from "../notes.ts";
import { bytesOf, type CallbackOptions, type ChunkInfo, chunkSizeOf } from "../options.ts";
import { type ChunkedRun, NO_ENGINE, RunMeter } from "../run.ts";
import type { LocalSource } from "../source.ts";
import { type Prediction, predictWhole } from "../whole.ts";
import type { ChunkCut, ChunkStream, EngineChunk, Resumption } from "./chunk-stream.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** A chunk as a function gets it. */
export interface Piece<T = DataFrame> {
  readonly value: T;
  readonly info: ChunkInfo;
}

/** How much of the data is in a result. */
export interface Taken {
  readonly rows: number;
  readonly chunks: number;
  /** How another run goes on behind them. */
  readonly resume: (Resumption & { readonly columns: ColumnTypes }) | undefined;
}

/** Names and types of the columns of chunks. */
type ColumnTypes = readonly (readonly [string, string])[];

/** One run over the chunks of a source in the order of their rows: it opens the engine, counts what was taken, and says what it took. */
export class Reading {
  readonly #source: LocalSource;
  readonly #options: CallbackOptions;
  readonly #meter: RunMeter;
  readonly #budget: MemoryBudget;
  readonly #cutting: ChunkCut;
  readonly #onProgress: ProgressListener | undefined;
  readonly #ended = new AbortController();
  readonly #notes: string[] = [];
  #rows = 0;
  /** Those of the run before, which count for no rate. */
  #rowsBefore = 0;
  #chunks = 0;
  #resumed: Taken["resume"];
  /** The last place before what was not taken, and those of chunks that are read ahead. */
  #place: Resumption["place"];
  #ahead: NonNullable<Resumption["place"]>[] = [];
  #columns: ColumnTypes | undefined;
  #read: { readonly fraction: number | undefined; readonly rows?: number | undefined } = { fraction: undefined };
  #prediction: Prediction | undefined;
  #stream: ChunkStream | undefined;
  #engines: Engines | undefined;
  #run: ChunkedRun | undefined;

  /** @throws {UsageError} E_BAD_COUNT, E_BAD_SIZE, E_BAD_OPTION */
  constructor(source: LocalSource, options: CallbackOptions) {
    this.#source = source;
    this.#options = options;
    const bounds = ambientOptions()?.memory ?? ownBounds(heapSizeLimit());
    this.#budget = new MemoryBudget(bytesOf(options.memoryLimit), bounds);
    this.#cutting = { size: chunkSizeOf(options.chunksize), limit: this.#budget };
    // Behind all that may throw: it samples until the run is finished.
    this.#meter = new RunMeter(options.signal, () => this.#engines?.figures ?? NO_ENGINE());
    this.#onProgress = withMemory(options.onProgress, this.#meter, () => this.#prediction);
  }

  /** A run that goes on: what was taken before is in the result already. To be told before the chunks are asked for. */
  resume({ rows, chunks, resume }: Taken): void {
    [this.#rows, this.#chunks, this.#resumed, this.#place] = [rows, chunks, resume, resume?.place];
    this.#rowsBefore = rows;
  }

  /** What a reader of the result should know. */
  note(text: string): void {
    this.#notes.push(text);
  }

  get taken(): Taken {
    const { engine, how } = this.#stream ?? {};
    const columns = this.#columns;
    const resume =
      engine !== undefined && columns
        ? { rows: this.#rows, engine, how: how?.(), place: this.#place, columns }
        : this.#resumed;
    return { rows: this.#rows, chunks: this.#chunks, resume };
  }

  /** The chunks behind what was taken; to be asked for once. */
  async *pieces(): AsyncGenerator<Piece, void, undefined> {
    const { signal } = this.#options;
    if (signal?.aborted) throw new Interrupted();
    const ended = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    await using engines = new Engines(this.#options);
    this.#engines = engines;
    const cut = { ...this.#cutting, resume: this.#resumed };
    const stream = await engines.chunks(this.#source, this.#options, cut, (fraction, rows) => {
      this.#read = { fraction, rows };
      this.#report();
    });
    this.#stream = stream;
    this.#noteResumed(stream);
    // Beside the chunks: what a stopped run read of it stands in its table, too.
    const prediction = this.#predicted(engines);
    prediction.catch(() => undefined);
    // A session has one query at a time: another would end the stream.
    if (engines.name !== "scanner") await prediction;
    const isUnchecked = engines.name === "scanner" || isTableSource(this.#source);
    const checks = isUnchecked ? undefined : new FileChecks(this.#source as FileSource, signal);
    try {
      let index = this.#chunks;
      const before = this.#rows;
      for await (const chunk of stream.chunks) {
        this.#columns ??= this.#checkedTypes(chunk);
        if (chunk.end) this.#ahead.push({ at: chunk.end, rows: chunk.firstRow + chunk.rows });
        for (const { columns, rows, firstRow } of this.#cut(chunk, before)) {
          const info: ChunkInfo = { index, rows, firstRow, signal: ended };
          index++;
          this.#meter.beginChunk();
          yield { value: frameFromColumns(columns), info };
          if (signal?.aborted) throw new Interrupted();
        }
      }
    } catch (failure) {
      throw checks ? await checks.explained(failure) : failure;
    }
    await checks?.passed();
    await prediction;
  }

  /** What a chunk gave is in the result. */
  took({ rows }: ChunkInfo): void {
    this.#meter.endChunk();
    this.#chunks++;
    this.#rows += rows;
    this.#findPlace();
    if (this.#options.signal?.aborted) throw new Interrupted();
    this.#report();
  }

  /** The figures of the run, which is over. */
  finish(isComplete: boolean): ChunkedRun {
    if (this.#run) return this.#run;
    if (!isComplete) this.#ended.abort(new Interrupted("the run ended before this chunk did"));
    this.#run = this.#meter.finish({
      ...this.#facts(isComplete),
      complete: isComplete,
      ...(isComplete && { fraction: 1 }),
    });
    this.#meter[Symbol.dispose]();
    this.#options.onRun?.(this.#run);
    return this.#run;
  }

  /** A chunk, in parts where memory is short and it was read before. What was handed out before decides, so that each part is cut when it is asked for. */
  *#cut(chunk: EngineChunk, before: number): Generator<EngineChunk> {
    let from = Math.max(0, before - chunk.firstRow);
    // Behind the last row an engine may give a chunk without any, as it does for data that have none.
    if (from >= chunk.rows && this.#resumed) return;
    do {
      this.#budget.look(chunk.rows);
      const to = Math.min(chunk.rows, from + this.#budget.mostRows);
      yield { ...sliceTable(chunk, from, to), firstRow: chunk.firstRow + from };
      from = to;
    } while (from < chunk.rows);
  }

  #findPlace(): void {
    while (this.#ahead[0] && this.#ahead[0].rows <= this.#rows) this.#place = this.#ahead.shift();
  }

  #noteResumed({ engine }: ChunkStream): void {
    if (!this.#resumed) return;
    const at = this.#resumed.engine === engine ? this.#resumed.place?.at : undefined;
    const file = path.basename(this.#source.files[at?.file ?? 0]?.path ?? "");
    const how = at
      ? `byte ${formatCount(at.offset)} of ${file}`
      : "for which the rows before it were read and passed over";
    this.note(`goes on from a checkpoint at row ${formatCount(this.#rows + 1)}, ${how}`);
  }

  /** Before and behind a checkpoint columns have the same types. */
  #checkedTypes({ columns }: EngineChunk): ColumnTypes {
    const types = columns.map(({ name, type }) => [name, type] as const);
    // Of tables each batch may have its own.
    if (this.#resumed?.how === undefined || isDeepStrictEqual(types, this.#resumed.columns)) return types;
    const said = (list: ColumnTypes) => list.map(([name, type]) => `${name} ${type}`).join(", ");
    throw new DataError(
      "E_CHECKPOINT",
      `behind the checkpoint the columns are ${said(types)}, and before it ${said(this.#resumed.columns)}`,
      { hint: "remove the checkpoint: the run then begins at the first row" },
    );
  }

  async #predicted(engines: Engines): Promise<void> {
    if (this.#options.where !== undefined) return;
    this.#prediction = await predictWhole(this.#source, () => engines.duckdb(), this.#options.signal);
  }

  #report(): void {
    this.#onProgress?.({
      operation: "chunked",
      fraction: this.#taken,
      note: `${countOf(this.#chunks, "chunk")}, ${countOf(this.#rows, "row")}`,
      rows: this.#rows - this.#rowsBefore,
    });
  }

  /** The share that is in the result: the engine reads ahead of it. */
  get #taken(): number | undefined {
    const { fraction, rows } = this.#read;
    // With a condition the engine reads more rows than it hands out.
    if (fraction === undefined || !rows || this.#options.where !== undefined) return fraction;
    return fraction * Math.min(1, this.#rows / rows);
  }

  #facts(isComplete: boolean) {
    // The whole is what was not read, too.
    const wholeRows = isComplete ? this.#rows : Math.max(this.#rows, this.#prediction?.rows ?? 0);
    return {
      source: this.#source.label,
      rows: this.#rows,
      where: this.#options.where,
      chunks: this.#chunks,
      fileBytes: this.#source.bytes,
      engine: this.#stream?.engine ?? "scanner",
      reason: this.#stream?.reason ?? "",
      fraction: this.#taken,
      wholeBytes: this.#prediction?.bytes(wholeRows),
      notes: [
        ...sourceNotes(this.#source, this.#options.dtype),
        ...this.#budget.notes,
        ...this.#notes,
        ...(this.#stream?.notes ?? []),
      ],
    };
  }
}
