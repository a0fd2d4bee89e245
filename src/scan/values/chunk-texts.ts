import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { blankColumn, type ChunkColumn, keptOf, MissingRows } from "./chunk-column.ts";
import type { BlockValues, ColumnReader } from "./columns.ts";
import { PlainTexts } from "./plain-texts.ts";
import type { SentColumn, SentTexts } from "./sent-chunk.ts";

/** A dictionary beyond this size that holds most rows' own text saves nothing. */
const DICTIONARY_LIMIT = 65_536;

/** A column of texts: codes of a dictionary of which each chunk brings what is new, or, where most texts differ, the texts themselves. */
export class TextChunkColumn implements ChunkColumn {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #reader: ColumnReader;
  readonly #rows: number;
  readonly #maxRows: number;
  readonly #room: number;
  readonly #missing: MissingRows;
  #codes: Int32Array<ArrayBuffer>;
  #block: BlockValues | undefined;
  /** Texts of the dictionary that were sent. */
  #sent = 0;
  #total = 0;
  /** Rows of the chunk so far. */
  #filled = 0;
  /** The dictionary is not worth its memory any more. */
  #isWide = false;
  /** Set when the texts go as they are. */
  #plain: PlainTexts | undefined;

  /** Beyond `room` bytes the dictionary is given up. */
  constructor(kernel: Kernel, arena: Arena, reader: ColumnReader, rows: number, maxRows: number, room: number) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.#reader = reader;
    this.#rows = rows;
    this.#maxRows = maxRows;
    this.#room = room;
    this.#missing = new MissingRows(kernel, arena, rows);
    this.#codes = blankColumn(Int32Array, rows);
  }

  read(fields: FieldTable, mask: number): void {
    const reader = this.#reader;
    const isOver = this.#isWide || this.#kernel.calls.dictBytes(reader.dictionary) > this.#room;
    if (isOver && !this.#plain) this.#turnPlain();
    this.#block = this.#plain
      ? this.#plain.read(fields, mask)
      : keptOf(this.#kernel, reader.parse(fields), reader.width, mask);
  }

  append(from: number, count: number, at: number): void {
    const { values, valid } = this.#block as BlockValues;
    const { buffer } = this.#kernel.calls.memory;
    if (this.#plain) this.#plain.append(from, count);
    else this.#codes.set(new Int32Array(buffer, values + 4 * from, count), at);
    if (valid !== 0) this.#missing.append(valid + from, count, at);
    this.#filled = at + count;
  }

  cut(rows: number): SentColumn {
    const validity = this.#missing.cut(rows);
    this.#filled = 0;
    if (this.#plain) return { values: undefined, validity, texts: this.#plain.cut() };
    const values = rows === this.#rows ? this.#codes : this.#codes.slice(0, rows);
    const texts = this.#newTexts();
    this.#codes = blankColumn(Int32Array, this.#rows);
    this.#total += rows;
    this.#isWide = this.#sent > DICTIONARY_LIMIT && this.#sent > this.#total / 2;
    return { values, validity, texts };
  }

  free(): void {
    this.#reader.free();
  }

  /** The rows that the chunk has already get their texts back. */
  #turnPlain(): void {
    const { calls } = this.#kernel;
    const plain = new PlainTexts(this.#kernel, this.#arena, this.#reader, this.#rows, this.#maxRows);
    const rows = this.#filled;
    const codes = this.#arena.take(Math.max(1, 4 * rows));
    const offsets = this.#arena.take(4 * (rows + 1));
    new Int32Array(calls.memory.buffer, codes, rows).set(this.#codes.subarray(0, rows));
    const length = calls.textsOfCodes(this.#reader.dictionary, codes, rows, offsets, 0);
    const bytes = this.#arena.take(Math.max(1, length));
    calls.textsOfCodes(this.#reader.dictionary, codes, rows, offsets, bytes);
    plain.appendFrom(offsets, bytes, 0, rows);
    for (const place of [codes, offsets, bytes]) this.#arena.give(place);
    this.#plain = plain;
    this.#codes = new Int32Array(0);
  }

  #newTexts(): SentTexts {
    const { calls } = this.#kernel;
    const { dictionary } = this.#reader;
    const size = calls.dictSize(dictionary);
    const count = size - this.#sent;
    const offsets = this.#arena.take(4 * (count + 1));
    calls.dictExport(dictionary, this.#sent, size, 0, offsets, 0);
    const places = new Uint32Array(calls.memory.buffer, offsets, count + 1).slice();
    const length = places[count] as number;
    const place = this.#arena.take(Math.max(1, length));
    calls.dictExport(dictionary, this.#sent, size, 0, offsets, place);
    const bytes = new Uint8Array(calls.memory.buffer, place, length).slice();
    this.#arena.give(place);
    this.#arena.give(offsets);
    this.#sent = size;
    return { offsets: places, bytes };
  }
}
