import { realpathSync } from "node:fs";
import { UsageError } from "../../src/errors.ts";

/**
 * Where relative paths start.
 *
 * @throws {UsageError} E_NO_FOLDER when it has been removed meanwhile: Node can then start no thread, and ends when it tries
 */
export function workingFolder(): string {
  try {
    // Node remembers the folder that it was asked for last, also when it is gone.
    realpathSync.native(".");
    return process.cwd();
  } catch (cause) {
    const hint = "go to another one with its whole path: %cd ~";
    throw new UsageError("E_NO_FOLDER", "the working folder has been removed", { cause, hint });
  }
}
