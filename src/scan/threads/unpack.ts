import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../../errors.ts";
import { changed, unreadable } from "../../source/file-failures.ts";
import type { SourceFile } from "../../source/source.ts";
import { Feed } from "./feed.ts";
import type { Feeding } from "./threads.ts";

/** Larger blocks than Node's own unpack three times as fast. */
const BLOCK = Feed.slotBytes;
/** Unpacking goes on while some blocks are yet to be taken, one at a time. Node's types do not say that the options are a stream's, too. */
const AHEAD = { readableObjectMode: true, readableHighWaterMark: 4 };

/** Unpacks gzip files one after the other into a ring that a thread reads. Unpacking itself is done by Node's own threads. */
export class GunzipFeeding implements Feeding {
  readonly feed = new Feed();
  /** Packed bytes read so far. */
  bytes = 0;
  readonly #files: readonly SourceFile[];
  readonly #stopped = new AbortController();
  #hasRoom: () => void = () => undefined;

  constructor(files: readonly SourceFile[]) {
    this.#files = files;
  }

  /** @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED */
  async start(): Promise<void> {
    for (const file of this.#files) {
      await this.#unpack(file);
      await this.#write(undefined);
    }
  }

  onRoom(): void {
    this.#hasRoom();
  }

  stop(): void {
    this.#stopped.abort();
    this.#hasRoom();
  }

  async #unpack(file: SourceFile): Promise<void> {
    const handle = await openFile(file.path);
    try {
      const packed = this.#read(handle);
      const unpacked = createGunzip({ chunkSize: BLOCK, ...AHEAD });
      await pipeline(packed, unpacked, (bytes: AsyncIterable<Buffer>) => this.#writeAll(bytes), {
        signal: this.#stopped.signal,
      });
      const now = await handle.stat();
      if (now.size !== file.bytes || now.mtimeMs !== file.mtimeMs) throw changed(file.path, "was written to");
    } catch (cause) {
      if (this.#stopped.signal.aborted || cause instanceof DataError) throw cause;
      throw damaged(file.path, cause as NodeJS.ErrnoException);
    } finally {
      await handle.close();
    }
  }

  async *#read(handle: FileHandle): AsyncGenerator<Buffer> {
    for (let at = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(BLOCK), 0, BLOCK, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      this.bytes += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async #writeAll(unpacked: AsyncIterable<Buffer>): Promise<void> {
    for await (const bytes of unpacked) await this.#write(bytes);
  }

  async #write(bytes: Uint8Array | undefined): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const room = new Promise<void>((resolve) => {
        this.#hasRoom = resolve;
      });
      if (this.feed.tryWrite(bytes)) return;
      await room;
    }
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw unreadable(file, cause as NodeJS.ErrnoException);
  }
}

function damaged(file: string, cause: NodeJS.ErrnoException): DataError {
  const what = cause.code === "Z_BUF_ERROR" ? "is cut off in the middle" : `is damaged: ${cause.message}`;
  return new DataError("E_DAMAGED_FILE", `${path.basename(file)} ${what}, and what reads of it is not all`, {
    cause,
    hint: "fetch or write it again",
  });
}
