import { UsageError } from "../../errors.ts";
import type { Comparison } from "../request.ts";
import type { Kind } from "../table.ts";

/** A test of order as a range of words: those of whole numbers, or the images of doubles. Both ends belong to it. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
  /** What lies outside of the range passes. */
  readonly isOutside: boolean;
}

export type TestValue = number | bigint | string | boolean | Date;

/**
 * Turns a comparison with a value into bounds on a column's words.
 *
 * @throws {UsageError} E_WRONG_TYPE
 */
export function boundsOf(column: string, type: Kind, test: Comparison, value: TestValue): Bounds {
  const [least, greatest] = type.kind === "double" ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  const { floor, isExact } = type.kind === "double" ? imagePlace(column, value) : wholePlace(column, type, value);
  const range = (low: bigint, high: bigint, isOutside = false): Bounds => {
    const [from, to] = [low < least ? least : low, high > greatest ? greatest : high];
    // An empty range is what lies outside of everything.
    return from > to ? { low: least, high: greatest, isOutside: !isOutside } : { low: from, high: to, isOutside };
  };
  switch (test) {
    case "=":
    case "!=":
      return isExact ? range(floor, floor, test === "!=") : range(1n, 0n, test === "!=");
    case "<":
      return range(least, isExact ? floor - 1n : floor);
    case "<=":
      return range(least, floor);
    case ">":
      return range(floor + 1n, greatest);
    case ">=":
      return range(isExact ? floor : floor + 1n, greatest);
  }
}

/** The word that a column's value has when it equals the value; undefined when none can. */
export function wordOf(column: string, type: Kind, value: TestValue): bigint | undefined {
  if (type.kind === "double") {
    const number = numberOf(column, type, value);
    const isSame = typeof number === "number" || BigInt(Number(number)) === number;
    return isSame ? bitsOf(Number(number) + 0) : undefined;
  }
  const { floor, isExact } = wholePlace(column, type, value);
  return isExact && BigInt.asIntN(64, floor) === floor ? floor : undefined;
}

/** Where a value stands among words: at `floor`, or between it and the next. */
interface Place {
  readonly floor: bigint;
  readonly isExact: boolean;
}

function imagePlace(column: string, value: TestValue): Place {
  const wanted = numberOf(column, { kind: "double" }, value);
  const number = Number(wanted) + 0;
  const image = imageOf(number);
  if (typeof wanted === "number" || !Number.isFinite(number))
    return { floor: image, isExact: typeof wanted === "number" };
  const near = BigInt(number);
  return { floor: near > wanted ? image - 1n : image, isExact: near === wanted };
}

/** As the kernel's images of doubles: unsigned, in the order of the numbers, NaN behind all. */
function imageOf(number: number): bigint {
  if (Number.isNaN(number)) return 2n ** 64n - 1n;
  const bits = bitsOf(number);
  return bits < 0n ? BigInt.asUintN(64, ~bits) : bits + 2n ** 63n;
}

function bitsOf(number: number): bigint {
  return new BigInt64Array(Float64Array.of(number).buffer)[0] as bigint;
}

function wholePlace(column: string, type: Kind, value: TestValue): Place {
  if (type.kind === "bool") {
    if (typeof value !== "boolean") throw wrongType(column, type, value);
    return { floor: value ? 1n : 0n, isExact: true };
  }
  if (type.kind === "date" || type.kind === "timestamp") {
    const ms = millisecondsOf(column, type, value);
    if (type.kind === "timestamp") return { floor: BigInt(ms) * 1000n, isExact: true };
    const days = Math.floor(ms / DAY);
    return { floor: BigInt(days), isExact: days * DAY === ms };
  }
  const number = numberOf(column, type, value);
  const scale = type.kind === "decimal" ? type.scale : 0;
  if (typeof number === "bigint") return { floor: number * 10n ** BigInt(scale), isExact: true };
  if (!Number.isFinite(number)) return { floor: number === -Infinity ? -(2n ** 64n) : 2n ** 64n, isExact: false };
  return decimalPlace(number, scale);
}

const DAY = 86_400_000;

/** The number as it is written, in units of 10^-scale. */
function decimalPlace(number: number, scale: number): Place {
  const [digits = "", exponent = "0"] = String(number).split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const unscaled = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + scale;
  if (shift >= 0) return { floor: unscaled * 10n ** BigInt(shift), isExact: true };
  const unit = 10n ** BigInt(-shift);
  const rest = unscaled % unit;
  return { floor: unscaled / unit - (rest < 0n ? 1n : 0n), isExact: rest === 0n };
}

function numberOf(column: string, type: Kind, value: TestValue): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw wrongType(column, type, value);
}

/** A text without a zone is UTC. */
function millisecondsOf(column: string, type: Kind, value: TestValue): number {
  const isPlain = typeof value === "string" && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value);
  const ms =
    value instanceof Date || typeof value === "string" ? new Date(isPlain ? `${value}Z` : value).getTime() : NaN;
  if (Number.isNaN(ms)) throw wrongType(column, type, value);
  return ms;
}

function wrongType(column: string, { kind }: Kind, value: TestValue): UsageError {
  return new UsageError("E_WRONG_TYPE", `"${column}" is ${kind} and cannot be compared with ${typeof value} ${value}`, {
    hint: `compare it with a value of its own type, or declare the column's type`,
  });
}
