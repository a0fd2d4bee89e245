/**
 * What `outgrow/scan` gives: the scanner for programs that use nothing else of Outgrow, loaded in a fraction of the time and memory of all. What
 * is here is in `outgrow`, too, and the same.
 *
 * @example
 * import { resolveSource, scanGroups, sniffTable } from "outgrow/scan";
 *
 * const table = await sniffTable(await resolveSource("data/sales.csv"));
 * const aggregates = [{ fn: "sum", column: "amount", name: "total" }] as const;
 * const { columns, groups } = await scanGroups(table, { keys: ["user_id"], aggregates });
 */
export { resolveSource } from "../source/resolve.ts";
export type { FileSource } from "../source/source.ts";
export { ScanRefused } from "./refused.ts";
export type { ColumnsRequest, ColumnTest, GroupRequest, GroupResult, ScanNote } from "./request.ts";
export { type ColumnChunk, type ColumnsResult, scanColumns } from "./scan-columns.ts";
export { scanGroups } from "./scan-groups.ts";
export { type StatisticsResult, scanStatistics } from "./scan-statistics.ts";
export { sniffTable } from "./sniff.ts";
export type { ColumnFigures } from "./statistics/column-figures.ts";
export type { ScanTable } from "./table.ts";
export type { ScanOptions } from "./threads/run-scan.ts";
export { ScanAhead } from "./threads/scan-ahead.ts";
