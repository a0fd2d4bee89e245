import { isDeepStrictEqual } from "node:util";
import { DataError, Interrupted, KernelBug } from "../errors.ts";
import { memoryLimitOf } from "../limits.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import { sliceTable } from "../query/slice-table.ts";
import { columnLanes } from "./column-lanes.ts";
import { ColumnRun, type Handed, type RunChunk } from "./column-run.ts";
import { partOf } from "./part-of.ts";
import type { ColumnsRequest, ScanNote, ScanPlace } from "./request.ts";
import type { ScanColumn, ScanTable } from "./table.ts";
import { currentFiles } from "./threads/byte-sources.ts";
import type { ScanOptions } from "./threads/run-scan.ts";
import { chosenColumns } from "./values/chosen-columns.ts";

/** Rows of a scan as columns. The buffers are the receiver's own. */
export interface ColumnChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among the rows that are handed out, from 0. */
  readonly firstRow: number;
  /** Where the rows behind it begin, for a later scan; undefined where a scan cannot begin there, as in what is compressed. */
  readonly end: ScanPlace | undefined;
  /** With the types that all chunks have. */
  readonly table: ScanTable;
}

export interface ColumnsResult {
  /** Rows that were read. */
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
}

/**
 * The rows of a table in chunks of typed columns, in the order of the text; one chunk without rows when there are none. Threads
 * read ahead, no more than a few chunks; of many columns each has some. A value that does not fit its column widens it as long
 * as no chunk has been handed out, and is an error after that.
 *
 * @throws {DataError | UsageError | Interrupted}
 * @throws {ScanRefused} when another engine must do it
 */
export async function* scanColumns(
  given: ScanTable,
  request: ColumnsRequest = {},
  options: ScanOptions = {},
): AsyncGenerator<ColumnChunk, ColumnsResult, undefined> {
  const where = request.where ?? [];
  const table = partOf(given, request.columns && [...request.columns, ...where.map(({ column }) => column)]);
  const lanes = columnLanes(table, request, options);
  const names = chosenColumns(table.columns, request.columns).map((index) => table.columns[index]?.name as string);
  const handed: Handed = { isBound: false };
  const files = lanes.length > 1 ? currentFiles(table.files) : [];
  let chunks = 0;
  let rows = 0;
  const next = (runs: LaneRuns, chunk: RunChunk): ColumnChunk => {
    const firstRow = rows;
    rows += chunk.rows;
    chunks++;
    return { ...chunk, firstRow, table: runs.table };
  };
  const first = new LaneRuns(table, request, lanes, names, options, handed);
  try {
    for (let chunk = await first.next(); chunk; chunk = await first.next()) yield next(first, chunk);
    return await first.result();
  } catch (failure) {
    if (lanes.length === 1 || !(failure instanceof DataError) || failure.code === "E_FILE_CHANGED") throw failure;
    if (!isDeepStrictEqual(files, currentFiles(table.files))) throw failure;
  } finally {
    await first.stop();
  }
  // Lanes stop at the first fault in columns of their own: which is the first of all, one that reads them all says.
  const again = new LaneRuns(first.table, request, [names.map((_, i) => i)], names, options, handed);
  try {
    let known = rows;
    let isFirst = chunks === 0;
    for (let chunk = await again.next(); chunk; chunk = await again.next()) {
      // Chunks may be smaller by now than they were the first time.
      const from = Math.min(known, chunk.rows);
      known -= from;
      if (from < chunk.rows || isFirst) yield next(again, { ...sliceTable(chunk, from, chunk.rows), end: chunk.end });
      isFirst = false;
    }
    return await again.result();
  } finally {
    await again.stop();
  }
}

/** The threads of one scan, whose columns lie side by side. */
class LaneRuns {
  readonly #table: ScanTable;
  readonly #runs: readonly ColumnRun[];
  readonly #lanes: readonly number[][];
  readonly #handed: Handed;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#stop.abort();

  constructor(
    table: ScanTable,
    request: ColumnsRequest,
    lanes: readonly number[][],
    names: readonly string[],
    options: ScanOptions,
    handed: Handed,
  ) {
    if (options.signal?.aborted) throw new Interrupted();
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#signal = options.signal;
    this.#table = table;
    this.#lanes = lanes;
    this.#handed = handed;
    const held = lanes.map(() => 0);
    this.#runs = lanes.map((positions, lane) => {
      const columns = positions.map((position) => names[position] as string);
      const { onProgress, memoryLimit } = options;
      const own: ScanOptions = {
        ...options,
        signal: this.#stop.signal,
        onProgress:
          onProgress &&
          ((event) => {
            held[lane] = event.engineBytes ?? 0;
            if (lane === 0) onProgress({ ...event, engineBytes: held.reduce((sum, bytes) => sum + bytes, 0) });
          }),
        memoryLimit: (memoryLimit ?? memoryLimitOf(undefined)) / lanes.length,
      };
      return new ColumnRun(table, { ...request, columns }, own, handed);
    });
  }

  /** With the types that all columns have at present. */
  get table(): ScanTable {
    const changed = (column: ScanColumn, i: number) =>
      this.#runs.map((run) => run.table.columns[i] as ScanColumn).find((own) => own !== column) ?? column;
    return { ...this.#table, columns: this.#table.columns.map(changed) };
  }

  async next(): Promise<RunChunk | undefined> {
    // While one is waited for, another may start again.
    while (!this.#runs.every((run) => run.isReady)) await Promise.all(this.#runs.map((run) => run.ready()));
    const failed = this.#runs.find((run) => run.failure !== undefined);
    if (failed) throw failed.failure;
    const parts = this.#runs.map((run) => run.take());
    const [part] = parts;
    if (parts.some((one) => one?.rows !== part?.rows)) throw new KernelBug("the threads of a scan read different rows");
    if (!part) return undefined;
    this.#handed.isBound = true;
    const columns: EngineColumn[] = [];
    for (const [lane, positions] of this.#lanes.entries())
      for (const [i, position] of positions.entries()) columns[position] = parts[lane]?.columns[i] as EngineColumn;
    return { columns, rows: part.rows, end: part.end };
  }

  async result(): Promise<ColumnsResult> {
    const [first, ...others] = await Promise.all(this.#runs.map((run) => run.result()));
    const { rows, bytes, notes } = first as ColumnsResult;
    const known = new Set(notes.map(({ message }) => message));
    const more = others.flatMap((other) => other.notes.filter(({ message }) => !known.has(message)));
    return { rows, bytes, notes: [...notes, ...more] };
  }

  /** The threads have ended when this returns. */
  async stop(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#stop.abort();
    await Promise.allSettled(this.#runs.map((run) => run.result()));
  }
}
