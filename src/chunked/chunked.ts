import { UsageError } from "../errors.ts";
import { type DataFrame, isFrame } from "../frame/frame.ts";
import { resolveSource } from "../source/resolve.ts";
import type { FileSource } from "../source/source.ts";
import type { SparkDataFrame } from "../spark/dataframe.ts";
import { chunkedByCallback } from "./callback.ts";
import { chunkedByEngine } from "./declarative.ts";
import { type Explanation, explain } from "./explain.ts";
import { chunkedOnSparkFrame, explainOnSparkFrame, isSparkFrame } from "./on-spark-frame.ts";
import { type CallbackOptions, type ChunkCallback, type ChunkedOptions, checkEngine, textOf } from "./options.ts";
import type { ChunkedRun } from "./run.ts";
import { chunkedToFile, type WrittenFile } from "./to-file/to-file.ts";

export { memoryDocument } from "./document.ts";
export { type Explanation, explanationDocument } from "./explain.ts";
export { isSparkFrame } from "./on-spark-frame.ts";
export type { CallbackOptions, ChunkCallback, ChunkedOptions, ChunkInfo } from "./options.ts";
export type { ChunkedRun, WholeBytes } from "./run.ts";
export type { WrittenFile } from "./to-file/to-file.ts";

/**
 * The same, with the result in a file instead of a frame, however large it is: it is there whole or not at all. Without `agg` the file
 * gets the rows and columns that `where`, `usecols`, `dtype`, `order` and `limit` choose.
 *
 * @throws {UsageError} as below, and E_BAD_TARGET
 * @example
 * await chunked("data.csv", { by: "user_id", agg: "amount:sum", to: "totals.parquet" });
 */
export async function chunked(
  source: string | FileSource,
  options: ChunkedOptions & { readonly to: string },
): Promise<WrittenFile & { readonly run: ChunkedRun }>;
/**
 * Aggregates data larger than memory in the embedded engine; a frame on Spark is aggregated there. Rows come sorted by key, null last; the non-enumerable `run`
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
export async function chunked(
  source: string | FileSource | SparkDataFrame,
  options: ChunkedOptions,
): Promise<DataFrame & { readonly run: ChunkedRun }>;
/**
 * Runs a function on each chunk of rows, as a Danfo frame, in the order of the data, and merges what it gives: aggregates
 * of the chunk by algebra, plain values into an array in the order of the chunks, frames with `merge: "concat"`.
 *
 * An error of the function ends the run and says in which chunk. After a stop `Interrupted` carries the non-enumerable
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
export async function chunked(
  source: string | FileSource,
  callback: ChunkCallback,
  options?: CallbackOptions,
): Promise<unknown>;
export async function chunked(
  source: string | FileSource | SparkDataFrame,
  second: ChunkedOptions | ChunkCallback,
  third: CallbackOptions = {},
): Promise<unknown> {
  const options = typeof second === "function" ? third : second;
  checkEngine(options.engine);
  if (typeof second === "function" && options.engine === "spark")
    throw new UsageError("E_ENGINE_CHOICE", "a function runs here, and Spark cannot call it", {
      hint: "leave the engine out, or say what to compute with by and agg",
    });
  if (isSparkFrame(source)) {
    if (typeof second !== "function") return chunkedOnSparkFrame(source, second);
    throw new UsageError("E_ENGINE_CHOICE", "the data are on Spark, and the function runs here", {
      hint: "walk through them with for await (const chunk of frame.batches()), or say what to compute with by and agg",
    });
  }
  const files = await filesOf(source, options);
  if (typeof second === "function") return chunkedByCallback(files, second, third);
  const { to } = second;
  return to === undefined ? chunkedByEngine(files, second) : chunkedToFile(files, { ...second, to });
}

/** What would do the work and why, what the others refuse, and the checked plan; nothing is read but a sample. */
export async function explainChunked(
  source: string | FileSource | SparkDataFrame,
  options: ChunkedOptions,
): Promise<Explanation> {
  checkEngine(options.engine);
  if (isSparkFrame(source)) return explainOnSparkFrame(source, options);
  return explain(await filesOf(source, options), options);
}

async function filesOf(source: unknown, options: ChunkedOptions | CallbackOptions): Promise<FileSource> {
  if (typeof source === "string") return resolveSource(source, { cwd: options.cwd, text: textOf(options) });
  if (isFrame(source))
    throw new UsageError("E_SOURCE", "the frame is in memory already, so there is nothing to chunk", {
      hint: 'aggregate it as it is: frame.groupby(["key"]).col(["x"]).sum()',
    });
  if (typeof source === "object" && source !== null && (source as FileSource).kind === "files")
    return source as FileSource;
  throw new UsageError("E_SOURCE", "the source is neither a path nor files", {
    hint: 'name a file, as in chunked("data.csv", …)',
  });
}
