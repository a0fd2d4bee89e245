import { Interrupted } from "../errors.ts";
import type { EngineTable } from "../query/engine-table.ts";
import { keepFreedBlocks } from "./freed-blocks.ts";
import type { ColumnsRequest, ScanPlace } from "./request.ts";
import type { ScanColumn, ScanTable } from "./table.ts";
import type { PartsReader } from "./threads/parts.ts";
import { runScan, type ScanOptions, type ScanRun } from "./threads/run-scan.ts";
import { ROWS_OF_A_PIECE } from "./threads/scan-pieces.ts";
import type { HeldThreads } from "./threads/threads.ts";
import { pandasTypeOf } from "./types/pandas-type.ts";
import { chosenColumns } from "./values/chosen-columns.ts";
import { ChunkReceiver, type SentChunk } from "./values/sent-chunk.ts";

/** A chunk, and where the rows behind it begin; undefined where that is no place in a file that can be gone to. */
export type RunChunk = EngineTable & { readonly end: ScanPlace | undefined };

/** The threads that read columns, and their chunks that have come and are not taken yet. */
export class ColumnRun implements PartsReader {
  readonly #request: ColumnsRequest;
  readonly #done: Promise<ScanRun>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#stop.abort();
  /** With the types that its columns have at present. */
  table: ScanTable;
  /** Somebody has had rows, so that no column may change any more. */
  isBound = false;
  #receiver = new ChunkReceiver([]);
  /** By number: chunks of several threads come in any order. */
  #waiting = new Map<number, { readonly chunk: SentChunk; readonly taken: () => void }>();
  #next = 0;
  #isAwaited = false;
  #ended: { readonly failure: unknown } | undefined;
  #wake: () => void = () => undefined;
  #threads: HeldThreads | undefined;

  constructor(table: ScanTable, request: ColumnsRequest, options: ScanOptions) {
    if (options.signal?.aborted) throw new Interrupted();
    keepFreedBlocks();
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#signal = options.signal;
    this.table = table;
    this.#request = request;
    this.#done = runScan(table, { kind: "columns", request }, { ...options, signal: this.#stop.signal }, this);
    this.#done.then(
      () => this.#end(undefined),
      (failure) => this.#end(failure),
    );
  }

  begin(table: ScanTable): void {
    const { columns } = table;
    const chosen = chosenColumns(columns, this.#request.columns).map((index) => columns[index] as ScanColumn);
    this.table = table;
    this.#receiver = new ChunkReceiver(chosen.map(({ name, type }) => ({ name, type: pandasTypeOf(type) })));
    this.#waiting = new Map();
    this.#next = 0;
  }

  /** A reader that never comes back must not keep the process alive: the threads are held while somebody waits for them. */
  readonly onThreads = (threads: HeldThreads): void => {
    this.#threads = threads;
    threads.hold(this.#isAwaited);
  };

  readonly onPart = (value: unknown, taken: () => void): void => {
    const chunk = value as SentChunk;
    this.#waiting.set(chunk.number, { chunk, taken });
    this.#wake();
  };

  /**
   * The next chunk; undefined after the last. What was stopped goes no further, any other failure comes behind all chunks before it.
   *
   * @throws what the scan failed with
   */
  async next(): Promise<RunChunk | undefined> {
    await this.#ready();
    // Threads that were stopped may still be about to end.
    if (this.#stop.signal.aborted) throw new Interrupted();
    const first = this.#waiting.get(this.#next);
    if (!first && this.#ended?.failure !== undefined) throw this.#ended.failure;
    if (!first) return undefined;
    this.#waiting.delete(this.#next++);
    this.isBound = true;
    first.taken();
    return { ...this.#receiver.take(first.chunk), end: this.#placeOf(first.chunk) };
  }

  /** What came of it. */
  result(): Promise<ScanRun> {
    return this.#done;
  }

  /** The threads have ended when this returns. */
  async stop(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#stop.abort();
    await Promise.allSettled([this.#done]);
  }

  /** Waits until there is a chunk to take, or there will be none. A chunk that is there may be void again later, as long as none was handed out. */
  async #ready(): Promise<void> {
    while (!this.#waiting.has(this.#next) && this.#ended === undefined) {
      this.#isAwaited = true;
      this.#threads?.hold(true);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#isAwaited = false;
      this.#threads?.hold(false);
    }
  }

  /** Each file is one piece; what is unpacked or of another encoding lies elsewhere in its file. */
  #placeOf({ end }: SentChunk): ScanPlace | undefined {
    const { compression, dialect } = this.table;
    if (!end || compression !== undefined || dialect.encoding !== "utf-8") return undefined;
    const { from } = this.#request;
    const piece = Math.floor(end.row / ROWS_OF_A_PIECE);
    const row = (end.row % ROWS_OF_A_PIECE) + (piece === 0 ? (from?.row ?? 0) : 0);
    return { file: piece + (from?.file ?? 0), offset: end.offset, row, pass: end.pass };
  }

  #end(failure: unknown): void {
    this.#ended = { failure };
    this.#wake();
  }
}
