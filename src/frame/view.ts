import { type Bits, isSet } from "./bits.ts";
import type { BigArray, NumberArray, Storage } from "./column.ts";
import { parseType, type TimeUnitName, type TypeInfo } from "./types.ts";

/** A column decoded as far as arithmetic needs it. `bits` tells nulls from values; without it there are none. */
export type View =
  /** Numbers; with `date` they are milliseconds since 1970 in UTC, microseconds as the fraction. */
  | {
      readonly kind: "number";
      readonly values: NumberArray;
      readonly bits?: Bits | undefined;
      readonly date?: true | undefined;
    }
  /** Integers of which at least one is beyond 2^53. */
  | { readonly kind: "bigint"; readonly values: ArrayLike<bigint>; readonly bits?: Bits | undefined }
  | { readonly kind: "bool"; readonly values: Uint8Array; readonly bits?: Bits | undefined }
  | {
      readonly kind: "codes";
      readonly values: NumberArray;
      readonly dictionary: readonly unknown[];
      readonly bits?: Bits | undefined;
    }
  /** Strings and whatever else; null and undefined are missing. */
  | { readonly kind: "object"; readonly values: readonly unknown[]; readonly bits?: undefined };

const PER_MS: Readonly<Record<TimeUnitName, number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 };
const SAFE_HIGH = 2 ** 21;
/** A power of ten of more is no double. */
const MOST_DIGITS = 22;

/** Decodes a storage by the meaning that the type gives to its numbers. */
export function viewOf(type: string, length: number, storage: Storage): View {
  const info = parseType(type);
  const { values, validity: bits, dictionary } = storage;
  if (dictionary) return { kind: "codes", values: values as NumberArray, dictionary, bits };
  if (!ArrayBuffer.isView(values)) return viewOfArray(info, values as readonly unknown[], length, bits);
  if (info.family === "bool") return { kind: "bool", values: values as Uint8Array, bits };
  if (info.family === "timestamp") return dates(values, length, PER_MS[info.unit], bits);
  if (info.family === "date") return dates(values, length, 1 / 86_400_000, bits);
  if (info.family === "decimal") return decimals(values, length, info.scale, bits);
  return isBig(values) ? integers(values, length, bits) : { kind: "number", values: values as NumberArray, bits };
}

/** Arrays hold unscaled bigints for decimals and plain values for everything else. */
function viewOfArray(info: TypeInfo, values: readonly unknown[], length: number, bits: Bits | undefined): View {
  if (info.family !== "decimal") return { kind: "object", values };
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    if (typeof values[i] === "bigint") numbers[i] = unscale(values[i] as bigint, info.scale);
  }
  return { kind: "number", values: numbers, bits };
}

function dates(values: ArrayBufferView, length: number, perMs: number, bits: Bits | undefined): View {
  if (values instanceof Float64Array) return { kind: "number", values, bits, date: true };
  const ms = new Float64Array(length);
  const source = isBig(values) ? integers(values, length, bits) : { kind: "number", values: values as NumberArray };
  const { values: counts } = source;
  if (source.kind === "bigint")
    for (let i = 0; i < length; i++) ms[i] = millisecondsOf(counts[i] as bigint, BigInt(perMs));
  else
    for (let i = 0; i < length; i++) {
      const value = (counts[i] as number) / perMs;
      const whole = Math.floor(value);
      ms[i] = whole * perMs > (counts[i] as number) ? below(whole) : value;
    }
  return { kind: "number", values: ms, bits, date: true };
}

/** Far from 1970 a double has no room for microseconds; the last ones of a millisecond must not become the next one, or the next year. */
function millisecondsOf(count: bigint, perMs: bigint): number {
  const rest = BigInt.asIntN(64, ((count % perMs) + perMs) % perMs);
  const whole = Number((count - rest) / perMs);
  const value = whole + Number(rest) / Number(perMs);
  return value < whole + 1 ? value : below(whole + 1);
}

/** The double before a whole number. */
function below(whole: number): number {
  const bits = new BigInt64Array(Float64Array.of(whole).buffer);
  if (whole === 0) return -Number.MIN_VALUE;
  bits[0] = (bits[0] as bigint) + (whole > 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0] as number;
}

function decimals(values: ArrayBufferView, length: number, scale: number, bits: Bits | undefined): View {
  if (values instanceof Float64Array || values instanceof Float32Array) return { kind: "number", values, bits };
  const wholes = isBig(values) && scale <= MOST_DIGITS ? integers(values, length, bits) : undefined;
  if (wholes?.kind === "number") {
    const unit = 10 ** scale;
    return { kind: "number", values: wholes.values.map((whole) => whole / unit), bits };
  }
  const numbers = new Float64Array(length);
  const source = values as unknown as ArrayLike<number | bigint>;
  for (let i = 0; i < length; i++) numbers[i] = unscale(BigInt(source[i] as number), scale);
  return { kind: "number", values: numbers, bits };
}

/** The double nearest to `unscaled / 10^scale`: one division of two exact doubles, or else the decimal text read back. */
export function unscale(unscaled: bigint, scale: number): number {
  const number = Number(unscaled);
  if (scale <= MOST_DIGITS && Number.isSafeInteger(number)) return number / 10 ** scale;
  return Number(`${unscaled}e-${scale}`);
}

/** Numbers as long as every integer is safe, read from the two halves of each; else bigints for the whole column. */
export function integers(
  values: BigArray,
  length: number,
  bits: Bits | undefined,
): Extract<View, { kind: "number" | "bigint" }> {
  const numbers = new Float64Array(length);
  const low = new Uint32Array(values.buffer, values.byteOffset, length * 2);
  const high = values instanceof BigInt64Array ? new Int32Array(values.buffer, values.byteOffset, length * 2) : low;
  for (let i = 0; i < length; i++) {
    const top = high[2 * i + 1] as number;
    // What stands in the place of a null means nothing.
    if ((top >= SAFE_HIGH || top < -SAFE_HIGH) && (!bits || isSet(bits, i))) return { kind: "bigint", values, bits };
    numbers[i] = top * 2 ** 32 + (low[2 * i] as number);
  }
  return { kind: "number", values: numbers, bits };
}

export function isBig(values: ArrayBufferView): values is BigArray {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

/** The plain values of a view. */
export function viewToArray(view: View): unknown[] {
  const { values, bits } = view;
  const plain = new Array<unknown>(values.length);
  // Loops: `Array.from` takes four times as long, and a result has a million rows.
  if (view.kind === "number" && !view.date && !bits) {
    for (let i = 0; i < plain.length; i++) plain[i] = values[i];
    return plain;
  }
  const read = readerOf(view);
  for (let i = 0; i < plain.length; i++) plain[i] = !bits || isSet(bits, i) ? (read(i) ?? null) : null;
  return plain;
}

/** Reads one value that is not null. */
export function readerOf(view: View): (i: number) => unknown {
  const { values } = view;
  if (view.kind === "bool") return (i) => values[i] === 1;
  if (view.kind === "codes") return (i) => view.dictionary[view.values[i] as number] ?? null;
  if (view.kind === "number" && view.date) return (i) => new Date(Math.floor(view.values[i] as number));
  return (i) => values[i];
}

/** Whether a row has no value. */
export function isNullAt(view: View, i: number): boolean {
  if (view.bits && !isSet(view.bits, i)) return true;
  if (view.kind === "object") return view.values[i] === null || view.values[i] === undefined;
  return view.kind === "codes" && (view.dictionary[view.values[i] as number] ?? null) === null;
}
