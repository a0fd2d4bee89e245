import type { Column } from "./column.ts";
import { formatTime } from "./format.ts";
import { parseType } from "./types.ts";

const PER_SECOND = { us: 10n ** 6n, ns: 10n ** 9n } as const;

/**
 * The text of a value that is not null and of which a double loses digits: a decimal, a moment with nanoseconds, or with microseconds in a far year.
 * Undefined for all others, which the view of their column gives.
 */
export function exactText({ type, storage }: Column, row: number): string | undefined {
  const stored = storage.dictionary ? undefined : storage.values[row];
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

/** Undefined where milliseconds say it all. */
function momentText(count: bigint, perSecond: bigint, type: string): string | undefined {
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const digits = String(rest + perSecond).slice(1);
  const fraction = digits.length > 6 && digits.endsWith("000") ? digits.slice(0, 6) : digits;
  if (fraction.length === 6 && fraction.endsWith("000")) return undefined;
  const second = formatTime(Number((count - rest) / perSecond) * 1000, type);
  return second.replace(/Z?$/, (zone) => `.${fraction}${zone}`);
}
