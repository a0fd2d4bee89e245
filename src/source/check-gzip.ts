import { createReadStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../errors.ts";
import type { FileSource } from "./source.ts";

/** Larger blocks than Node's own make it three times as fast. */
const BLOCK = 2 ** 20;

/**
 * Reads gzip files a second time beside the work on them, to find out whether they are whole: the engine takes the end of a
 * file that was cut off for the end of the data. Other files are not looked at.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export async function withGzipCheck<T>(
  source: FileSource,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const check = gzipCheck(source, signal);
  try {
    const value = await work();
    await check;
    return value;
  } catch (failure) {
    // The last line of a file that was cut off may be ragged, which is not what is wrong with it.
    if (failure instanceof DataError) await check;
    throw failure;
  }
}

/** The reading alone, for work that is asked for piece by piece; it fails when it is awaited. */
export function gzipCheck(source: FileSource, signal: AbortSignal | undefined): Promise<void> {
  const check = checkGzip(source, signal);
  check.catch(() => undefined);
  return check;
}

async function checkGzip(source: FileSource, signal: AbortSignal | undefined): Promise<void> {
  if (source.compression !== "gzip") return;
  for (const { path: file } of source.files) {
    try {
      const gunzip = createGunzip({ chunkSize: BLOCK });
      await pipeline(createReadStream(file, { highWaterMark: BLOCK }), gunzip, drain, { signal });
    } catch (cause) {
      if (signal?.aborted) return;
      const { message, code } = cause as NodeJS.ErrnoException;
      const what = code === "Z_BUF_ERROR" ? "is cut off in the middle" : `is damaged: ${message}`;
      throw new DataError("E_DAMAGED_FILE", `${path.basename(file)} ${what}, and what reads of it is not all`, {
        cause,
        hint: "fetch or write it again",
      });
    }
  }
}

async function drain(unpacked: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of unpacked);
}
