import type { FileHandle, FileReadResult } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../../errors.ts";
import { changed, changeOf, damagedGzip } from "../../source/file-failures.ts";
import { openFile } from "../../source/open-file.ts";
import type { SourceFile } from "../../source/source.ts";
import { Feed, type Feeding } from "./feed.ts";

/** Larger blocks than Node's own unpack three times as fast; those of 4 MB take no less, and their memory comes from the system each time. */
const UNPACKED_BLOCK = 2 ** 20;
/** Where a packed block ends, an unpacked one is cut in two, which are copied. */
const PACKED_BLOCK = 4 * 2 ** 20;
/** The first block of what stands behind zeros, which may be a small member before the next ones. */
const FIRST_BLOCK = 2 ** 16;
/** Text is hardly ever packed to less than one of so many bytes. */
const MOST_RATIO = 16;
/**
 * Unpacking goes on while some blocks are yet to be taken, and each packed one is given when the one before it is done with. Node's types do
 * not say that the options are a stream's, too.
 */
const AHEAD = { readableObjectMode: true, readableHighWaterMark: 4, writableHighWaterMark: 1 };

/** Unpacks gzip files one after the other for a thread that reads them. Unpacking itself is done by Node's own threads. */
export class GunzipFeeding implements Feeding {
  readonly feed = new Feed();
  /** Packed bytes read so far. */
  bytes = 0;
  readonly files: readonly SourceFile[];
  readonly #stopped = new AbortController();
  #hasRoom: () => void = () => undefined;
  #work: Promise<void> | undefined;
  /** Bytes of the file at hand that were unpacked without a fault. */
  #sound = 0;

  constructor(files: readonly SourceFile[]) {
    this.files = files;
  }

  /**
   * Starts where it has not, and ends when all is on its way.
   *
   * @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED
   */
  start(): Promise<void> {
    this.#work ??= this.#unpackAll();
    return this.#work;
  }

  onRoom(): void {
    this.#hasRoom();
  }

  stop(): void {
    this.#stopped.abort();
    this.#hasRoom();
    this.feed.close();
  }

  async #unpackAll(): Promise<void> {
    for (const file of this.files) {
      await this.#unpack(file);
      await this.#write(undefined);
    }
  }

  async #unpack(file: SourceFile): Promise<void> {
    const handle = await openFile(file.path);
    try {
      for (let at = 0; at < file.bytes; )
        at = await this.#behindZeros(handle, file, at + (await this.#unpackFrom(handle, file, at)));
      await refuseChanged(handle, file);
    } catch (cause) {
      if (this.#stopped.signal.aborted || cause instanceof DataError) throw cause;
      await refuseChanged(handle, file);
      throw damagedGzip(file.path, cause as NodeJS.ErrnoException, this.#sound);
    } finally {
      await handle.close();
    }
  }

  /** Unpacks members that stand one behind the other, and gives their bytes: zeros behind them end them, as they do a tape's last block. */
  async #unpackFrom(handle: FileHandle, file: SourceFile, start: number): Promise<number> {
    const unpacked = createGunzip({
      chunkSize: Math.min(UNPACKED_BLOCK, (file.bytes - start) * MOST_RATIO),
      ...AHEAD,
    });
    const read = this.bytes;
    try {
      await pipeline(
        this.#read(handle, file, start, (given) => unpacked.bytesWritten < given),
        unpacked,
        (bytes: AsyncIterable<Buffer<ArrayBuffer>>) => this.#writeAll(bytes),
        { signal: this.#stopped.signal },
      );
    } catch (failure) {
      this.#sound = start + unpacked.bytesWritten;
      // It takes no more than its members, and what is left of its input is not wanted.
      if (this.#stopped.signal.aborted || !unpacked.readableEnded) throw failure;
    }
    this.bytes = read + unpacked.bytesWritten;
    return unpacked.bytesWritten;
  }

  /** The place of the first byte from `start` on that is not 0, or the end of the file; a sparse file has gigabytes of zeros. */
  async #behindZeros(handle: FileHandle, { bytes }: SourceFile, start: number): Promise<number> {
    for (let at = start; at < bytes; ) {
      this.#stopped.signal.throwIfAborted();
      const { bytesRead, buffer } = await handle.read(blockAt(at, start, bytes), { position: at });
      const found = buffer.subarray(0, bytesRead).findIndex((byte) => byte !== 0);
      if (found !== -1) return at + found;
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes;
  }

  /**
   * Nothing is given behind what was left: where it is no member it would be a fault, and blocks that were not taken yet would be gone.
   * While a block is unpacked the next one is read.
   */
  async *#read(
    handle: FileHandle,
    { bytes }: SourceFile,
    start: number,
    isLeft: (given: number) => boolean,
  ): AsyncGenerator<Buffer> {
    let next = readAhead(handle, blockAt(start, start, bytes), start);
    for (let at = start; at < bytes && !isLeft(at - start); ) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      at += bytesRead;
      next = readAhead(handle, blockAt(at, start, bytes), at);
      this.bytes += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async #writeAll(unpacked: AsyncIterable<Buffer<ArrayBuffer>>): Promise<void> {
    for await (const bytes of unpacked) await this.#write(bytes);
  }

  async #write(bytes: Uint8Array<ArrayBuffer> | undefined): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const room = new Promise<void>((resolve) => {
        this.#hasRoom = resolve;
      });
      if (this.feed.tryWrite(bytes)) return;
      await room;
    }
  }
}

/** Nobody may wait for it any more when it fails. */
function readAhead(handle: FileHandle, into: Buffer, position: number): Promise<FileReadResult<Buffer>> {
  const read = handle.read(into, { position });
  read.catch(() => undefined);
  return read;
}

/** Room for as much again as was read from `start` on, or for what is left: of thousands of small files larger blocks kept the collector at work. */
function blockAt(at: number, start: number, bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.min(Math.max(FIRST_BLOCK, at - start), PACKED_BLOCK, bytes - at));
}

async function refuseChanged(handle: FileHandle, file: SourceFile): Promise<void> {
  const how = changeOf(file, await handle.stat());
  if (how !== undefined) throw changed(file.path, how);
}
