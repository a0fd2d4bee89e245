import type { GroupRequest } from "./request.ts";
import type { ScanTable } from "./table.ts";
import { runScan, type ScanOptions } from "./threads/run-scan.ts";

/**
 * The table with types that hold all values: a pass over all of them, for who may not have one of another type once the first rows are
 * handed out.
 *
 * @throws {DataError | Interrupted}
 * @throws {ScanRefused} when another engine must read it
 */
export async function settleTable(table: ScanTable, options: ScanOptions = {}): Promise<ScanTable> {
  // Any text is a text.
  const typed = table.columns.filter(({ type }) => type.kind !== "text");
  const aggregates = typed.map(({ name }, i) => ({ fn: "count" as const, column: name, name: `${i}` }));
  const request: GroupRequest = { keys: [], aggregates: [...aggregates, { fn: "count", column: "*", name: "rows" }] };
  return (await runScan(table, { kind: "groups", request }, options)).table;
}
