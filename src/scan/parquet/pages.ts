import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import { GrowingBlock } from "../tables/growing-block.ts";
import { ChunkBytes } from "./chunk-bytes.ts";
import { damaged } from "./damaged.ts";
import { PAGE, type PageHead, pageHead } from "./page-head.ts";
import type { Chunk } from "./parquet-table.ts";
import { CODEC, unpackPage } from "./unpack-page.ts";

/** A page in the kernel's memory, unpacked. */
export interface Page {
  readonly isDictionary: boolean;
  readonly values: number;
  readonly encoding: number;
  /** Where levels lie, which say what is missing; both 0 where nothing can be. */
  readonly levels: number;
  readonly levelsEnd: number;
  /** Where values lie. */
  readonly at: number;
  readonly end: number;
}

/** A head is some dozen bytes, unless it has statistics of long texts. */
const [LIKELY_HEAD, MOST_HEAD] = [256, 2 ** 20];
/** Larger ones are the general engine's. */
const MOST_PAGE = 64 * 2 ** 20;
/** What an unpacker may write behind a page. */
const SLACK = 64;
const LENGTH = 4;
/** The encoding of levels. */
const RUNS = 3;

/** The pages of a column's part, one after the other; each is there until the next is read, but its dictionary until the next part. */
export class Pages {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #bytes: ChunkBytes;
  readonly #data: GrowingBlock;
  readonly #dictionary: GrowingBlock;
  #chunk: Chunk | undefined;

  constructor(kernel: Kernel, arena: Arena, name: string) {
    this.#kernel = kernel;
    this.#name = name;
    this.#bytes = new ChunkBytes(kernel, arena, name);
    this.#data = new GrowingBlock(arena);
    this.#dictionary = new GrowingBlock(arena);
  }

  begin(source: ByteSource, chunk: Chunk): void {
    this.#chunk = chunk;
    this.#bytes.begin(source, chunk.bytes);
  }

  /** @throws {ScanRefused} where there is none, or it cannot be read */
  next(): Page {
    for (;;) {
      const head = this.#head();
      const { kind, packed, unpacked, values } = head;
      if (packed < 0 || unpacked < 0 || packed > this.#bytes.left || values < 0 || values > MOST_PAGE)
        throw this.#damaged();
      if (packed > MOST_PAGE || unpacked > MOST_PAGE) throw damaged(this.#name, "is larger than the scanner reads");
      const from = this.#bytes.need(packed);
      this.#bytes.use(packed);
      if (kind === PAGE.dictionary) return this.#dictionaryPage(head, from);
      if (kind === PAGE.data) return this.#firstVersion(head, from);
      if (kind === PAGE.data2) return this.#secondVersion(head, from);
      // What is neither is passed over.
    }
  }

  #head(): PageHead {
    for (const most of [LIKELY_HEAD, MOST_HEAD]) {
      const bytes = Math.min(most, this.#bytes.left);
      const at = this.#bytes.need(bytes);
      const { buffer } = this.#kernel.bytes;
      try {
        const head = pageHead(Buffer.from(buffer, at, bytes));
        this.#bytes.use(head.bytes);
        return head;
      } catch (failure) {
        if (!(failure instanceof RangeError)) throw failure;
      }
    }
    throw this.#damaged();
  }

  #dictionaryPage({ values, encoding, packed, unpacked }: PageHead, from: number): Page {
    const at = this.#dictionary.room(unpacked + SLACK);
    this.#unpack(from, packed, at, unpacked);
    return { isDictionary: true, values, encoding, levels: 0, levelsEnd: 0, at, end: at + unpacked };
  }

  #firstVersion({ values, encoding, packed, unpacked, levels: kind }: PageHead, from: number): Page {
    let at = from;
    if (this.#chunk?.codec === CODEC.none) {
      if (packed !== unpacked) throw this.#damaged();
    } else {
      at = this.#data.room(unpacked + SLACK);
      this.#unpack(from, packed, at, unpacked);
    }
    const end = at + unpacked;
    const page = { isDictionary: false, values, encoding };
    if (!this.#chunk?.isOptional) return { ...page, levels: 0, levelsEnd: 0, at, end };
    if (kind !== RUNS) throw damaged(this.#name, "has levels in a form that the scanner does not read");
    if (unpacked < LENGTH) throw this.#damaged();
    const levels = at + LENGTH;
    const bytes = new DataView(this.#kernel.bytes.buffer).getUint32(at, true);
    if (bytes > end - levels) throw this.#damaged();
    return { ...page, levels, levelsEnd: levels + bytes, at: levels + bytes, end };
  }

  #secondVersion(head: PageHead, from: number): Page {
    const { values, encoding, packed, unpacked, levelBytes, repetitionBytes, isPacked } = head;
    // Nothing is repeated here.
    if (repetitionBytes !== 0 || levelBytes < 0 || levelBytes > packed || levelBytes > unpacked) throw this.#damaged();
    const isOptional = Boolean(this.#chunk?.isOptional);
    const page = { isDictionary: false, values, encoding };
    const [levels, levelsEnd] = isOptional ? [from, from + levelBytes] : [0, 0];
    const [bytes, size] = [packed - levelBytes, unpacked - levelBytes];
    if (!isPacked || this.#chunk?.codec === CODEC.none) {
      if (bytes !== size) throw this.#damaged();
      return { ...page, levels, levelsEnd, at: from + levelBytes, end: from + packed };
    }
    const at = this.#data.room(size + SLACK);
    // Where every value is missing some write nothing at all.
    if (size > 0) this.#unpack(from + levelBytes, bytes, at, size);
    return { ...page, levels, levelsEnd, at, end: at + size };
  }

  #unpack(from: number, bytes: number, to: number, size: number): void {
    if (!unpackPage(this.#kernel, this.#chunk?.codec ?? CODEC.none, from, bytes, to, size)) throw this.#damaged();
  }

  #damaged() {
    return damaged(this.#name, "is damaged");
  }
}
