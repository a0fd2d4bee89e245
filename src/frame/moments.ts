import { bitsWhere, isSet } from "./bits.ts";
import type { Storage } from "./column.ts";
import { parseType } from "./types.ts";
import { integers, isBig, type View, viewOf } from "./view.ts";

/** What a moment's number counts in the storage of each type, in microseconds; of nanoseconds their own number is kept. */
const MICROSECONDS = { s: 1e6, ms: 1e3, us: 1, ns: 1 } as const;
const DAY = 86_400e6;

/**
 * The form in which values are told apart and compared: that of `viewOf`, but for moments, whose milliseconds have no room for nanoseconds, nor
 * for microseconds in far years. They are whole microseconds since 1970, of `datetime64[ns]` whole nanoseconds: numbers, or bigints where one is beyond 2^53.
 */
export function exactViewOf(type: string, length: number, storage: Storage): View {
  const info = parseType(type);
  const { values, dictionary } = storage;
  const isMoment = info.family === "timestamp" || info.family === "date";
  if (!isMoment || dictionary || !ArrayBuffer.isView(values)) return viewOf(type, length, storage);
  const isNanoseconds = info.family === "timestamp" && info.unit === "ns";
  if (isBig(values)) {
    const counts = integers(values, length, storage.validity);
    return scaled(counts, info.family === "timestamp" ? MICROSECONDS[info.unit] : DAY);
  }
  // Doubles are milliseconds, of whatever type.
  const isMilliseconds = values instanceof Float64Array;
  const microseconds = scaled(
    { kind: "number", values: values as Float64Array, bits: ofMoments(storage, length) },
    isMilliseconds ? 1e3 : info.family === "timestamp" ? MICROSECONDS[info.unit] : DAY,
  );
  return isMilliseconds && isNanoseconds ? scaled(microseconds, 1e3) : microseconds;
}

/** The storage of such numbers under their type again. */
export function packMoments(type: string, counts: ArrayLike<unknown>): Storage {
  const info = parseType(type);
  const validity = bitsWhere(counts.length, (i) => (counts[i] ?? null) !== null);
  if (info.family === "timestamp" && (info.unit === "us" || info.unit === "ns"))
    return {
      values: BigInt64Array.from({ length: counts.length }, (_, i) => BigInt((counts[i] ?? 0) as number)),
      validity,
    };
  const milliseconds = Float64Array.from({ length: counts.length }, (_, i) => Number(counts[i] ?? 0) / 1e3);
  return { values: milliseconds, validity };
}

type Counts = Extract<View, { kind: "number" | "bigint" }>;

function scaled(view: Counts, factor: number): Counts {
  if (view.kind === "number") {
    const { values, bits } = view;
    const products = factor === 1 ? values : Float64Array.from(values, (value) => Math.round(value * factor));
    const isSafe = (value: number, i: number) => Number.isSafeInteger(value) || (bits && !isSet(bits, i));
    if (factor === 1 || products.every(isSafe)) return { kind: "number", values: products, bits };
  }
  if (factor === 1) return view;
  const { values, bits } = view;
  const product = (_: unknown, i: number): bigint => {
    const value = values[i] as number | bigint;
    if (bits && !isSet(bits, i)) return 0n;
    return (typeof value === "bigint" ? value : BigInt(Math.trunc(value))) * BigInt(factor);
  };
  return { kind: "bigint", values: Array.from({ length: values.length }, product), bits };
}

/** A moment that is none is null. */
function ofMoments({ values, validity }: Storage, length: number): Storage["validity"] {
  if (!(values instanceof Float64Array)) return validity;
  return bitsWhere(length, (i) => Number.isFinite(values[i]) && (!validity || isSet(validity, i)));
}
