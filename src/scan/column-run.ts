import { Interrupted } from "../errors.ts";
import type { EngineTable } from "../query/engine-table.ts";
import type { ColumnsRequest, ScanPlace } from "./request.ts";
import type { ScanColumn, ScanTable } from "./table.ts";
import { type PartsReader, runScan, type ScanOptions, type ScanRun } from "./threads/run-scan.ts";
import { ROWS_OF_A_PIECE } from "./threads/scan-pieces.ts";
import type { HeldThreads } from "./threads/threads.ts";
import { pandasTypeOf } from "./types/pandas-type.ts";
import { chosenColumns } from "./values/chosen-columns.ts";
import { ChunkReceiver, type SentChunk } from "./values/sent-chunk.ts";

/** Some columns of a chunk, and where the rows behind it begin; undefined where that is no place in a file that can be gone to. */
export type RunChunk = EngineTable & { readonly end: ScanPlace | undefined };

/** What the runs of one scan have in common: whether somebody has had rows, so that no column of theirs may change any more. */
export interface Handed {
  isBound: boolean;
}

/** One thread that reads columns, and its chunks that have come and are not taken yet. */
export class ColumnRun implements PartsReader {
  readonly #request: ColumnsRequest;
  readonly #handed: Handed;
  readonly #done: Promise<ScanRun>;
  /** With the types that its columns have at present. */
  table: ScanTable;
  #receiver = new ChunkReceiver([]);
  #waiting: { readonly chunk: SentChunk; readonly taken: () => void }[] = [];
  #isAwaited = false;
  #ended: { readonly failure: unknown } | undefined;
  #wake: () => void = () => undefined;
  #threads: HeldThreads | undefined;

  constructor(table: ScanTable, request: ColumnsRequest, options: ScanOptions, handed: Handed) {
    this.table = table;
    this.#request = request;
    this.#handed = handed;
    this.#done = runScan(table, { kind: "columns", request }, options, this);
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
    this.#waiting = [];
  }

  get isBound(): boolean {
    return this.#handed.isBound;
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

  /** There is a chunk to take, or there will be none. */
  get isReady(): boolean {
    return this.#waiting.length > 0 || this.#ended !== undefined;
  }

  /** What the scan failed with; what was stopped goes no further, any other failure comes behind all chunks before it. */
  get failure(): unknown {
    const failure = this.#ended?.failure;
    return this.#waiting.length === 0 || failure instanceof Interrupted ? failure : undefined;
  }

  /** Waits until it is ready. A chunk that is there may be void again later, as long as none was handed out. */
  async ready(): Promise<void> {
    while (!this.isReady) {
      this.#isAwaited = true;
      this.#threads?.hold(true);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#isAwaited = false;
      this.#threads?.hold(false);
    }
  }

  /** The next chunk; undefined after the last. */
  take(): RunChunk | undefined {
    const first = this.#waiting.shift();
    if (!first) return undefined;
    first.taken();
    return { ...this.#receiver.take(first.chunk), end: this.#placeOf(first.chunk) };
  }

  /** What came of it. */
  result(): Promise<ScanRun> {
    return this.#done;
  }

  /** One thread reads each file as one piece; what is unpacked or of another encoding lies elsewhere in its file. */
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
