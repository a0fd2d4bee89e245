import { arrow, type Data } from "../../frame/arrow.ts";
import { isSet } from "../../frame/bits.ts";
import { notUtf8 } from "../../frame/texts.ts";
import { requireLength } from "./table-block.ts";

/** Texts of some rows: their bytes one behind the other, and offsets, one more than there are texts, of which the first need not be 0. */
export interface TextRows {
  readonly rows: number;
  readonly offsets: Int32Array | BigInt64Array;
  readonly bytes: Uint8Array;
}

/** Of a view: its bytes, and the most of a text that lie in it. */
const [VIEW_BYTES, VIEW_WORDS, INLINE] = [16, 4, 12];

/** @throws {DataError} E_ENCODING, E_DAMAGED_FILE */
export function textsIn(data: Data, from: number, rows: number): TextRows {
  return arrow().DataType.isUtf8View(data.type) ? viewedTexts(data, from, rows) : plainTexts(data, from, rows);
}

function plainTexts({ valueOffsets, values }: Data, from: number, rows: number): TextRows {
  const all = valueOffsets as unknown as Int32Array | BigInt64Array;
  requireLength(all.length, from + rows + 1);
  const offsets = all.subarray(from, from + rows + 1);
  const [start, end] = [Number(offsets[0]), Number(offsets[rows])];
  if (start < 0 || start > end || end > (values as Uint8Array).length) throw notUtf8();
  return { rows, offsets, bytes: (values as Uint8Array).subarray(start, end) };
}

/** Views have a length, and then the text, or its first bytes, the buffer that it is in, and where; of a missing one nothing is known. */
function viewedTexts(data: Data, from: number, rows: number): TextRows {
  const { nullBitmap, nullCount, offset, variadicBuffers } = data;
  const views = data.values as Uint8Array;
  requireLength(views.length, (from + rows) * VIEW_BYTES);
  const part = views.slice(from * VIEW_BYTES, (from + rows) * VIEW_BYTES);
  const words = new Int32Array(part.buffer);
  const offsets = new Int32Array(rows + 1);
  let end = 0;
  for (let i = 0; i < rows; i++) {
    if (nullCount === 0 || isSet(nullBitmap, offset + from + i)) end += words[i * VIEW_WORDS] as number;
    offsets[i + 1] = end;
  }
  const bytes = new Uint8Array(Math.max(0, end));
  for (let i = 0; i < rows; i++) {
    const [at, length] = [offsets[i] as number, (offsets[i + 1] as number) - (offsets[i] as number)];
    const inline = i * VIEW_BYTES + 4;
    const [source, start] =
      length <= INLINE
        ? [part, inline]
        : [variadicBuffers[words[i * VIEW_WORDS + 2] as number], words[i * VIEW_WORDS + 3] as number];
    if (!source || length < 0 || start < 0 || start + length > source.length) throw notUtf8();
    // Most texts are too short for a view of each.
    if (length <= INLINE) for (let b = 0; b < length; b++) bytes[at + b] = source[start + b] as number;
    else bytes.set(source.subarray(start, start + length), at);
  }
  return { rows, offsets, bytes };
}
