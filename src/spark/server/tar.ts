import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { extract, type ReadEntry } from "tar";
import { type UnpackOptions, unpackFailure } from "./unpack.ts";

/**
 * Unpacks files of a `.tar.gz` as they come.
 *
 * @throws {DataError} E_ARCHIVE for what is no tar, and for names that lead out of the target
 * @throws {Interrupted}
 */
export async function unpackTar(
  archive: string,
  target: string,
  { place, signal, onRead }: UnpackOptions,
): Promise<void> {
  await mkdir(target, { recursive: true });
  const raw = createReadStream(archive, { highWaterMark: 1 << 20 });
  raw.on("data", () => onRead?.(raw.bytesRead));
  const unpacked = extract({
    cwd: target,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (name, entry) => (entry as ReadEntry).type === "File" && place(name) !== undefined,
    onReadEntry: (entry) => {
      entry.path = place(entry.path) ?? entry.path;
    },
  });
  await pipeline(raw, unpacked, { signal }).catch((failure: unknown) => {
    throw unpackFailure(archive, failure, signal);
  });
}
