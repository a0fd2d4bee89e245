import { decimalNumber, quotientNumber } from "../groups/exact.ts";
import type { Kind } from "../table.ts";
import type { FigureValue, Histogram, Narrowing, ValueFigures } from "./column-figures.ts";
import type { CountedValues } from "./counted-values.ts";
import { CountedBins, histogramOfBins } from "./histogram.ts";
import type { NumberRecordsPart } from "./number-records.ts";
import { halvesOf, signedAt } from "./records.ts";
import type { Sortedness } from "./sortedness.ts";
import { TopValues } from "./top-values.ts";

/** Where the kernel's records hold what. */
const SUMMARY = {
  rows: 0,
  least: 8,
  greatest: 16,
  low: 24,
  high: 32,
  leastDouble: 40,
  greatestDouble: 48,
  mean: 56,
  squares: 64,
} as const;
const HISTOGRAM = { width: 0, first: 8, firstDouble: 16, bins: 64 } as const;
const NARROW = { scale: 0, same: 8, at: 24 } as const;
const MOST_DECIMALS = 6;
const DAY = 86_400_000;
const scratch = new DataView(new ArrayBuffer(8));

/** What is counted of a column beside its records. */
interface Counted {
  /** Hands out values, each once, and their counts, piece by piece. */
  readonly read: (use: (counted: CountedValues) => void) => void;
  /** Whether they are handed out from the least to the greatest. */
  readonly isSorted: boolean;
  /** How much the counts may be too small; undefined while all values are counted exactly. */
  readonly lost: number | undefined;
  readonly distinct: number;
  readonly sortedness: Sortedness;
  readonly unusual: number;
}

/** The figures of a column of numbers, dates or booleans from what the kernel gathered. */
export function numberFigures(
  kind: Kind,
  records: NumberRecordsPart,
  { read, isSorted, lost, distinct, sortedness, unusual }: Counted,
): ValueFigures {
  const summary = new DataView(records.summary.buffer);
  const rows = summary.getFloat64(SUMMARY.rows, true);
  const isDouble = kind.kind === "double";
  const value = (at: number) => valueOfBits(kind, summary.getBigUint64(at, true));
  const hasBins = rows > 0 && kind.kind !== "bool";
  const range = rangeOf(kind, summary);
  const bins = hasBins && lost === undefined ? new CountedBins(...range) : undefined;
  const top = new TopValues(lost ?? 0, compareBits);
  read((counted) => {
    bins?.add(counted, placesOf(kind, counted.values), isSorted);
    // Of a million values the most are never looked at here.
    const frequent = counted.keepFrequent(top.least);
    const { values } = frequent;
    top.add(frequent.counts, (index) => values[index] as bigint);
  });
  const isMeasure = kind.kind !== "date" && kind.kind !== "timestamp" && rows > 0;
  return {
    distinct,
    distinctExact: lost === undefined,
    min: rows === 0 ? null : value(isDouble ? SUMMARY.leastDouble : SUMMARY.least),
    max: rows === 0 ? null : value(isDouble ? SUMMARY.greatestDouble : SUMMARY.greatest),
    ...(isMeasure ? { mean: meanOf(kind, summary, rows), std: spreadOf(kind, summary, rows) } : {}),
    top: top.shown((bits) => valueOfBits(kind, bits)),
    topError: lost ?? 0,
    histogram: bins ? bins.histogram : hasBins ? fineHistogram(kind, records, range) : undefined,
    order: sortedness.order((a, b) => compareValues(kind, a, b)),
    numbers: isDouble || kind.kind === "decimal" ? { ...narrowing(records), unusual, finite: rows } : undefined,
  };
}

/** The value of a column's bits. */
function valueOfBits(kind: Kind, bits: bigint): FigureValue {
  const whole = BigInt.asIntN(64, bits);
  switch (kind.kind) {
    case "double":
      return doubleOf(bits);
    case "decimal":
      return decimalNumber(whole, kind.scale);
    case "bool":
      return whole !== 0n;
    case "date":
      return new Date(Number(whole) * DAY);
    case "timestamp":
      // Microseconds after the year 2255 are more than a double holds exactly.
      return new Date(Number((whole - BigInt.asUintN(64, ((whole % 1000n) + 1000n) % 1000n)) / 1000n));
    default:
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
}

function doubleOf(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

/** Of the exact sum, divided once. */
function meanOf(kind: Kind, summary: DataView, rows: number): number {
  if (kind.kind === "double") return summary.getFloat64(SUMMARY.mean, true);
  const sum = (summary.getBigInt64(SUMMARY.high, true) << 32n) + summary.getBigUint64(SUMMARY.low, true);
  const mean = quotientNumber(sum < 0n ? -sum : sum, BigInt(rows) * 10n ** BigInt(scaleOf(kind)));
  return sum < 0n ? -mean : mean;
}

function spreadOf(kind: Kind, summary: DataView, rows: number): number | undefined {
  if (rows < 2) return undefined;
  return Math.sqrt(summary.getFloat64(SUMMARY.squares, true) / (rows - 1)) / 10 ** scaleOf(kind);
}

function scaleOf(kind: Kind): number {
  return kind.kind === "decimal" ? kind.scale : 0;
}

/** The least and the greatest number in the column's unit, of dates and timestamps in milliseconds. */
function rangeOf(kind: Kind, summary: DataView): [least: number, greatest: number] {
  if (kind.kind === "double")
    return [summary.getFloat64(SUMMARY.leastDouble, true), summary.getFloat64(SUMMARY.greatestDouble, true)];
  const placeAt = (at: number) => placeOf(kind, Number(summary.getBigInt64(at, true)));
  return [placeAt(SUMMARY.least), placeAt(SUMMARY.greatest)];
}

function fineHistogram(kind: Kind, { histogram }: NumberRecordsPart, range: [number, number]): Histogram {
  const view = new DataView(histogram.buffer);
  const bins = new BigUint64Array(histogram.buffer, HISTOGRAM.bins);
  const first =
    kind.kind === "double"
      ? view.getFloat64(HISTOGRAM.firstDouble, true)
      : Number(view.getBigInt64(HISTOGRAM.first, true));
  const width = placeOf(kind, 2 ** view.getInt32(HISTOGRAM.width, true));
  return histogramOfBins({ first, width, counts: halvesOf(bins) }, ...range);
}

/** Where each of some values stands in the unit of the histogram. */
function placesOf(kind: Kind, values: BigUint64Array<ArrayBuffer>): (index: number) => number {
  if (kind.kind === "double") {
    const doubles = new Float64Array(values.buffer, values.byteOffset, values.length);
    return (index) => doubles[index] as number;
  }
  const halves = halvesOf(values);
  return (index) => placeOf(kind, signedAt(halves, index));
}

/** Where a whole number stands in the unit of the histogram. */
function placeOf(kind: Kind, whole: number): number {
  if (kind.kind === "decimal") return whole / 10 ** kind.scale;
  if (kind.kind === "date") return whole * DAY;
  return kind.kind === "timestamp" ? whole / 1000 : whole;
}

function narrowing(records: NumberRecordsPart): Omit<Narrowing, "unusual" | "finite"> {
  const view = new DataView(records.narrow.buffer);
  const scale = view.getInt32(NARROW.scale, true);
  const same = view.getFloat64(NARROW.same, true);
  const isKnown = scale <= MOST_DECIMALS;
  return {
    scale: isKnown ? scale : undefined,
    float32Same: same,
    float32AtScale: isKnown ? same + view.getFloat64(NARROW.at + 8 * scale, true) : 0,
  };
}

/** NaN is the greatest of all and equal to itself. */
function compareValues(kind: Kind, a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): number {
  const bits = (bytes: Uint8Array<ArrayBuffer>) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (kind.kind !== "double") return compareBits(bits(a), bits(b));
  const [x, y] = [doubleOf(bits(a)), doubleOf(bits(b))];
  return Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : x - y || 0;
}

function compareBits(a: bigint, b: bigint): number {
  const [x, y] = [BigInt.asIntN(64, a), BigInt.asIntN(64, b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
