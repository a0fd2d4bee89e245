import type { EngineColumn } from "../query/engine-table.ts";
import { planGroups } from "./groups/group-plan.ts";
import type { GroupingResult } from "./groups/group-result.ts";
import type { ResultColumn } from "./groups/value-column.ts";
import { LateStrings } from "./late-strings.ts";
import { partOf } from "./part-of.ts";
import type { GroupRequest, GroupResult } from "./request.ts";
import type { ScanTable } from "./table.ts";
import { runScan, type ScanOptions } from "./threads/run-scan.ts";

/**
 * Groups a table's rows by the values of its keys and computes aggregates of each group, in threads. Sums of integers and
 * decimals are exact.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_BAD_AGGREGATE
 * @throws {DataError} for what the content does not allow
 * @throws {Interrupted}
 * @throws {ScanRefused} when another engine must do it
 * @example
 * await scanGroups(table, { keys: ["user_id"], aggregates: [{ fn: "sum", column: "amount", name: "amount_sum" }] });
 */
export async function scanGroups(
  table: ScanTable,
  request: GroupRequest,
  options: ScanOptions = {},
): Promise<GroupResult> {
  const check = (asked: ScanTable) => {
    options.check?.(asked);
    planGroups(asked.columns, request);
  };
  const { keys, aggregates, where = [] } = request;
  const part = partOf(table, [...keys, ...[...aggregates, ...where].map(({ column }) => column)]);
  const { value, rows, bytes, notes } = await runScan(part, { kind: "groups", request }, { ...options, check });
  return groupResult(value as GroupingResult, { rows, bytes, notes });
}

/** Groups as they are given out. */
export function groupResult(
  { columns, groups, matched }: GroupingResult,
  { rows, bytes, notes }: Pick<GroupResult, "rows" | "bytes" | "notes">,
): GroupResult {
  const late: LateStrings[] = [];
  return {
    columns: columns.map((column) => withStrings(column, late)),
    groups,
    rows,
    matched,
    bytes,
    notes,
    makeStrings: async () => {
      for (const strings of late) await strings.make();
    },
  };
}

/** Those of a column that no one asks for are never made. */
function withStrings({ texts, ...column }: ResultColumn, late: LateStrings[]): EngineColumn {
  if (!texts) return column;
  const strings = new LateStrings(texts);
  late.push(strings);
  return {
    ...column,
    get dictionary() {
      return strings.all;
    },
  };
}
