/** How far a piece of work is. `fraction` is in 0..1, undefined where the total is not known. */
export interface ProgressEvent {
  readonly operation: string;
  readonly fraction?: number | undefined;
  /** Free words beside the bar: "37 of 100 chunks", "1.2 GiB read". */
  readonly note?: string | undefined;
  /** Rows that are done, for a rate. */
  readonly rows?: number | undefined;
  /** Bytes that an engine holds outside of JavaScript's memory. */
  readonly engineBytes?: number | undefined;
  /** A report to show below the bar, made when it is drawn. */
  readonly report?: (() => object) | undefined;
}

export type ProgressListener = (event: ProgressEvent) => void;

/** What every long-running function of the library takes. */
export interface RunOptions {
  /** Aborting it ends the work with `Interrupted`; workers, queries and temp files are released. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Folder that relative paths start from; default `process.cwd()`. */
  readonly cwd?: string | undefined;
}
