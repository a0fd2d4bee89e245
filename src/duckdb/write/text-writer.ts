import { isUtf8 } from "node:buffer";
import type { Vector } from "@duckdb/node-bindings";
import { arrow, type Data, type DataType } from "../../frame/arrow.ts";
import { notUtf8 } from "../../frame/texts.ts";
import { copyBytes, native, VECTOR_ROWS } from "./native.ts";
import type { VectorWriter } from "./vector-writer.ts";

/** The engine keeps a text in 16 bytes: its length, and up to twelve bytes of it; longer ones cost a call each. */
const ITEM = 16;
const INLINE = 12;

/** Text and bytes of any of Arrow's layouts. */
export function textWriter(type: DataType): VectorWriter | undefined {
  const { DataType } = arrow();
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return { sqlType: "VARCHAR", write: writeOffsets(true) };
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return { sqlType: "BLOB", write: writeOffsets(false) };
  if (DataType.isUtf8View(type)) return { sqlType: "VARCHAR", write: writeValues };
  if (DataType.isBinaryView(type) || DataType.isFixedSizeBinary(type)) return { sqlType: "BLOB", write: writeValues };
  return undefined;
}

/** Texts as they are laid into vectors: the short ones at once, the rest by themselves. */
export class TextItems {
  readonly #bytes = new Uint8Array(VECTOR_ROWS * ITEM);
  readonly #lengths = new Uint32Array(this.#bytes.buffer);
  readonly #long: [row: number, bytes: Uint8Array][] = [];

  put(row: number, source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length > INLINE) {
      this.#lengths[row * 4] = 0;
      this.#long.push([row, source.subarray(from, to)]);
      return;
    }
    this.#lengths.fill(0, row * 4, row * 4 + 4);
    this.#lengths[row * 4] = length;
    for (let i = 0, at = row * ITEM + 4; i < length; i++) this.#bytes[at + i] = source[from + i] as number;
  }

  flush(vector: Vector, count: number): void {
    copyBytes(vector, this.#bytes, 0, count * ITEM);
    const { vector_assign_string_element_len } = native();
    for (const [row, bytes] of this.#long) vector_assign_string_element_len(vector, row, bytes);
    this.#long.length = 0;
  }
}

/** One for all: nothing is kept between two calls. */
let items: TextItems | undefined;

function sharedItems(): TextItems {
  items ??= new TextItems();
  return items;
}

function writeOffsets(isText: boolean): VectorWriter["write"] {
  return (data, from, count, vector) => {
    const offsets = data.valueOffsets as unknown as ArrayLike<number | bigint>;
    const bytes = data.values as Uint8Array;
    const [start, end] = [Number(offsets[from] ?? 0), Number(offsets[from + count] ?? 0)];
    if (end > bytes.length || start > end) throw notUtf8();
    if (isText) checkText(bytes, start, end);
    const target = sharedItems();
    for (let i = 0, at = start; i < count; i++) {
      const next = Number(offsets[from + i + 1]);
      // A text that starts inside of a letter is none.
      if (next < at || next > end || (isText && next > at && ((bytes[at] as number) & 0xc0) === 0x80)) throw notUtf8();
      target.put(i, bytes, at, next);
      at = next;
    }
    target.flush(vector, count);
  };
}

/** The engine trusts that texts are UTF-8. */
export function checkText(bytes: Uint8Array, start: number, end: number): void {
  if (!isUtf8(bytes.subarray(start, end))) throw notUtf8();
}

const EMPTY = new Uint8Array();

function writeValues(data: Data, from: number, count: number, vector: Vector): void {
  const column = new (arrow().Vector)([data]);
  const target = sharedItems();
  for (let i = 0; i < count; i++) {
    const value: unknown = column.get(from + i);
    const bytes = typeof value === "string" ? Buffer.from(value) : value instanceof Uint8Array ? value : EMPTY;
    target.put(i, bytes, 0, bytes.length);
  }
  target.flush(vector, count);
}
