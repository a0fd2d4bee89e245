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
  const { groups, matched, room } = values;
  const sorted = request.sorted ? sortedGroups(kernel, values, keys) : values;
  return { columns: groupColumns(columns, request, planGroups(columns, request, room), sorted), groups, matched };
}
