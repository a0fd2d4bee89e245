import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import { damaged } from "./damaged.ts";

/** Bytes that are read at least. */
const LEAST_READ = 2 ** 16;

/** The bytes of a column's part, as many in the kernel's memory as somebody needs together. */
export class ChunkBytes {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #name: string;
  #block = 0;
  #room = 0;
  /** Addresses: the next byte that nobody has used, and behind the last that there is. */
  #at = 0;
  #end = 0;
  #source: ByteSource | undefined;
  /** Bytes of the part that were not read. */
  #left = 0;

  constructor(kernel: Kernel, arena: Arena, name: string) {
    this.#kernel = kernel;
    this.#name = name;
    this.#arena = arena;
  }

  begin(source: ByteSource, bytes: number): void {
    this.#source = source;
    this.#left = bytes;
    this.#at = this.#block;
    this.#end = this.#block;
  }

  /** Bytes of the part that nobody has used. */
  get left(): number {
    return this.#end - this.#at + this.#left;
  }

  /**
   * The address of the next so many bytes, which the part must have. They lie there until more are asked for.
   *
   * @throws {ScanRefused} where the file has not so many
   */
  need(bytes: number): number {
    if (this.#end - this.#at < bytes) this.#read(bytes);
    return this.#at;
  }

  use(bytes: number): void {
    this.#at += bytes;
  }

  #read(bytes: number): void {
    const kept = this.#end - this.#at;
    if (bytes > this.#room) this.#enlarge(Math.max(bytes, LEAST_READ), kept);
    else if (kept > 0) this.#kernel.bytes.copyWithin(this.#block, this.#at, this.#end);
    this.#at = this.#block;
    this.#end = this.#block + kept;
    while (this.#end - this.#at < bytes) {
      const wanted = Math.min(this.#left, this.#block + this.#room - this.#end);
      const count = this.#source?.read(this.#kernel.bytes.subarray(this.#end, this.#end + wanted)) ?? 0;
      if (count === 0) throw damaged(this.#name, "lies behind the end of its file");
      this.#end += count;
      this.#left -= count;
    }
  }

  #enlarge(bytes: number, kept: number): void {
    const room = 2 ** Math.ceil(Math.log2(bytes));
    const larger = this.#arena.take(room);
    if (kept > 0) this.#kernel.bytes.copyWithin(larger, this.#at, this.#end);
    if (this.#block !== 0) this.#arena.give(this.#block);
    this.#block = larger;
    this.#room = room;
  }
}
