import { CANCELLED, isInUnits, SURE } from "../../query/unit-sums.ts";
import { ScanRefused } from "../refused.ts";
import type { GroupWords } from "./group-words.ts";

/**
 * Compensated sums of doubles, divided by `counts` where means are wanted. Of decimals in doubles, with so many `places`, a sum that is a whole number of
 * units but for rounding is that number, in one division.
 *
 * @throws {ScanRefused} where large decimals of both signs may have cancelled out
 */
export function doubleSums(
  groups: GroupWords,
  places: number | undefined,
  lane: number,
  counts?: Float64Array,
): Float64Array {
  const state = groups.words("sized", lane).length > 0 ? "sized" : "double";
  const sums = groups.doubles(state, lane, 0).slice();
  const rests = groups.doubles(state, lane, 1);
  const sizes = state === "sized" ? groups.doubles(state, lane, 2) : undefined;
  const unit = 10 ** (places ?? 0);
  for (let i = 0; i < sums.length; i++) {
    const plain = sums[i] as number;
    // Infinities and NaN are in the sum itself, and have no rest.
    const sum = Number.isFinite(plain) ? plain + (rests[i] as number) : plain;
    const divisor = counts ? Math.max(counts[i] as number, 1) : 1;
    const units = sum * unit;
    const size = sizes ? (sizes[i] as number) * unit : Math.abs(units);
    if (sizes && size >= SURE && Number.isFinite(size)) throw new ScanRefused("type", CANCELLED);
    const isWhole = places !== undefined && isInUnits(units, size);
    // With zero added, what is rounded from below to zero is no negative one.
    sums[i] = isWhole ? (Math.round(units) + 0) / (unit * divisor) : sum / divisor;
  }
  return sums;
}
