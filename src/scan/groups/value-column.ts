import type { ColumnValues, EngineColumn } from "../../query/engine-table.ts";
import type { Kind } from "../table.ts";
import { pandasTypeOf } from "../types/pandas-type.ts";
import { decimalNumber } from "./exact.ts";
import type { Texts } from "./texts-of.ts";

/** A column of a result; that of a text column may go to another thread before its texts become strings. */
export interface ResultColumn extends Omit<EngineColumn, "dictionary"> {
  /** What the values are codes of. */
  readonly texts?: Texts | undefined;
}

type Integers = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** Arrays of integers narrower than 64 bits. */
const INTEGERS: Readonly<Record<string, new (length: number) => Integers>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

/**
 * Values of a column's type, given as words: whole numbers, the bits of doubles, or codes of texts. `valid` is a byte a row.
 * The values take over the words' buffer where they can.
 */
export function valueColumn(
  name: string,
  kind: Kind,
  words: BigInt64Array,
  valid: Uint8Array | undefined,
  texts: Texts | undefined,
): ResultColumn {
  if (texts) return textColumn(name, lowerInts(words), valid, texts);
  const validity = bitmapOf(valid);
  if (kind.kind === "decimal" && kind.precision !== undefined)
    return { name, type: `decimal(${kind.precision}, ${kind.scale})`, values: words, validity };
  const type = pandasTypeOf(kind);
  return { name, type, values: valuesOf(kind, type, words, valid), validity };
}

/** The same of codes of texts. */
export function textColumn(name: string, codes: Int32Array, valid: Uint8Array | undefined, texts: Texts): ResultColumn {
  return { name, type: "str", validity: bitmapOf(valid), ...compact(codes, valid, texts) };
}

/** Arrow's bitmap of a byte a row; undefined when nothing is missing. */
export function bitmapOf(valid: Uint8Array | undefined): Uint8Array | undefined {
  if (!valid?.includes(0)) return undefined;
  const bits = new Uint8Array((valid.length + 7) >> 3);
  for (let i = 0; i < valid.length; i++) if (valid[i] === 1) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  return bits;
}

/** The doubles nearest to integers of 10^-scale. */
export function decimalNumbers(words: BigInt64Array, scale: number): Float64Array {
  const numbers = new Float64Array(words.length);
  const lows = new Uint32Array(words.buffer, words.byteOffset, words.length * 2);
  const highs = new Int32Array(words.buffer, words.byteOffset, words.length * 2);
  const unit = 10 ** scale;
  for (let i = 0; i < numbers.length; i++) {
    const high = highs[2 * i + 1] as number;
    // Within 2^53 both are doubles, and their quotient is rounded once.
    if (high < 1 << 21 && high >= -(1 << 21)) numbers[i] = (high * 2 ** 32 + (lows[2 * i] as number)) / unit;
    else numbers[i] = decimalNumber(words[i] as bigint, scale);
  }
  return numbers;
}

function valuesOf(kind: Kind, type: string, words: BigInt64Array, valid: Uint8Array | undefined): ColumnValues {
  switch (kind.kind) {
    case "int": {
      const make = INTEGERS[type];
      return make ? narrowed(words, make) : type === "uint64" ? new BigUint64Array(words.buffer) : words;
    }
    case "timestamp":
      return words;
    case "decimal":
      return decimalNumbers(words, kind.scale);
    case "double": {
      const doubles = new Float64Array(words.buffer, words.byteOffset, words.length);
      // What a missing value holds is seen by nobody, but 0 is what others have there.
      if (valid) for (let i = 0; i < doubles.length; i++) if (valid[i] === 0) doubles[i] = 0;
      return kind.isNarrow ? Float32Array.from(doubles) : doubles;
    }
    case "bool":
      return narrowed(words, Uint8Array);
    case "date":
    case "text":
      return lowerInts(words);
  }
}

function lowerInts(words: BigInt64Array): Int32Array {
  return narrowed(words, Int32Array);
}

function narrowed<T extends Integers>(words: BigInt64Array, make: new (length: number) => T): T {
  const halves = new Int32Array(words.buffer, words.byteOffset, words.length * 2);
  const values = new make(words.length);
  for (let i = 0; i < values.length; i++) values[i] = halves[2 * i] as number;
  return values;
}

/** Leaves out the texts that no row has, and gives the others new codes in the order of their first row. */
function compact(codes: Int32Array, valid: Uint8Array | undefined, texts: Texts): { values: Int32Array; texts: Texts } {
  if (isCountOf(codes, valid, texts.offsets.length - 1)) return { values: codes, texts };
  const map = new Int32Array(texts.offsets.length - 1).fill(-1);
  const used = new Int32Array(Math.min(codes.length, map.length));
  const values = new Int32Array(codes.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    if (valid && valid[i] === 0) continue;
    const code = codes[i] as number;
    if (map[code] === -1) {
      map[code] = count;
      used[count++] = code;
    }
    values[i] = map[code] as number;
  }
  return { values, texts: textsAt(texts, used.subarray(0, count)) };
}

/** The codes are 0, 1, 2 and so on, as those of a key column are, but 0 where none is, and there are so many texts. */
function isCountOf(codes: Int32Array, valid: Uint8Array | undefined, count: number): boolean {
  let next = 0;
  for (let i = 0; i < codes.length; i++) {
    const isMissing = valid?.[i] === 0;
    if (codes[i] !== (isMissing ? 0 : next)) return false;
    if (!isMissing) next++;
  }
  return next === count;
}

function textsAt(texts: Texts, codes: Int32Array): Texts {
  const offsets = new Uint32Array(codes.length + 1);
  const bytes = new Uint8Array(texts.bytes.length);
  let end = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const to = texts.offsets[code + 1] as number;
    // Most texts are too short for a view of each.
    for (let at = texts.offsets[code] as number; at < to; at++) bytes[end++] = texts.bytes[at] as number;
    offsets[i + 1] = end;
  }
  return { offsets, bytes: bytes.slice(0, end) };
}
