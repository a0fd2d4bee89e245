import type { Kind } from "../table.ts";
import { quotientNumber } from "./exact.ts";
import { exactSum } from "./group-sums.ts";
import { atLeast, type GroupWords } from "./group-words.ts";
import { bitmapOf, type ResultColumn } from "./value-column.ts";

/** Variances of samples, or their roots; null for fewer than two values, NaN where one is not finite. */
export function deviations(
  fn: "var" | "std",
  groups: GroupWords,
  kind: Kind,
  lane: number,
): Pick<ResultColumn, "values" | "validity"> {
  const counts = kind.kind === "double" ? groups.doubles("moments", lane, 0) : groups.counts(lane);
  const varianceOf = kind.kind === "double" ? byMoments(groups, lane) : bySquares(groups, kind, lane, counts);
  const values = new Float64Array(counts.length);
  for (let i = 0; i < values.length; i++) {
    if ((counts[i] as number) < 2) continue;
    const variance = varianceOf(i);
    values[i] = fn === "var" ? variance : Math.sqrt(variance);
  }
  return { values, validity: bitmapOf(atLeast(counts, 2)) };
}

function byMoments(groups: GroupWords, lane: number): (group: number) => number {
  const counts = groups.doubles("moments", lane, 0);
  const squares = groups.doubles("moments", lane, 2);
  return (group) => {
    const square = squares[group] as number;
    return Number.isFinite(square) ? square / ((counts[group] as number) - 1) : Number.NaN;
  };
}

/** (n * sum of squares - square of the sum) / (n * (n - 1)) over exact integers, rounded once. */
function bySquares(groups: GroupWords, kind: Kind, lane: number, counts: Float64Array): (group: number) => number {
  const scale = kind.kind === "decimal" ? kind.scale : 0;
  const unit = 10n ** BigInt(2 * scale);
  const sumOf = exactSum(groups, lane);
  const [low, middle, high] = groups.words("squares", lane) as [BigInt64Array, BigInt64Array, BigInt64Array];
  return (group) => {
    const count = BigInt(counts[group] as number);
    const upper = ((high[group] as bigint) << 64n) + BigInt.asUintN(64, middle[group] as bigint);
    const squares = (upper << 64n) + BigInt.asUintN(64, low[group] as bigint);
    const sum = sumOf(group);
    return quotientNumber(count * squares - sum * sum, count * (count - 1n) * unit);
  };
}
