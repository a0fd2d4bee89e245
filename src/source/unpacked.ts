import { createGunzip } from "node:zlib";
import { damagedGzip, unreadable } from "./file-failures.ts";
import { openFile } from "./open-file.ts";

export interface UnpackedPiece {
  readonly piece: Buffer;
  /** Bytes of the file that were unpacked for it and for those before it. */
  readonly read: number;
}

/**
 * What a gzip file unpacks to, as long as somebody asks for more. Pieces larger than Node's own are fewer ways to another thread and back.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED @throws {UsageError} E_UNREADABLE
 */
export async function* unpacked(file: string, pieceBytes: number): AsyncGenerator<UnpackedPiece, void, undefined> {
  const input = (await openFile(file)).createReadStream({ highWaterMark: pieceBytes });
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  try {
    input.on("error", (error) => gunzip.destroy(error));
    for await (const piece of input.pipe(gunzip)) yield { piece: piece as Buffer, read: gunzip.bytesWritten };
  } catch (cause) {
    const failure = cause as NodeJS.ErrnoException;
    throw failure.code?.startsWith("Z_") ? damagedGzip(file, failure, gunzip.bytesWritten) : unreadable(file, failure);
  } finally {
    input.destroy();
  }
}
