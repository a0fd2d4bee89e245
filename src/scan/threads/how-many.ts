import { threadsOf } from "../../limits.ts";
import { type SourceFile, totalBytes } from "../../source/source.ts";
import { saidBytes } from "./said-bytes.ts";

/** The options of a scan that decide it. */
export interface ThreadOptions {
  readonly threads?: number | undefined;
  readonly tuning?: { readonly smallBytes?: number | undefined; readonly pieceBytes?: number | undefined } | undefined;
}

const SMALL_BYTES = 4 * 2 ** 20;
const BYTES_A_THREAD = 16 * 2 ** 20;

/** So little that the calling thread reads it itself, unless it is unpacked to more than it says. */
export function isSmall(
  compression: string | undefined,
  files: readonly SourceFile[],
  options: ThreadOptions,
): boolean {
  const isFew = isFewBytes(totalBytes(files), options);
  return compression === undefined ? isFew : isFew && compression === "gzip" && isFewBytes(saidBytes(files), options);
}

/** Less than what a thread takes as long to start for. */
export function isFewBytes(bytes: number, { tuning }: Pick<ThreadOptions, "tuning">): boolean {
  return bytes < (tuning?.smallBytes ?? SMALL_BYTES);
}

/** A thread takes as long to start as to read some megabytes. */
export function threadsFor(bytes: number, { threads, tuning }: ThreadOptions): number {
  const most = threadsOf(threads);
  const useful = tuning?.pieceBytes === undefined ? Math.ceil(bytes / BYTES_A_THREAD) : most;
  return Math.max(1, Math.min(most, useful));
}
