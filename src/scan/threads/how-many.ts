import { threadsOf } from "../../limits.ts";

/** The options of a scan that decide it. */
export interface ThreadOptions {
  readonly threads?: number | undefined;
  readonly tuning?: { readonly smallBytes?: number | undefined; readonly pieceBytes?: number | undefined } | undefined;
}

const SMALL_BYTES = 4 * 2 ** 20;
const BYTES_A_THREAD = 16 * 2 ** 20;

/** So little that the calling thread reads it itself. */
export function isSmall(compression: string | undefined, bytes: number, { tuning }: ThreadOptions): boolean {
  return compression === undefined && bytes < (tuning?.smallBytes ?? SMALL_BYTES);
}

/** A thread takes as long to start as to read some megabytes. */
export function threadsFor(bytes: number, { threads, tuning }: ThreadOptions): number {
  const most = threadsOf(threads);
  const useful = tuning?.pieceBytes === undefined ? Math.ceil(bytes / BYTES_A_THREAD) : most;
  return Math.max(1, Math.min(most, useful));
}
