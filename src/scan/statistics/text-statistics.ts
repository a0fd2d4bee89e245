import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { ValueFigures } from "./column-figures.ts";
import { copyIn, copyOut, copyWords, made } from "./records.ts";
import { type OrderPart, Sortedness } from "./sortedness.ts";
import { textFigures } from "./text-figures.ts";
import { TextRecords, type TextRecordsPart } from "./text-records.ts";
import { type CountsPart, MOST_EXACT, ValueCounts } from "./value-counts.ts";

/** What a part of the rows says of a column of texts; it can be sent to another thread. */
export interface TextPart {
  /** Different texts with their counts, while they are few and short; the rest is undefined then. */
  readonly texts: CountedTexts | undefined;
  readonly order: OrderPart;
  readonly counts: CountsPart | undefined;
  readonly records: TextRecordsPart | undefined;
}

/** Texts one behind the other, and how often each comes. */
export interface CountedTexts {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly counts: BigUint64Array<ArrayBuffer>;
}

/** Bytes of a dictionary that is kept; beyond it texts are known by their hashes. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Statistics of texts. While the different texts are few, the codes of a dictionary are counted and nothing else is done;
 * when there are too many, or they are too long, the dictionary and all later rows go into records of fixed size.
 */
export class TextStatistics {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #sortedness: Sortedness;
  #dict: number;
  /** How often each code comes (u64). */
  #codeCounts: number;
  #codeRoom = 256;
  #counts: ValueCounts | undefined;
  #records: TextRecords | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#arena = new Arena(kernel);
    this.#sortedness = new Sortedness(kernel, true);
    this.#dict = made(kernel.calls.dictNew(), "a dictionary");
    this.#codeCounts = this.#arena.take(this.#codeRoom * 8);
    kernel.bytes.fill(0, this.#codeCounts, this.#codeCounts + this.#codeRoom * 8);
  }

  /** The dictionary that `addCodes` wants codes of; 0 when it wants texts. */
  get dictionary(): number {
    return this.#dict;
  }

  /** Adds codes (u32) that lie one behind the other, of `rows` rows from `firstRow` on, of which some may have none. */
  addCodes(codes: number, count: number, firstRow: number, rows: number): void {
    const { orderCodes, countCodes } = this.#kernel.calls;
    if (!this.#sortedness.isSettled)
      this.#sortedness.note(orderCodes(this.#sortedness.record(firstRow, rows), this.#dict, codes, count));
    this.#coverCodes();
    countCodes(codes, count, this.#codeCounts);
    if (this.#isTooMuch) this.useTexts();
  }

  /** Adds texts: `count` + 1 offsets (u32) of bytes. */
  addTexts(offsets: number, bytes: number, count: number, firstRow: number, rows: number): void {
    const { orderTexts } = this.#kernel.calls;
    if (!this.#sortedness.isSettled)
      this.#sortedness.note(orderTexts(this.#sortedness.record(firstRow, rows), offsets, bytes, count));
    this.#note(offsets, bytes, 0, count);
  }

  /** Goes over from the dictionary to records. */
  useTexts(): void {
    if (this.#records) return;
    const { dictFree } = this.#kernel.calls;
    this.#records = new TextRecords(this.#kernel, this.#arena);
    this.#counts = new ValueCounts(this.#kernel, true);
    this.#withDictionary((offsets, bytes, size) => this.#note(offsets, bytes, this.#codeCounts, size));
    this.#arena.give(this.#codeCounts);
    dictFree(this.#dict);
    this.#dict = 0;
  }

  part(): TextPart {
    const order = this.#sortedness.part();
    if (!this.#records) return { texts: this.#countedTexts(), order, counts: undefined, records: undefined };
    return { texts: undefined, order, counts: this.#counts?.part(this.#arena), records: this.#records.part() };
  }

  /** Adds a part of other rows, in any order. */
  merge({ texts, order, counts, records }: TextPart): void {
    this.#sortedness.merge(order);
    if (texts) this.#mergeTexts(texts);
    if (!records || !counts) return;
    this.useTexts();
    this.#records?.merge(records);
    this.#counts?.mergeTexts(counts, this.#arena);
  }

  figures(): ValueFigures {
    if (this.#records && this.#counts)
      return textFigures(this.#records.part(), this.#counts.part(this.#arena), this.#counts.distinct, this.#sortedness);
    const records = new TextRecords(this.#kernel, this.#arena);
    this.#withDictionary((offsets, bytes, size) => records.note(offsets, bytes, this.#codeCounts, size));
    const figures = textFigures(records.part(), this.#countedTexts(), undefined, this.#sortedness);
    records.free();
    return figures;
  }

  free(): void {
    if (this.#dict !== 0) this.#kernel.calls.dictFree(this.#dict);
    this.#records?.free();
    this.#counts?.free();
    this.#sortedness.free();
    this.#arena.free();
  }

  get #isTooMuch(): boolean {
    const { dictSize, dictBytes } = this.#kernel.calls;
    return dictSize(this.#dict) > MOST_EXACT || dictBytes(this.#dict) > MOST_BYTES;
  }

  #note(offsets: number, bytes: number, weights: number, count: number): void {
    this.#records?.note(offsets, bytes, weights, count);
    this.#counts?.countTexts(offsets, bytes, weights, count, this.#arena);
  }

  #coverCodes(): void {
    const size = this.#kernel.calls.dictSize(this.#dict);
    if (size <= this.#codeRoom) return;
    const room = 2 * size;
    const larger = this.#arena.enlarge(this.#codeCounts, this.#codeRoom * 8, room * 8);
    this.#kernel.bytes.fill(0, larger + this.#codeRoom * 8, larger + room * 8);
    this.#codeCounts = larger;
    this.#codeRoom = room;
  }

  #withDictionary(use: (offsets: number, bytes: number, size: number) => void): void {
    const { dictSize, dictExport } = this.#kernel.calls;
    const size = dictSize(this.#dict);
    this.#coverCodes();
    const offsets = this.#arena.take(size * 4 + 4);
    dictExport(this.#dict, 0, size, 0, offsets, 0);
    const total = new DataView(this.#kernel.bytes.buffer).getUint32(offsets + size * 4, true);
    const bytes = this.#arena.take(total);
    dictExport(this.#dict, 0, size, 0, offsets, bytes);
    use(offsets, bytes, size);
    this.#arena.give(offsets);
    this.#arena.give(bytes);
  }

  #countedTexts(): CountedTexts {
    let counted: CountedTexts | undefined;
    this.#withDictionary((offsets, bytes, size) => {
      const ends = new Uint32Array(copyOut(this.#kernel, offsets, size * 4 + 4).buffer);
      counted = {
        offsets: ends,
        bytes: copyOut(this.#kernel, bytes, ends[size] as number),
        counts: copyWords(this.#kernel, this.#codeCounts, size),
      };
    });
    return counted as CountedTexts;
  }

  #mergeTexts({ offsets, bytes, counts }: CountedTexts): void {
    const kernel = this.#kernel;
    const size = counts.length;
    const [at, from, times] = [
      this.#arena.take(bytes.length),
      this.#arena.take(size * 4 + 4),
      this.#arena.take(size * 8 + 8),
    ];
    copyIn(kernel, at, bytes);
    copyIn(kernel, from, offsets);
    copyIn(kernel, times, counts);
    let done = 0;
    for (; done < size && this.#dict !== 0; done++) {
      const start = offsets[done] as number;
      const code = kernel.calls.dictAdd(this.#dict, at + start, (offsets[done + 1] as number) - start);
      made(Number(code >= 0), "a text");
      this.#coverCodes();
      const counted = new DataView(kernel.bytes.buffer, this.#codeCounts + code * 8);
      counted.setBigUint64(0, counted.getBigUint64(0, true) + (counts[done] as bigint), true);
      if (this.#isTooMuch) this.useTexts();
    }
    if (done < size) this.#note(from + done * 4, at, times + done * 8, size - done);
    for (const block of [at, from, times]) this.#arena.give(block);
  }
}
