import { Interrupted } from "../errors.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { ColumnsRequest, ScanNote } from "./request.ts";
import type { ScanColumn, ScanTable } from "./table.ts";
import { type PartsReader, runScan, type ScanOptions } from "./threads/run-scan.ts";
import type { HeldThreads } from "./threads/threads.ts";
import { pandasTypeOf } from "./types/pandas-type.ts";
import { chosenColumns } from "./values/chosen-columns.ts";
import { ChunkReceiver, type SentChunk } from "./values/sent-chunk.ts";

/** Rows of a scan as columns. The buffers are the receiver's own. */
export interface ColumnChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among the rows that are handed out, from 0. */
  readonly firstRow: number;
}

export interface ColumnsResult {
  /** Rows that were read. */
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
}

/**
 * The rows of a table in chunks of typed columns, in the order of the text; one chunk without rows when there are none. One
 * thread reads ahead, no more than a few chunks. A value that does not fit its column widens it as long as no chunk has been
 * handed out, and is an error after that.
 *
 * @throws {DataError | UsageError | Interrupted}
 * @throws {ScanRefused} when another engine must do it
 */
export async function* scanColumns(
  table: ScanTable,
  request: ColumnsRequest = {},
  options: ScanOptions = {},
): AsyncGenerator<ColumnChunk, ColumnsResult, undefined> {
  const queue = new ChunkQueue(request);
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  if (options.signal?.aborted) throw new Interrupted();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const run = runScan(table, { kind: "columns", request }, { ...options, signal: stop.signal }, queue);
  run.then(
    () => queue.end(undefined),
    (failure) => queue.end(failure),
  );
  try {
    for (let chunk = await queue.next(); chunk; chunk = await queue.next()) yield chunk;
    const { rows, bytes, notes } = await run;
    return { rows, bytes, notes };
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    stop.abort();
    // The threads have ended when this returns.
    await run.catch(() => undefined);
  }
}

/** Chunks that have come and are not taken yet. */
class ChunkQueue implements PartsReader {
  readonly #request: ColumnsRequest;
  #receiver = new ChunkReceiver([]);
  #waiting: { readonly chunk: SentChunk; readonly taken: () => void }[] = [];
  #rows = 0;
  #hasGiven = false;
  #isAwaited = false;
  #ended: { readonly failure: unknown } | undefined;
  #wake: () => void = () => undefined;
  #threads: HeldThreads | undefined;

  constructor(request: ColumnsRequest) {
    this.#request = request;
  }

  begin({ columns }: ScanTable): void {
    const chosen = chosenColumns(columns, this.#request.columns).map((index) => columns[index] as ScanColumn);
    this.#receiver = new ChunkReceiver(chosen.map(({ name, type }) => ({ name, type: pandasTypeOf(type) })));
    this.#waiting = [];
  }

  get isBound(): boolean {
    return this.#hasGiven;
  }

  /** A reader that never comes back must not keep the process alive: the threads are held while somebody waits for them. */
  readonly onThreads = (threads: HeldThreads): void => {
    this.#threads = threads;
    threads.hold(this.#isAwaited);
  };

  readonly onPart = (value: unknown, taken: () => void): void => {
    this.#waiting.push({ chunk: value as SentChunk, taken });
    this.#wake();
  };

  end(failure: unknown): void {
    this.#ended = { failure };
    this.#wake();
  }

  /** The next chunk, undefined after the last. @throws what the scan failed with, after all chunks before it */
  async next(): Promise<ColumnChunk | undefined> {
    for (;;) {
      // What was stopped goes no further, whatever is still there.
      if (this.#ended?.failure instanceof Interrupted) throw this.#ended.failure;
      const first = this.#waiting.shift();
      if (first) return this.#give(first.chunk, first.taken);
      if (this.#ended?.failure !== undefined) throw this.#ended.failure;
      if (this.#ended) return undefined;
      await this.#change();
    }
  }

  async #change(): Promise<void> {
    this.#isAwaited = true;
    this.#threads?.hold(true);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#isAwaited = false;
    this.#threads?.hold(false);
  }

  #give(chunk: SentChunk, taken: () => void): ColumnChunk {
    this.#hasGiven = true;
    taken();
    const firstRow = this.#rows;
    this.#rows += chunk.rows;
    return { ...this.#receiver.take(chunk), firstRow };
  }
}
