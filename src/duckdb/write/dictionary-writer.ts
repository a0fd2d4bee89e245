import type { Vector } from "@duckdb/node-bindings";
import { type Vector as ArrowVector, arrow, type Data, type DataType } from "../../frame/arrow.ts";
import { isSet } from "../../frame/bits.ts";
import { setValidity } from "./native.ts";
import { TextItems } from "./text-writer.ts";
import type { VectorWriter, WriteRows } from "./vector-writer.ts";

/** Codes into a dictionary are written as the values that they stand for. */
export function dictionaryWriter(type: DataType, inner: VectorWriter | undefined): VectorWriter | undefined {
  const { DataType } = arrow();
  if (inner === undefined || DataType.isDictionary(type) || DataType.isBool(type)) return undefined;
  const isText = inner.sqlType === "VARCHAR" || inner.sqlType === "BLOB";
  const write = isText ? textCodes() : valueCodes(inner.write);
  return {
    sqlType: inner.sqlType,
    write: (data, from, count, vector) => {
      write(data, from, count, vector);
      markMissing(data, from, count, vector);
    },
  };
}

const EMPTY = new Uint8Array();

function textCodes(): WriteRows {
  // The same dictionary comes with each batch.
  const known = new WeakMap<object, readonly Uint8Array[]>();
  const items = new TextItems();
  return ({ dictionary, values }, from, count, vector) => {
    const texts = dictionary ? (known.get(dictionary) ?? textsOf(dictionary)) : [];
    if (dictionary) known.set(dictionary, texts);
    for (let i = 0; i < count; i++) {
      // A missing row may have any code.
      const text = texts[Number((values as Int32Array)[from + i])] ?? EMPTY;
      items.put(i, text, 0, text.length);
    }
    items.flush(vector, count);
  };
}

function textsOf(dictionary: ArrowVector): readonly Uint8Array[] {
  return Array.from(dictionary as Iterable<unknown>, (value) =>
    typeof value === "string" ? Buffer.from(value) : value instanceof Uint8Array ? value : EMPTY,
  );
}

function valueCodes(write: WriteRows): WriteRows {
  return ({ dictionary, values }, from, count, vector) => {
    const parts: readonly Data[] = dictionary?.data ?? [];
    if (parts.length > 0) write(gathered(parts, values as Int32Array, from, count), 0, count, vector);
  };
}

/** The values of some codes as data of their own. */
function gathered(parts: readonly Data[], codes: Int32Array, from: number, count: number): Data {
  const { stride, type, values } = parts[0] as Data;
  const taken = new (values.constructor as Int32ArrayConstructor)(count * stride);
  for (let i = 0; i < count; i++) {
    const place = placeOf(parts, Number(codes[from + i]));
    if (!place) continue;
    const source = place.part.values as Int32Array;
    for (let word = 0; word < stride; word++) taken[i * stride + word] = source[place.row * stride + word] as number;
  }
  return arrow().makeData({ type, length: count, nullCount: 0, data: taken } as never);
}

/** Where the value of a code is, of a dictionary that grew in the course of the file. */
function placeOf(parts: readonly Data[], code: number): { part: Data; row: number } | undefined {
  let row = code;
  for (const part of parts) {
    if (row < part.length) return { part, row };
    row -= part.length;
  }
  return undefined;
}

/** A dictionary may have a place for null. */
function markMissing(data: Data, from: number, count: number, vector: Vector): void {
  const { dictionary, nullBitmap, offset, nullCount } = data;
  if (!dictionary || dictionary.nullCount === 0) return;
  const words = new Uint8Array(Math.ceil(count / 64) * 8);
  for (let i = 0; i < count; i++) {
    const isThere = nullCount === 0 || isSet(nullBitmap, offset + from + i);
    if (isThere && dictionary.isValid(Number((data.values as Int32Array)[from + i])))
      words[i >> 3] = (words[i >> 3] as number) | (1 << (i & 7));
  }
  setValidity(vector, words);
}
