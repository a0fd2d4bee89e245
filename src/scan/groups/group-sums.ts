import type { Kind } from "../table.ts";
import { doubleSums } from "./double-sums.ts";
import { decimalNumber } from "./exact.ts";
import type { GroupWords } from "./group-words.ts";
import { bitmapOf, decimalNumbers, type ResultColumn } from "./value-column.ts";

/**
 * Sums of a column: integers as integers of 64 bits, or of as many as they need; decimals and doubles as the doubles
 * nearest to them; decimals of a declared type as such. The sum of nothing is null.
 */
export function sumColumn(name: string, kind: Kind, groups: GroupWords, lane: number): ResultColumn {
  const valid = groups.valid(lane);
  const validity = bitmapOf(valid);
  if (kind.kind === "decimal" && kind.precision !== undefined)
    return { name, type: `decimal(38, ${kind.scale})`, ...integers(groups, lane, valid) };
  if (kind.kind === "decimal" || kind.kind === "double")
    return { name, type: "float64", values: sums(groups, kind, lane), validity };
  const { values } = integers(groups, lane, valid);
  if (values instanceof BigInt64Array) return { name, type: "int64", values, validity };
  if (values.every((value) => value === null || BigInt.asUintN(64, value) === value))
    return { name, type: "uint64", values: BigUint64Array.from(values, (value) => value ?? 0n), validity };
  // No type of 64 bits holds them.
  return { name, type: "object", values };
}

/** Sums as numbers, divided by how many they are of; decimals by their scale as well, in one division, so that the mean of 0.1, 0.2 and 0.3 is 0.2. */
export function means(groups: GroupWords, kind: Kind, lane: number): Pick<ResultColumn, "values" | "validity"> {
  const counts = groups.counts(lane);
  const validity = bitmapOf(groups.valid(lane));
  if (kind.kind === "double") return { values: doubleSums(groups, kind.places, lane, counts), validity };
  const [unit, whole]: [number, Kind] = kind.kind === "decimal" ? [10 ** kind.scale, { ...kind, scale: 0 }] : [1, kind];
  const values = sums(groups, whole, lane);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / (unit * Math.max(counts[i] as number, 1));
  return { values, validity };
}

/** Exact sums of whole numbers, at the column's scale. */
export function exactSum(groups: GroupWords, lane: number): (group: number) => bigint {
  const [narrow] = groups.words("sum", lane);
  if (narrow) return (group) => narrow[group] as bigint;
  const [low, high] = groups.words("wide", lane) as readonly [BigInt64Array, BigInt64Array];
  return (group) => ((high[group] as bigint) << 64n) + BigInt.asUintN(64, low[group] as bigint);
}

function sums(groups: GroupWords, kind: Kind, lane: number): Float64Array {
  if (kind.kind === "double") return doubleSums(groups, kind.places, lane);
  const scale = kind.kind === "decimal" ? kind.scale : 0;
  const [narrow] = groups.words("sum", lane);
  if (narrow) return decimalNumbers(narrow, scale);
  const sumOf = exactSum(groups, lane);
  return Float64Array.from({ length: groups.part.groups }, (_, group) => decimalNumber(sumOf(group), scale));
}

function integers(
  groups: GroupWords,
  lane: number,
  valid: Uint8Array | undefined,
): { values: BigInt64Array; validity: Uint8Array | undefined } | { values: (bigint | null)[] } {
  const validity = bitmapOf(valid);
  if (groups.words("sum", lane).length > 0) return { values: groups.copy("sum", lane), validity };
  const sumOf = exactSum(groups, lane);
  const values = Array.from({ length: groups.part.groups }, (_, group) => (valid?.[group] === 0 ? null : sumOf(group)));
  if (values.some((value) => value !== null && BigInt.asIntN(64, value) !== value)) return { values };
  return { values: BigInt64Array.from(values, (value) => value ?? 0n), validity };
}
