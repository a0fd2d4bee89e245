import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError, EngineError } from "../errors.ts";
import { changed, changeOf, damagedGzip, unreadable } from "./file-failures.ts";
import type { FileSource, SourceFile } from "./source.ts";

/** Larger blocks than Node's own make it three times as fast. */
const BLOCK = 2 ** 20;

/**
 * What the general engine does not see of the files that it reads: that one changed meanwhile, and that a gzip file was cut off, whose end it takes
 * for the end of the data. For that gzip files are read a second time beside the work.
 */
export class FileChecks {
  readonly #files: Promise<readonly SourceFile[]>;
  readonly #gzip: Promise<void>;

  constructor(source: FileSource, signal: AbortSignal | undefined) {
    this.#files = Promise.all(source.files.map(asItIs));
    this.#gzip = source.compression === "gzip" ? checkGzip(source.files, signal) : Promise.resolve();
    this.#gzip.catch(() => undefined);
  }

  /**
   * After work that succeeded.
   *
   * @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED
   */
  async passed(): Promise<void> {
    await this.#gzip;
    for (const file of await this.#files) {
      // One that was removed was read to its end all the same.
      const how = changeOf(file, await stat(file.path).catch(() => ({ size: file.bytes, mtimeMs: file.mtimeMs })));
      if (how !== undefined) throw changed(file.path, how);
    }
  }

  /** What the failure of the work really is: a change of the files explains whatever the engine says of them. */
  async explained(failure: unknown): Promise<unknown> {
    if (!(failure instanceof DataError || failure instanceof EngineError)) return failure;
    for (const file of await this.#files) {
      const now = await stat(file.path).catch((cause: NodeJS.ErrnoException) => unreadable(file.path, cause));
      if (now instanceof Error) return now;
      const how = changeOf(file, now);
      if (how !== undefined) return changed(file.path, how, failure);
    }
    // The last line of a file that was cut off may be ragged, which is not what is wrong with it.
    return failure instanceof DataError
      ? this.#gzip.then(
          () => failure,
          (damage: unknown) => damage,
        )
      : failure;
  }
}

/** @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED beside what the work throws */
export async function withFileChecks<T>(
  source: FileSource,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const checks = new FileChecks(source, signal);
  let value: T;
  try {
    value = await work();
  } catch (failure) {
    throw await checks.explained(failure);
  }
  await checks.passed();
  return value;
}

async function asItIs(file: SourceFile): Promise<SourceFile> {
  const found = await stat(file.path).catch(() => undefined);
  return found ? { path: file.path, bytes: found.size, mtimeMs: found.mtimeMs } : file;
}

/**
 * Unpacks gzip files for nobody.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export async function checkGzip(files: readonly SourceFile[], signal: AbortSignal | undefined): Promise<void> {
  for (const { path: file } of files) {
    const gunzip = createGunzip({ chunkSize: BLOCK });
    try {
      await pipeline(createReadStream(file, { highWaterMark: BLOCK }), gunzip, drain, { signal });
    } catch (cause) {
      if (signal?.aborted) return;
      throw damagedGzip(file, cause as NodeJS.ErrnoException, gunzip.bytesWritten);
    }
  }
}

async function drain(unpacked: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of unpacked);
}
