import type { Stats } from "node:fs";
import path from "node:path";
import { DataError, UsageError } from "../errors.ts";
import { formatCount } from "../units.ts";

/** Why a file could not be opened or looked at. */
export function unreadable(file: string, cause: NodeJS.ErrnoException): UsageError | DataError {
  const name = path.basename(file);
  if (cause.code === "ENOENT")
    return new DataError("E_FILE_CHANGED", `${name} is gone: it was moved or removed`, {
      cause,
      hint: "run the line again when it is back",
    });
  return new UsageError("E_UNREADABLE", `cannot read ${name}: ${cause.code ?? cause.message}`, {
    cause,
    hint: cause.code === "EACCES" ? `allow it with chmod u+r "${file}"` : "check the file and the disk that it is on",
  });
}

/**
 * Data at rest are read from their end and more than once, which a pipe does not give.
 *
 * @throws {UsageError} E_UNREADABLE
 */
export function requireFile(found: Stats, file: string): void {
  if (found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : found.isFIFO() ? "a pipe" : "a device";
  throw new UsageError("E_UNREADABLE", `${path.basename(file)} is ${what} and not a file`, {
    hint: found.isDirectory() ? 'name the files in it, as in "folder/*.csv"' : "write its data to a file first",
  });
}

/** What was read of a file that changed meanwhile is of no one moment. */
export function changed(file: string, how: string, cause?: unknown): DataError {
  return new DataError("E_FILE_CHANGED", `${path.basename(file)} ${how} while it was being read`, {
    cause,
    hint: "wait until nothing writes to it, or read a copy",
  });
}

/** A gzip file that cannot be unpacked; its first `sound` bytes can. */
export function damagedGzip(file: string, cause: NodeJS.ErrnoException, sound: number): DataError {
  const what =
    cause.code === "Z_BUF_ERROR"
      ? "is cut off in the middle"
      : `is damaged: ${cause.message}${sound > 0 ? ` behind byte ${formatCount(sound)}` : ""}`;
  return new DataError("E_DAMAGED_FILE", `${path.basename(file)} ${what}, and what reads of it is not all`, {
    cause,
    hint: "fetch or write it again",
  });
}

/** How a file differs from what it was, in words; undefined where it does not. */
export function changeOf(
  before: { readonly bytes: number; readonly mtimeMs: number },
  now: { readonly size: number; readonly mtimeMs: number },
): string | undefined {
  if (now.size < before.bytes) return "became shorter";
  if (now.size > before.bytes) return "grew";
  return now.mtimeMs === before.mtimeMs ? undefined : "was written to";
}
