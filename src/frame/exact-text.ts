import type { Column } from "./column.ts";
import { formatTime } from "./format.ts";
import { parseType } from "./types.ts";

const SECOND = 10n ** 9n;

/**
 * The text of a value that is not null and of which a double loses digits: a decimal, a moment with nanoseconds. Undefined for all others, which
 * the view of their column gives.
 */
export function exactText({ type, storage }: Column, row: number): string | undefined {
  const stored = storage.dictionary ? undefined : storage.values[row];
  if (typeof stored !== "bigint") return undefined;
  const info = parseType(type);
  if (info.family === "decimal") return decimalText(stored, info.scale);
  return info.family === "timestamp" && info.unit === "ns" ? nanosecondsText(stored, type) : undefined;
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const at = digits.length - scale;
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, at)}${scale > 0 ? `.${digits.slice(at)}` : ""}`;
}

/** Undefined where microseconds say it all. */
function nanosecondsText(count: bigint, type: string): string | undefined {
  if (count % 1000n === 0n) return undefined;
  const rest = ((count % SECOND) + SECOND) % SECOND;
  const second = formatTime(Number((count - rest) / 1_000_000n), type);
  return second.replace(/Z?$/, (zone) => `.${String(rest).padStart(9, "0")}${zone}`);
}
