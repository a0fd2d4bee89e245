import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { type UnpackOptions, unpackFailure } from "./unpack.ts";

/**
 * Unpacks files of a zip (a Python wheel).
 *
 * @throws {DataError} E_ARCHIVE for what is no zip, and for names that lead out of the target
 * @throws {Interrupted}
 */
export async function unpackZip(archive: string, target: string, options: UnpackOptions): Promise<void> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const zip = await openPromise(archive);
    try {
      for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, target, options);
    } finally {
      zip.close();
    }
  } catch (failure) {
    throw unpackFailure(archive, failure, signal);
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, target: string, { place, signal, onRead }: UnpackOptions) {
  const wanted = entry.fileName.endsWith("/") ? undefined : place(entry.fileName);
  if (wanted !== undefined) {
    const file = path.join(target, wanted);
    await mkdir(path.dirname(file), { recursive: true });
    const isProgram = ((entry.externalFileAttributes >>> 16) & 0o100) !== 0;
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, createWriteStream(file, { mode: isProgram ? 0o755 : 0o644 }), { signal });
  }
  onRead?.(entry.relativeOffsetOfLocalHeader + entry.compressedSize);
}
