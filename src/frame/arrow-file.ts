import type { FileHandle } from "node:fs/promises";
import type { ArrowSchema } from "./arrow.ts";
import { type ByteRange, wantedRanges } from "./arrow-ranges.ts";

/** Small reads are answered from so many bytes that are read together: the two lengths before a message, and the message. */
const WINDOW_BYTES = 16 * 1024;
/** Of the length before a message. */
const LENGTH_BYTES = 4;
const EMPTY = new Uint8Array(0);

/**
 * An Arrow file for the library's reader that knows how much was read of it, and that only we close. Of the body of a batch the bytes of the columns
 * that are wanted are read, and no others: the rest of the buffer stays as it came, without memory of its own.
 */
export class ArrowFile {
  readonly #handle: FileHandle;
  readonly fd: number;
  /** Where the last read ended. */
  position = 0;
  /** Set when the schema is known: which of the columns are wanted. */
  wanted: { readonly schema: ArrowSchema; readonly isWanted: readonly boolean[] } | undefined;
  #window = { from: 0, bytes: EMPTY };
  /** What was read last, before the body that it tells of. */
  #last: Uint8Array = EMPTY;

  constructor(handle: FileHandle) {
    this.#handle = handle;
    this.fd = handle.fd;
  }

  stat() {
    return this.#handle.stat();
  }

  async read(buffer: Uint8Array, offset: number, length: number, position: number) {
    const ranges = this.#rangesOf(offset === 0 ? length : -1, position);
    const bytesRead = ranges
      ? await this.#readRanges(buffer, ranges, length, position)
      : length < WINDOW_BYTES / 4
        ? await this.#readSmall(buffer, offset, length, position)
        : (await this.#handle.read(buffer, offset, length, position)).bytesRead;
    this.position = position + bytesRead;
    this.#last = length < WINDOW_BYTES ? buffer : EMPTY;
    return { bytesRead, buffer };
  }

  async close(): Promise<void> {
    // The reader would close it where its batches end; who opened it does that.
  }

  /** Of a batch's body, which follows what tells of it, the parts that are wanted. */
  #rangesOf(length: number, position: number): readonly ByteRange[] | undefined {
    if (!this.wanted || length < 0 || position !== this.position || this.#last.length <= LENGTH_BYTES) return undefined;
    return wantedRanges(this.#last, length, this.wanted.schema, this.wanted.isWanted);
  }

  async #readRanges(
    buffer: Uint8Array,
    ranges: readonly ByteRange[],
    length: number,
    position: number,
  ): Promise<number> {
    for (const { from, to } of ranges)
      for (let at = from; at < to; ) {
        const { bytesRead } = await this.#handle.read(buffer, at, to - at, position + at);
        // The file ends before the body does, which the reader finds.
        if (bytesRead === 0) return at;
        at += bytesRead;
      }
    return length;
  }

  async #readSmall(buffer: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    const { from, bytes } = this.#window;
    if (position < from || position + length > from + bytes.length) {
      const window = new Uint8Array(WINDOW_BYTES);
      const { bytesRead } = await this.#handle.read(window, 0, WINDOW_BYTES, position);
      this.#window = { from: position, bytes: window.subarray(0, bytesRead) };
    }
    const start = position - this.#window.from;
    const part = this.#window.bytes.subarray(start, start + length);
    buffer.set(part, offset);
    return part.length;
  }
}
