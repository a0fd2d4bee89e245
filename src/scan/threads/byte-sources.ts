import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { changed, changeOf, requireFile, unreadable } from "../../source/file-failures.ts";
import type { SourceFile } from "../../source/source.ts";
import type { ByteSource } from "../rows/text-buffer.ts";

/** One open file, known by its size and time: one that changes while it is read is an error, for what was read of it is of no one moment. */
export class OpenFile {
  readonly file: SourceFile;
  readonly #handle: number;
  #isClosed = false;

  /** @throws {UsageError} E_UNREADABLE @throws {DataError} E_FILE_CHANGED */
  constructor(file: SourceFile) {
    this.file = file;
    this.#handle = openQuietly(file.path);
    try {
      this.verify();
    } catch (failure) {
      this.close();
      throw failure;
    }
  }

  /** The bytes from `start` to the end of the file. */
  from(start: number): ByteSource {
    let at = start;
    return {
      read: (into) => {
        const wanted = Math.min(into.length, this.file.bytes - at);
        if (wanted <= 0) return 0;
        const count = readAt(this.#handle, into, wanted, at, this.file.path);
        if (count === 0) throw changed(this.file.path, "became shorter");
        at += count;
        return count;
      },
    };
  }

  /**
   * The file is still the one that it was.
   *
   * @throws {DataError} E_FILE_CHANGED
   */
  verify(): void {
    const now = fstatSync(this.#handle);
    requireFile(now, this.file.path);
    const how = changeOf(this.file, now);
    if (how !== undefined) throw changed(this.file.path, how);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The files as they are now, which is what a scan goes by.
 *
 * @throws {UsageError} E_UNREADABLE for what is no file or may not be read
 */
export function currentFiles(files: readonly SourceFile[]): SourceFile[] {
  return files.map(({ path: file }) => {
    const handle = openQuietly(file);
    try {
      const now = fstatSync(handle);
      requireFile(now, file);
      return { path: file, bytes: now.size, mtimeMs: now.mtimeMs };
    } finally {
      closeSync(handle);
    }
  });
}

/** Opening a pipe would wait for somebody to write to it; without blocking it is seen for what it is. */
function openQuietly(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw unreadable(file, cause as NodeJS.ErrnoException);
  }
}

function readAt(handle: number, into: Uint8Array, wanted: number, at: number, file: string): number {
  try {
    return readSync(handle, into, 0, wanted, at);
  } catch (cause) {
    throw unreadable(file, cause as NodeJS.ErrnoException);
  }
}
