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
  { tuning }: ThreadOptions,
): boolean {
  const most = tuning?.smallBytes ?? SMALL_BYTES;
  const isFew = totalBytes(files) < most;
  return compression === undefined ? isFew : isFew && compression === "gzip" && saidBytes(files) < most;
}

/** A thread takes as long to start as to read some megabytes. */
export function threadsFor(bytes: number, { threads, tuning }: ThreadOptions): number {
  const most = threadsOf(threads);
  const useful = tuning?.pieceBytes === undefined ? Math.ceil(bytes / BYTES_A_THREAD) : most;
  return Math.max(1, Math.min(most, useful));
}
