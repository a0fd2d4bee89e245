import type { Kernel } from "../kernel.ts";
import type { GroupRequest } from "../request.ts";
import type { ScanColumn } from "../table.ts";
import { groupColumns } from "./group-columns.ts";
import { type KeyColumn, sortedGroups } from "./group-order.ts";
import { planGroups } from "./group-plan.ts";
import type { GroupedValues } from "./grouping.ts";
import type { ResultColumn } from "./value-column.ts";

/** Groups with their columns, as plain data; the texts become strings where they are wanted. */
export interface GroupingResult {
  readonly columns: readonly ResultColumn[];
  readonly groups: number;
  /** Rows that passed the tests. */
  readonly matched: number;
}

/** What groups come to, in the order of their keys if the request asks for it. */
export function resultOf(
  kernel: Kernel,
  columns: readonly ScanColumn[],
  request: GroupRequest,
  values: GroupedValues,
  keys: readonly KeyColumn[],
): GroupingResult {
  return resultOfSorted(
    columns,
    request,
    request.sorted ? { ...values, ...sortedGroups(kernel, values, keys) } : values,
  );
}

/** The same of groups as they stand. */
export function resultOfSorted(
  columns: readonly ScanColumn[],
  request: GroupRequest,
  values: GroupedValues,
): GroupingResult {
  const { groups, matched, room } = values;
  return { columns: groupColumns(columns, request, planGroups(columns, request, room), values), groups, matched };
}
