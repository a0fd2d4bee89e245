import { arrow, type DataType } from "./arrow.ts";
import type { Column } from "./column.ts";
import { formatTime } from "./format.ts";
import { parseType } from "./types.ts";

const PER_SECOND = { us: 10n ** 6n, ns: 10n ** 9n } as const;

/** Digits of a second by Arrow's unit: seconds, milliseconds, microseconds, nanoseconds. */
const DIGITS = [0, 3, 6, 9] as const;

/**
 * The text of a value that is not null and of which a double loses digits: a decimal, a moment with nanoseconds, or with microseconds in a far year;
 * and of a time of day or a duration, whose unit only its Arrow type knows. Undefined for all others, which the view of their column gives.
 */
export function exactText({ type, storage, arrowType }: Column, row: number): string | undefined {
  const stored = storage.dictionary ? undefined : storage.values[row];
  const digits = arrowType && digitsOf(arrowType);
  if (digits !== undefined && (typeof stored === "bigint" || typeof stored === "number"))
    return clockText(BigInt(stored), digits);
  if (typeof stored !== "bigint") return undefined;
  const info = parseType(type);
  if (info.family === "decimal") return decimalText(stored, info.scale);
  if (info.family !== "timestamp" || (info.unit !== "us" && info.unit !== "ns")) return undefined;
  return momentText(stored, PER_SECOND[info.unit], type);
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const at = digits.length - scale;
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, at)}${scale > 0 ? `.${digits.slice(at)}` : ""}`;
}

/**
 * A span of time as a clock.
 *
 * @param type pandas' name, which has the unit
 * @example
 * spanText(-90_500n, "timedelta64[ms]"); // "-00:01:30.5"
 */
export function spanText(count: bigint, type: string): string {
  return clockText(count, DIGITS[["s", "ms", "us", "ns"].findIndex((unit) => type.endsWith(`[${unit}]`))] ?? 0);
}

function digitsOf(type: DataType): number | undefined {
  const { DataType } = arrow();
  return DataType.isTime(type) || DataType.isDuration(type) ? DIGITS[type.unit] : undefined;
}

/** Hours, of a duration as many as there are, minutes, seconds, and of their fraction what is not zero. */
function clockText(count: bigint, digits: number): string {
  const all = String(count < 0n ? -count : count).padStart(digits + 1, "0");
  const seconds = Number(all.slice(0, all.length - digits));
  const fraction = all.slice(all.length - digits).replace(/0+$/, "");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = [hours, minutes, rest].map((part) => String(part).padStart(2, "0")).join(":");
  return `${count < 0n ? "-" : ""}${clock}${fraction && `.${fraction}`}`;
}

/** Undefined where milliseconds say it all. */
function momentText(count: bigint, perSecond: bigint, type: string): string | undefined {
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const digits = String(rest + perSecond).slice(1);
  const fraction = digits.length > 6 && digits.endsWith("000") ? digits.slice(0, 6) : digits;
  if (fraction.length === 6 && fraction.endsWith("000")) return undefined;
  const second = formatTime(Number((count - rest) / perSecond) * 1000, type);
  return second.replace(/Z?$/, (zone) => `.${fraction}${zone}`);
}
