import { arrow, type Data, type Vector } from "./arrow.ts";

/** What says how much memory the values of a column take, in whatever form. */
export interface DataSize {
  readonly nulls: number;
  /** Bytes of its texts; of a column with a dictionary, those of its words. */
  readonly textBytes: number;
  /** Of its dictionary; 0 where it has none. */
  readonly words: number;
}

const VIEW_WORDS = 4;
/** Batches share dictionaries. */
const known = new WeakMap<Vector, Omit<DataSize, "nulls">>();

export function sizeOfData(data: Data): DataSize {
  const { nullCount: nulls, dictionary } = data;
  return { nulls, ...(dictionary ? sizeOfWords(dictionary) : { textBytes: textBytes(data), words: 0 }) };
}

export function sizeOfWords(words: Vector): Omit<DataSize, "nulls"> {
  const size = known.get(words) ?? {
    textBytes: words.data.reduce((sum, data) => sum + textBytes(data), 0),
    words: words.length,
  };
  known.set(words, size);
  return size;
}

function textBytes({ type, length, valueOffsets, values }: Data): number {
  const { DataType } = arrow();
  if (length === 0) return 0;
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return viewBytes(values as Uint8Array, length);
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  if (!isText && !DataType.isBinary(type) && !DataType.isLargeBinary(type)) return 0;
  return Number(valueOffsets[length]) - Number(valueOffsets[0]);
}

/** A view begins with the length of its text. */
function viewBytes(views: Uint8Array, length: number): number {
  const words = new Int32Array(views.buffer, views.byteOffset, length * VIEW_WORDS);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += words[i * VIEW_WORDS] as number;
  return sum;
}
