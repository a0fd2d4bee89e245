import type { Data, Vector } from "./arrow.ts";
import { isSet } from "./bits.ts";
import { unscaledOf } from "./plain.ts";

/** The whole numbers that the decimals of a vector are kept as: 64 bits for each where all have room in them, as nearly all have. */
export function wholesOf(vector: Vector): BigInt64Array | (bigint | null)[] {
  const wholes = new BigInt64Array(vector.length);
  const words = new Uint32Array(wholes.buffer);
  let at = 0;
  for (const chunk of vector.data) {
    if (!copyLow(chunk, words.subarray(2 * at))) return Array.from(vector, unscaledOf);
    at += chunk.length;
  }
  return wholes;
}

/** The low halves of decimals whose other words are but their sign; what stands in the place of a null means nothing. */
function copyLow({ values, stride, nullCount, nullBitmap, offset, length }: Data, to: Uint32Array): boolean {
  if (stride < 2) return false;
  const hasNulls = nullCount > 0;
  for (let i = 0, from = 0; i < length; i++, from += stride) {
    if (hasNulls && !isSet(nullBitmap, offset + i)) continue;
    const sign = (values[from + 1] as number) >> 31;
    for (let word = 2; word < stride; word++) if (((values[from + word] as number) | 0) !== sign) return false;
    to[2 * i] = values[from] as number;
    to[2 * i + 1] = values[from + 1] as number;
  }
  return true;
}
