import { isDeepStrictEqual } from "node:util";
import type { FileSource, SourceFile } from "../../source/source.ts";
import { isSmall, type ThreadOptions, threadsFor } from "./how-many.ts";
import { ScanThread } from "./thread.ts";
import { GunzipFeeding } from "./unpack.ts";

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
  #threads: ScanThread[] = [];
  #feeding: GunzipFeeding | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this[Symbol.dispose]();

  constructor(
    { files, bytes, format, compression, text }: FileSource,
    options: ThreadOptions & { readonly signal?: AbortSignal | undefined } = {},
  ) {
    this.#signal = options.signal;
    const isText = format === "csv" || format === "json";
    const isRead = isText && compression !== "zstd" && !isSmall(compression, bytes, options);
    if (!isRead || options.signal?.aborted) return;
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    // Only of UTF-8 as it lies in its file is it known where a piece begins.
    const isParallel = compression === undefined && (text.encoding ?? "utf-8") === "utf-8";
    const count = isParallel ? threadsFor(bytes, options) : 1;
    this.#threads = Array.from({ length: count }, () => new ScanThread());
    if (compression !== "gzip") return;
    this.#feeding = new GunzipFeeding(files);
    // Who takes it waits for the same, and is told.
    this.#feeding.start().catch(() => undefined);
  }

  takeThread(): ScanThread | undefined {
    const thread = this.#threads.shift();
    return thread?.isGone ? this.takeThread() : thread;
  }

  /** What these files are unpacked to, from the first byte on; undefined where they are not those any more that were begun. */
  takeFeeding(files: readonly SourceFile[]): GunzipFeeding | undefined {
    if (!isDeepStrictEqual(this.#feeding?.files, files)) return undefined;
    const feeding = this.#feeding;
    this.#feeding = undefined;
    return feeding;
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#feeding?.stop();
    this.#feeding = undefined;
    for (const thread of this.#threads.splice(0)) void thread.end();
  }
}
