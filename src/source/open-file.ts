import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { unreadable } from "./file-failures.ts";

/**
 * A file that is to be read. Opening a pipe would wait for somebody to write to it; without blocking it is seen for what it is.
 *
 * @throws {DataError} E_FILE_CHANGED for one that is gone @throws {UsageError} E_UNREADABLE
 */
export async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw unreadable(file, cause as NodeJS.ErrnoException);
  }
}
