import { crc32 } from "node:zlib";
import type { ByteSource } from "../rows/text-buffer.ts";

/** Bytes of a file that are looked at together. */
const PACKED = 256 * 1024;
/** So many bytes behind a place are looked at in one step. */
const LOOK = 1024;

/** Room that the bytes of a file need. */
export const PACKED_ROOM = PACKED + 2 * LOOK;

/** What is wrong with the bytes of a gzip file; `code` as zlib has it where it is cut off. */
export class GzipFault extends Error {
  readonly code: string;

  constructor(message: string, code = "Z_DATA_ERROR") {
    super(message);
    this.code = code;
  }
}

/** A stretch of a packed file in memory, read on as it is used. */
export class PackedFile {
  /** Address of the first byte that was not used. */
  at: number;
  end: number;
  /** The file has no more than what is here; zeros follow. */
  isEnded = false;
  /** Goes on with each byte that is taken alone, where it is not undefined. */
  sum: number | undefined;
  readonly #bytes: Uint8Array;
  readonly #base: number;
  readonly #source: ByteSource;
  readonly #onRead: (bytes: number) => void;
  /** Bytes of the file that were read. */
  #read = 0;

  /** `onRead` is told of every step. */
  constructor(bytes: Uint8Array, base: number, source: ByteSource, onRead: (bytes: number) => void) {
    this.#bytes = bytes;
    this.#base = base;
    this.#source = source;
    this.#onRead = onRead;
    this.at = base;
    this.end = base;
  }

  /** Nothing is to begin here or behind before more was read; what is said in the last bits may begin behind the last byte. */
  get stop(): number {
    return this.isEnded ? this.end + 1 : this.end - LOOK;
  }

  /** Bytes of the file that were used. */
  get used(): number {
    return this.#read - (this.end - this.at);
  }

  /** @throws {GzipFault} where there is nothing more */
  readOn(): void {
    if (this.isEnded) throw cutOff();
    this.#bytes.copyWithin(this.#base, this.at, this.end);
    this.end += this.#base - this.at;
    this.at = this.#base;
    const count = this.#source.read(this.#bytes.subarray(this.end, this.#base + PACKED));
    this.#onRead(count);
    this.#read += count;
    this.end += count;
    this.isEnded = count === 0;
    if (this.isEnded) this.#bytes.fill(0, this.end, this.end + 2 * LOOK);
  }

  /** @throws {GzipFault} */
  byte(): number {
    if (this.at === this.end) this.readOn();
    if (this.at === this.end) throw cutOff();
    if (this.sum !== undefined) this.sum = crc32(this.#bytes.subarray(this.at, this.at + 1), this.sum);
    return this.#bytes[this.at++] as number;
  }

  /** A number of some bytes, the lowest first. */
  number(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += this.byte() * 2 ** (8 * i);
    return value;
  }

  skip(bytes: number): void {
    for (let i = 0; i < bytes; i++) this.byte();
  }

  /** Passes zeros over, as they follow a tape's last block and fill sparse files; false where the file ends with them. */
  passZeros(): boolean {
    for (;;) {
      while (this.at < this.end && this.#bytes[this.at] === 0) this.at++;
      if (this.at < this.end) return true;
      if (this.isEnded) return false;
      this.readOn();
    }
  }
}

export function cutOff(): GzipFault {
  return new GzipFault("unexpected end of file", "Z_BUF_ERROR");
}
