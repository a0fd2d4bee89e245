import { UsageError } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import type { QueryWords } from "../query/plan.ts";
import type { TextOptions } from "../source/source.ts";
import type { SparkSession } from "../spark/session.ts";
import { formatCount, parseBytes, parseCount } from "../units.ts";
import type { ChunkFrame } from "./chunk-frame.ts";
import type { ChunkedRun } from "./run.ts";

/** What both forms of `chunked` take, beside how text is to be read. */
export interface ChunkedOptions extends RunOptions, TextOptions, QueryWords {
  /**
   * Bytes that the engine may use, as a number or as `"2GiB"`; default a quarter of what is free, 512 MiB to 1 GiB. Where it is given
   * it also bounds what functions keep of their chunks: at 85 % chunks are halved, at 95 % the run stops with its part.
   */
  readonly memoryLimit?: number | string | undefined;
  /** Default all cores that this process may use. */
  readonly threads?: number | undefined;
  /** `auto` works where the data are: files here by the scanner, or by DuckDB what it leaves; what only the session that is there knows on Spark. */
  readonly engine?: string | undefined;
  /** A file for the result, in place of a frame: `.parquet`, `.csv`, `.jsonl`, `.arrow`; without `agg` it gets the chosen rows. */
  readonly to?: string | undefined;
  /** Of `engine: "spark"`, or what opens it once it is needed; default the active one, which is opened when there is none. */
  readonly session?: SparkSession | (() => Promise<SparkSession>) | undefined;
  /** Told at the end, also after a stop or an error, how much was read and what it took. */
  readonly onRun?: ((run: ChunkedRun) => void) | undefined;
}

export interface CallbackOptions extends Omit<ChunkedOptions, "agg" | "by" | "order" | "limit" | "session" | "to"> {
  /** Rows of a chunk, as a number or as `"50k"`, or bytes with a unit, as `"64MiB"`. Default 50,000 rows, fewer of wide ones. */
  readonly chunksize?: number | string | undefined;
  /**
   * What becomes of the values: `auto` merges aggregates of the chunk by algebra and collects plain values in an array,
   * `concat` stacks frames, a function is called once with all values.
   */
  readonly merge?: "auto" | "concat" | ((values: unknown[]) => unknown) | undefined;
  /**
   * A file from which a run that was stopped or failed goes on: it is written every ten seconds and at the end of such a run, and
   * removed when the run is over. It refuses to go on with other data, options or another function.
   *
   * What a function gives, and the state of `reduce` and `toArray`, is in the file with the place that it belongs to: each chunk is in the
   * result exactly once. What a function or the body of a loop does besides happens at least once: for the chunk that was at work when the
   * run ended, and after a process that was killed for those since the last writing, it happens again. A loop's chunk is done when the loop
   * asks for the next one; one that is left by `break` comes again.
   */
  readonly checkpoint?: string | CheckpointOptions | undefined;
  /** How many chunks an asynchronous function may work on at a time; default 1. What it gives stays in the order of the chunks. */
  readonly concurrency?: number | undefined;
}

export interface CheckpointOptions {
  readonly file: string;
  /** Least seconds between two writings; default 10. */
  readonly every?: number | undefined;
  /** What says that the function is still the same; default its text. What it uses from outside is not looked at. */
  readonly code?: string | undefined;
}

/** What a stream of chunks takes: it has no values of a function to merge. */
export type ChunksOptions = Omit<CallbackOptions, "merge">;

export interface ChunkInfo {
  /** Number of the chunk, from 0. */
  readonly index: number;
  readonly rows: number;
  /** Number of its first row in the data, from 0. */
  readonly firstRow: number;
  /** Aborted by Stop, and when another chunk failed: for what the function waits for. */
  readonly signal: AbortSignal;
}

export type ChunkCallback<Name extends string = string> = (chunk: ChunkFrame<Name>, info: ChunkInfo) => unknown;

/** The size of a chunk in rows, or in bytes for those who think in memory. */
export type ChunkSize = { readonly rows: number } | { readonly bytes: number };

const DEFAULT_ROWS = 50_000;
const MOST_BYTES = 64 * 2 ** 20;

/** @throws {UsageError} E_BAD_COUNT, E_BAD_SIZE, E_BAD_OPTION */
export function chunkSizeOf(given: number | string | undefined): ChunkSize | undefined {
  if (given === undefined) return undefined;
  const isBytes = typeof given === "string" && /[kmgt]?i?b\s*$/i.test(given) && !/^[\d_,.]+[km]$/i.test(given.trim());
  if (isBytes) return { bytes: parseBytes(given) };
  const rows = typeof given === "number" ? given : parseCount(given);
  if (!Number.isInteger(rows) || rows < 1)
    throw new UsageError("E_BAD_OPTION", `a chunk of ${rows} rows is no chunk`, {
      hint: `give a whole number of rows, as in -s ${formatCount(DEFAULT_ROWS).replace(",", "")}`,
    });
  return { rows };
}

/** @throws {UsageError} E_BAD_OPTION */
export function concurrencyOf(given: number | undefined): number {
  if (given === undefined) return 1;
  if (Number.isSafeInteger(given) && given >= 1) return given;
  throw new UsageError("E_BAD_OPTION", `${given} chunks at a time is no number of chunks`, {
    hint: "give a whole number from 1; more than one helps functions that wait, as for a server",
  });
}

/** Rows of a chunk, when one row takes so many bytes in memory. */
export function rowsPerChunk(
  size: ChunkSize | undefined,
  bytesPerRow: number,
  memoryLimit: number | undefined = undefined,
): number {
  if (size && "rows" in size) return size.rows;
  // Some chunks are read ahead.
  const most = Math.min(MOST_BYTES, (memoryLimit ?? Number.POSITIVE_INFINITY) / 16);
  const fitting = Math.floor((size?.bytes ?? most) / Math.max(1, bytesPerRow));
  return Math.max(1, size ? fitting : Math.min(DEFAULT_ROWS, fitting));
}

/** @throws {UsageError} E_BAD_SIZE */
export function bytesOf(given: number | string | undefined): number | undefined {
  return typeof given === "string" ? parseBytes(given) : given;
}

const ENGINES: readonly string[] = ["auto", "local", "spark"];

/** @throws {UsageError} E_ENGINE_CHOICE */
export function checkEngine(engine: string | undefined): void {
  if (engine === undefined || ENGINES.includes(engine)) return;
  throw new UsageError("E_ENGINE_CHOICE", `there is no engine "${engine}"`, { hint: `use ${ENGINES.join(", ")}` });
}
