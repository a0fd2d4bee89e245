import { totalBytes } from "../source/source.ts";
import type { ColumnsRequest } from "./request.ts";
import type { Kind, ScanTable } from "./table.ts";
import { type ScanOptions, threadsFor } from "./threads/run-scan.ts";
import { chosenColumns } from "./values/chosen-columns.ts";

/** Nanoseconds that a value takes, as measured: about how the kinds compare. */
const COSTS: Readonly<Record<Kind["kind"], number>> = {
  int: 5,
  decimal: 9,
  double: 20,
  bool: 4,
  date: 9,
  timestamp: 9,
  text: 10,
};
/** The same of finding a row and its fields, which each lane does for itself. */
const ROW_COST = 20;
/** Costs of the columns above which two lanes are sooner through. */
const LEAST_COST = 1.5 * ROW_COST;

/**
 * The columns of a request, shared by threads that each read the whole text: rows and their order are then the same in all of
 * them, whatever the text has within its quotes. Positions in the request's columns, ascending in each lane; one lane where
 * more would not pay.
 */
export function columnLanes(table: ScanTable, request: ColumnsRequest, options: ScanOptions): readonly number[][] {
  const costs = chosenColumns(table.columns, request.columns).map(
    (index) => COSTS[(table.columns[index] as ScanTable["columns"][number]).type.kind],
  );
  const all = costs.map((_, position) => position);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  // JSON, unpacking, other encodings and tests of rows are too much to do twice.
  const isPlain =
    table.format === "csv" &&
    table.compression === undefined &&
    table.dialect.encoding === "utf-8" &&
    !request.where?.length;
  const wanted =
    options.tuning?.lanes ?? (total >= LEAST_COST && threadsFor(totalBytes(table.files), options) > 1 ? 2 : 1);
  if (!isPlain || wanted < 2 || costs.length < 2) return [all];
  const lanes: { readonly positions: number[]; cost: number }[] = [
    { positions: [], cost: 0 },
    { positions: [], cost: 0 },
  ];
  for (const position of all.toSorted((a, b) => (costs[b] as number) - (costs[a] as number))) {
    const lane = lanes.reduce((least, one) => (one.cost < least.cost ? one : least));
    lane.positions.push(position);
    lane.cost += costs[position] as number;
  }
  return lanes.map(({ positions }) => positions.toSorted((a, b) => a - b));
}
