import { isAscii } from "node:buffer";
import { DataError } from "../errors.ts";
import type { Data, Vector } from "./arrow.ts";
import { isSet } from "./bits.ts";

/** A part of a longer string that is shorter than this V8 copies; of longer ones it keeps the whole string for each of its parts. */
const COPIED = 13;
/** A string has no room for more. */
const LARGEST = 2 ** 28;

/** The texts of a vector, null where there is none. Arrow's own decoder, asked for each, takes five times as long. */
export function textsOf(vector: Vector): (string | null)[] {
  const texts = new Array<string | null>(vector.length);
  let at = 0;
  for (const chunk of vector.data) {
    const read = textReader(chunk);
    const { nullBitmap, offset, length } = chunk;
    const isWhole = chunk.nullCount === 0;
    for (let i = 0; i < length; i++) texts[at++] = isWhole || isSet(nullBitmap, offset + i) ? read(i) : null;
  }
  return texts;
}

function textReader(chunk: Data): (i: number) => string {
  const { buffer, byteOffset, byteLength } = chunk.values as Uint8Array;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const offsets = chunk.valueOffsets as ArrayLike<number | bigint>;
  const [first, last] = [Number(offsets[0] ?? 0), Number(offsets[chunk.length] ?? 0)];
  if (last - first > LARGEST || !isAscii(bytes.subarray(first, last)))
    return (i) => bytes.toString("utf8", Number(offsets[i]), Number(offsets[i + 1]));
  const all = bytes.toString("latin1", first, last);
  return (i) => {
    const [from, to] = [Number(offsets[i]), Number(offsets[i + 1])];
    return to - from < COPIED ? all.slice(from - first, to - first) : bytes.toString("latin1", from, to);
  };
}

/** What every reader of Arrow's texts says of bytes that are none. */
export function notUtf8(): DataError {
  return new DataError("E_ENCODING", "a column of texts is not UTF-8", {
    hint: "write it again as text in UTF-8, or as binary",
  });
}
