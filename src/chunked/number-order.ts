import { setImmediate } from "node:timers/promises";

/** Numbers counted or moved between two looks at the event loop: about a millisecond. */
const SLICE = 65_536;
const BITS = 11;
const BUCKETS = 2 ** BITS;
/** Where the digits of a word of 32 bits begin. */
const SHIFTS = [0, BITS, 2 * BITS];

/** Keys that are numbers, and null where `isNull` is 1. */
export interface NumberKey {
  readonly values: Float64Array | Integers;
  readonly isNull: Uint8Array | undefined;
}

/** Of 64 bits. */
type Integers = BigInt64Array | BigUint64Array;

/** A list as numbers; undefined when it has something else. */
export function numberKey(list: ArrayLike<unknown>): NumberKey | undefined {
  if (list instanceof Float64Array || isOfIntegers(list)) return { values: list, isNull: undefined };
  const values = new Float64Array(list.length);
  let isNull: Uint8Array | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = list[i] ?? null;
    if (typeof value === "number") values[i] = value;
    else if (value !== null) return undefined;
    else {
      isNull ??= new Uint8Array(list.length);
      isNull[i] = 1;
    }
  }
  return { values, isNull };
}

/**
 * Sorts an order by one more key, before those that it is sorted by: ascending or descending, NaN above every number, null last. Digit
 * by digit, which takes no comparisons.
 */
export async function orderByNumbers(order: Uint32Array, key: NumberKey, isDescending: boolean): Promise<Uint32Array> {
  let sorted = order;
  for (const word of await sortableWords(key, isDescending))
    for (const shift of SHIFTS) sorted = await byDigit(sorted, word, shift);
  return key.isNull ? byDigit(sorted, key.isNull, 0) : sorted;
}

function isOfIntegers(list: ArrayLike<unknown>): list is Integers {
  return list instanceof BigInt64Array || list instanceof BigUint64Array;
}

/** Numbers as pairs of words, lower word first, that stand in their order. */
function sortableWords({ values }: NumberKey, isDescending: boolean): Promise<[Uint32Array, Uint32Array]> {
  return isOfIntegers(values) ? wordsOfIntegers(values, isDescending) : wordsOfDoubles(values, isDescending);
}

/** By halves: a number of 64 bits would be an object each. */
async function wordsOfIntegers(values: Integers, isDescending: boolean): Promise<[Uint32Array, Uint32Array]> {
  const [low, high] = [new Uint32Array(values.length), new Uint32Array(values.length)];
  const flip = isDescending ? 0xffffffff : 0;
  const sign = values instanceof BigInt64Array ? 0x80000000 : 0;
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 0; i < values.length; i++) {
    low[i] = (halves[2 * i] as number) ^ flip;
    high[i] = (halves[2 * i + 1] as number) ^ sign ^ flip;
    if (i % SLICE === SLICE - 1) await setImmediate();
  }
  return [low, high];
}

async function wordsOfDoubles(values: Float64Array, isDescending: boolean): Promise<[Uint32Array, Uint32Array]> {
  const [low, high] = [new Uint32Array(values.length), new Uint32Array(values.length)];
  const flip = isDescending ? 0xffffffff : 0;
  const double = new Float64Array(1);
  const halves = new Uint32Array(double.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // All zeros are one, and all that is no number.
    double[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    const top = halves[1] as number;
    const isNegative = top >= 0x80000000 && !Number.isNaN(value);
    low[i] = (isNegative ? ~(halves[0] as number) : (halves[0] as number)) ^ flip;
    high[i] = (isNegative ? ~top : top | 0x80000000) ^ flip;
    if (i % SLICE === SLICE - 1) await setImmediate();
  }
  return [low, high];
}

/** One stable pass; none where all have the same digit. */
async function byDigit(order: Uint32Array, words: Uint32Array | Uint8Array, shift: number): Promise<Uint32Array> {
  const starts = new Uint32Array(BUCKETS + 1);
  for (let i = 0; i < words.length; i++) {
    const next = (((words[i] as number) >>> shift) & (BUCKETS - 1)) + 1;
    starts[next] = (starts[next] as number) + 1;
    if (i % SLICE === SLICE - 1) await setImmediate();
  }
  if (starts.includes(order.length)) return order;
  for (let bucket = 0; bucket < BUCKETS; bucket++)
    starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number);
  const sorted = new Uint32Array(order.length);
  for (let from = 0; from < order.length; from += SLICE) {
    for (let i = from; i < Math.min(from + SLICE, order.length); i++) {
      const row = order[i] as number;
      const digit = ((words[row] as number) >>> shift) & (BUCKETS - 1);
      const at = starts[digit] as number;
      starts[digit] = at + 1;
      sorted[at] = row;
    }
    await setImmediate();
  }
  return sorted;
}
