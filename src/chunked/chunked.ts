import { UsageError } from "../errors.ts";
import type { DataFrame } from "../frame/frame.ts";
import { textOptionsIn } from "../source/text.ts";
import { ambientOptions } from "../spark/connect/ambient.ts";
import type { SparkDataFrame } from "../spark/dataframe.ts";
import { chunkedByCallback } from "./callback.ts";
import type { ChunkFrame } from "./chunk-frame.ts";
import { type Chunks, chunksOf } from "./chunks/chunks.ts";
import { chunkedByEngine } from "./declarative.ts";
import { type Explanation, explain } from "./explain.ts";
import { writtenBySpark } from "./files-on-spark.ts";
import { KeptRun } from "./kept-run.ts";
import { chunkedOnSpark, explainOnSpark, isSparkFrame } from "./on-spark-frame.ts";
import {
  type CallbackOptions,
  type ChunkCallback,
  type ChunkedOptions,
  type ChunksOptions,
  checkEngine,
} from "./options.ts";
import type { ChunkedRun } from "./run.ts";
import { type LocalSource, localSource, type SourceInput } from "./source.ts";
import { foundOnSpark, givenOnSpark, type OnSpark } from "./spark/found.ts";
import { chunkedToFile } from "./to-file/to-file.ts";
import type { WrittenFile } from "./written-file.ts";

export type { ChunkFrame } from "./chunk-frame.ts";
export type { Chunks } from "./chunks/chunks.ts";
export { memoryDocument } from "./document.ts";
export type { Explanation } from "./explain.ts";
export { explanationDocument } from "./explanation-document.ts";
export { isSparkFrame } from "./on-spark-frame.ts";
export type {
  CallbackOptions,
  CheckpointOptions,
  ChunkCallback,
  ChunkedOptions,
  ChunkInfo,
  ChunksOptions,
} from "./options.ts";
export type { ChunkedRun, WholeBytes } from "./run.ts";
export { tableOnSpark } from "./spark/found.ts";
export type { WrittenFile } from "./written-file.ts";

/**
 * The same, with the result in a file instead of a frame, however large it is: it is there whole or not at all. Without `agg` the file
 * gets the rows and columns that `where`, `usecols`, `dtype`, `order` and `limit` choose. Where Spark is the engine it writes an
 * aggregate itself, in its types, as a folder of parts that must not be there yet.
 *
 * @throws {UsageError} as below, and E_BAD_TARGET
 * @example
 * await chunked("data.csv", { by: "user_id", agg: "amount:sum", to: "totals.parquet" });
 */
export function chunked(
  source: SourceInput | SparkDataFrame,
  options: ChunkedOptions & { readonly to: string },
): Promise<WrittenFile & { readonly run: ChunkedRun }>;
/**
 * Aggregates data larger than memory in the embedded engine; a frame on Spark, and with a session that is there also a table by its
 * name or files in a store (`s3a://…`), are aggregated there. Rows come sorted by key, null last; the non-enumerable `run`
 * of the result says what it took (bytes and seconds).
 *
 * Sums and means of written decimals (`12.50`) are exact; other sums of doubles are compensated.
 *
 * @throws {UsageError} for a missing file, column, function or option, each with the fix
 * @throws {DataError} for content, with line or row, column and value
 * @throws {Interrupted} when `signal` is aborted
 * @throws {MemoryLimitError} when even one thread and a result on disk need more than `memoryLimit` bytes
 * @example
 * const totals = await chunked("data.csv", { by: "user_id", agg: "amount:sum,*:count" });
 * totals.run.peakBytes;
 */
export function chunked(
  source: SourceInput | SparkDataFrame,
  options: ChunkedOptions & { readonly agg: ChunkedOptions["agg"] },
): Promise<DataFrame & { readonly run: ChunkedRun }>;
/**
 * Runs a function on each chunk of rows, as a Danfo frame, in the order of the data, and merges what it gives: aggregates
 * of the chunk by algebra, plain values into an array in the order of the chunks, frames with `merge: "concat"`. The options may
 * also stand before the function.
 *
 * An error of the function ends the run and says in which chunk. After a stop the error carries the non-enumerable
 * `partial`, merged from the chunks before it.
 *
 * @throws {UsageError} as above, and E_MERGE for a value that cannot be merged
 * @throws {DataError | Interrupted | MemoryLimitError}
 * @example
 * const totals = await chunked("data.csv", (chunk) => chunk.groupby(["user_id"]).col(["amount"]).sum(), {
 *   chunksize: 50_000,
 *   dtype: "user_id:int32,category:category,amount:float32",
 * });
 */
export function chunked<Name extends string = string>(
  source: SourceInput,
  callback: ChunkCallback<Name>,
  options?: CallbackOptions,
): Promise<unknown>;
export function chunked<Name extends string = string>(
  source: SourceInput,
  options: CallbackOptions,
  callback: ChunkCallback<Name>,
): Promise<unknown>;
/**
 * The chunks themselves, as Danfo frames in the order of the data, for a loop or for `map`, `reduce`, `forEach`. They are nothing to
 * await: reading begins with the walk through them, and its errors come there. With a `checkpoint` a walk that was left, stopped or
 * failed goes on in the next one.
 *
 * @throws {UsageError} E_BAD_OPTION, E_ENGINE_CHOICE; the walk throws as above
 * @example
 * for await (const chunk of chunked("data.csv", { chunksize: 50_000 })) console.log(chunk.shape);
 */
export function chunked<Name extends string = string>(
  source: SourceInput,
  options?: ChunksOptions,
): Chunks<ChunkFrame<Name>>;
export function chunked(
  source: SourceInput | SparkDataFrame,
  second: ChunkedOptions | CallbackOptions | ChunkCallback = {},
  third: CallbackOptions | ChunkCallback = {},
): Promise<unknown> | Chunks {
  const [callback, given] =
    typeof second === "function"
      ? [second, third as CallbackOptions]
      : [typeof third === "function" ? third : undefined, second];
  const options = withHost(given);
  if (callback) return byFunction(source, callback, options as CallbackOptions);
  if (isSparkFrame(source) || DECLARED.some((name) => name in options)) return declared(source, options);
  checkLocal(source, options.engine);
  return chunksOf(async (work) => {
    const files = await filesOf(source, options);
    return KeptRun.begin(files, work, options);
  }, options);
}

/** Options that say what to compute: who names one of them wants a result, not the chunks. */
const DECLARED = ["agg", "by", "order", "limit", "to", "session"] as const;

async function declared(
  source: SourceInput | SparkDataFrame,
  options: ChunkedOptions,
): Promise<DataFrame | WrittenFile> {
  checkEngine(options.engine);
  const data = await dataOf(source, options);
  if ("frame" in data) return chunkedOnSpark(data, options);
  const { to } = options;
  if (to === undefined) return chunkedByEngine(data, options);
  return options.engine === "spark"
    ? writtenBySpark(data, { ...options, to })
    : chunkedToFile(data, { ...options, to });
}

async function byFunction(
  source: SourceInput | SparkDataFrame,
  callback: ChunkCallback,
  options: CallbackOptions,
): Promise<unknown> {
  checkLocal(source, options.engine);
  return chunkedByCallback(await filesOf(source, options), callback, options);
}

/** @throws {UsageError} E_ENGINE_CHOICE */
function checkLocal(source: unknown, engine: string | undefined): void {
  checkEngine(engine);
  if (engine === "spark")
    throw new UsageError("E_ENGINE_CHOICE", "a function runs here, and Spark cannot call it", {
      hint: "leave the engine out, or say what to compute with by and agg",
    });
  if (isSparkFrame(source))
    throw new UsageError("E_ENGINE_CHOICE", "the data are on Spark, and the function runs here", {
      hint: "walk through them with for await (const chunk of frame.batches()), or say what to compute with by and agg",
    });
}

/** In a cell Stop ends the run and its progress is shown, also where the code does not say so. */
function withHost<T extends ChunkedOptions | CallbackOptions>(options: T): T {
  const host = ambientOptions();
  if (!host) return options;
  return { ...options, signal: options.signal ?? host.signal, onProgress: options.onProgress ?? host.onProgress };
}

/** What would do the work and why, what the others refuse, and the checked plan; nothing is read but a sample. */
export async function explainChunked(
  source: SourceInput | SparkDataFrame,
  options: ChunkedOptions,
): Promise<Explanation> {
  checkEngine(options.engine);
  const data = await dataOf(source, options);
  return "frame" in data ? explainOnSpark(data, options) : explain(data, options);
}

/** Where the data are: here, or on Spark, where a table's name or an address in a store leads to a session that is there. */
async function dataOf(source: SourceInput | SparkDataFrame, options: ChunkedOptions): Promise<LocalSource | OnSpark> {
  if (isSparkFrame(source)) return givenOnSpark(source);
  try {
    return await filesOf(source, options);
  } catch (failure) {
    const data = typeof source === "string" ? await foundOnSpark(source, failure, options) : undefined;
    if (data) return data;
    throw failure;
  }
}

async function filesOf(source: unknown, options: ChunkedOptions | CallbackOptions): Promise<LocalSource> {
  return localSource(source, { cwd: options.cwd, text: textOptionsIn(options) });
}
