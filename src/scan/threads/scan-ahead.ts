import { isDeepStrictEqual } from "node:util";
import type { FileSource, SourceFile } from "../../source/source.ts";
import { isSmall, type ThreadOptions, threadsFor } from "./how-many.ts";
import { type PieceThread, pieceThread } from "./thread.ts";
import { Unpacking } from "./unpack.ts";

/**
 * What a scan can begin while somebody still finds out how its text is to be read: threads load their code, and what is packed is
 * unpacked. Whatever no scan takes ends with it, or with the signal.
 *
 * @example
 * using ahead = new ScanAhead(source, { signal });
 * const table = await sniffTable(source);
 * await scanGroups(table, request, { signal, ahead });
 */
export class ScanAhead {
  #threads: PieceThread[] = [];
  #unpacking: Unpacking | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this[Symbol.dispose]();

  constructor(
    {
      files,
      bytes,
      format,
      compression,
      text,
    }: Pick<FileSource, "files" | "bytes" | "format" | "compression" | "text">,
    options: ThreadOptions & { readonly signal?: AbortSignal | undefined } = {},
  ) {
    this.#signal = options.signal;
    const isText = format === "csv" || format === "json";
    const isRead = format === "parquet" || (isText && compression !== "zstd" && !isSmall(compression, files, options));
    if (!isRead || options.signal?.aborted) return;
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    // Only of UTF-8 as it lies in its file is it known where a piece begins.
    const isParallel = compression === undefined && (text.encoding ?? "utf-8") === "utf-8";
    const count = isParallel ? threadsFor(bytes, options) : 1;
    // What is unpacked first is there when somebody reads it.
    if (compression === "gzip") this.#unpacking = new Unpacking(files);
    this.#threads = Array.from({ length: count }, () => pieceThread());
  }

  takeThread(): PieceThread | undefined {
    const thread = this.#threads.shift();
    return thread?.isGone ? this.takeThread() : thread;
  }

  /** What these files are unpacked to, from the first byte on; undefined where they are not those any more that were begun. */
  takeUnpacking(files: readonly SourceFile[]): Unpacking | undefined {
    if (!isDeepStrictEqual(this.#unpacking?.files, files)) return undefined;
    const unpacking = this.#unpacking;
    this.#unpacking = undefined;
    return unpacking;
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    void this.#unpacking?.stop();
    this.#unpacking = undefined;
    for (const thread of this.#threads.splice(0)) void thread.end();
  }
}
