import { decimalPlaces } from "../query/unit-sums.ts";
import type { GroupRequest } from "./request.ts";
import type { ScanColumn } from "./table.ts";

/** Columns of doubles that are added up with the places that their decimals have, if that is what they are, as their first values say. */
export function withSumPlaces(
  columns: readonly ScanColumn[],
  { aggregates }: GroupRequest,
  firstValues: (name: string, index: number) => Float64Array,
): readonly ScanColumn[] {
  const summed = new Set(aggregates.flatMap(({ fn, column }) => (fn === "sum" || fn === "mean" ? [column] : [])));
  return columns.map((column, index) => {
    const { name, type } = column;
    if (type.kind !== "double" || type.isNarrow || !summed.has(name)) return column;
    return { ...column, type: { ...type, places: decimalPlaces(firstValues(name, index)) } };
  });
}
