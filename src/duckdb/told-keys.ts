import type { QueryPlan } from "../query/plan.ts";
import type { FileStatistics, Range } from "./file-statistics.ts";
import { isInteger } from "./types.ts";

/** A key of whole numbers, and what footers tell of it. */
export interface ToldKey extends Range {
  readonly name: string;
}

/** One for each key; undefined where it is computed or no whole number, and where footers tell no bounds that doubles hold. */
export function toldKeys(
  { keys, columns }: Pick<QueryPlan, "keys" | "columns">,
  statistics: FileStatistics | undefined,
): readonly (ToldKey | undefined)[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return keys.map(({ name, expression }) => {
    const range = statistics?.ranges.get(name);
    if (range === undefined || expression !== undefined || !isInteger(types.get(name) ?? "")) return undefined;
    return Number.isSafeInteger(range.low) && Number.isSafeInteger(range.high) ? { name, ...range } : undefined;
  });
}
