import { Interrupted } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { groupParquet } from "../../scan/group-parquet.ts";
import { groupTables } from "../../scan/group-tables.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { GroupResult } from "../../scan/request.ts";
import { scanGroups } from "../../scan/scan-groups.ts";
import type { ScanTable } from "../../scan/table.ts";
import type { ScanAhead } from "../../scan/threads/scan-ahead.ts";
import type { TableSource } from "../../tables/table-source.ts";
import { untilStopped } from "../../tables/until-stopped.ts";
import type { Found, Refusal } from "../answer.ts";
import { doubtNotes } from "../notes.ts";
import { bytesOf, type ChunkedOptions } from "../options.ts";
import { orderColumns } from "./order-columns.ts";
import type { ParquetPlan } from "./parquet-plan.ts";
import { groupsOf, type ScanPlan, usedIn } from "./scan-plan.ts";
import { refuseDigits } from "./scannable.ts";
import type { TablesPlan } from "./tables-plan.ts";

/** The query by the scanner, which reads text faster than anything else; or what in later lines another engine must do. */
export async function aggregateByScanner(
  scan: ScanPlan,
  options: ChunkedOptions,
  onProgress: ProgressListener,
  ahead?: ScanAhead,
): Promise<Found | Refusal> {
  const { signal, threads, memoryLimit } = options;
  if (signal?.aborted) throw new Interrupted();
  const { table, plan } = scan;
  const used = usedIn(scan);
  const check = (asked: ScanTable) => refuseDigits(asked, used);
  const limits = { signal, threads, memoryLimit: bytesOf(memoryLimit) };
  const doubts = doubtNotes(table.columns, options);
  return found(plan, doubts, () => scanGroups(table, groupsOf(scan), { ...limits, onProgress, check, ahead }));
}

/** The same over tables, which are laid into the scanner's memory one after the other. */
export async function aggregateTables(
  source: TableSource,
  scan: TablesPlan,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Found | Refusal> {
  const { signal, memoryLimit } = options;
  const names = new Set(scan.columns.map(({ name }) => name));
  const limits = { signal, memoryLimit: bytesOf(memoryLimit) };
  const tables = untilStopped(
    source.batches((name) => names.has(name)),
    signal,
  );
  return found(scan.plan, [], () => groupTables(tables, scan.columns, groupsOf(scan), { ...limits, onProgress }));
}

/** The same over Parquet files, whose row groups threads take. */
export function aggregateParquet(
  scan: ParquetPlan,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Found | Refusal> {
  const { signal, threads, memoryLimit } = options;
  const limits = { signal, threads, memoryLimit: bytesOf(memoryLimit), onProgress };
  return found(scan.plan, [], () => groupParquet(scan.parquet, groupsOf(scan), limits));
}

async function found(
  plan: QueryPlan,
  notes: readonly string[],
  work: () => Promise<GroupResult>,
): Promise<Found | Refusal> {
  try {
    const result = await work();
    await result.makeStrings();
    return {
      engine: "scanner",
      columns: await orderColumns(
        result.columns.map((column) => named(column, plan)),
        plan,
      ),
      rows: result.matched,
      notes: [...notes, ...result.notes.map(({ message }) => message)],
      widened: new Map(result.notes.flatMap(({ widened }) => (widened ? [[widened.column, widened.type]] : []))),
    };
  } catch (failure) {
    if (failure instanceof ScanRefused) return { refused: failure.message };
    throw failure;
  }
}

/** Keys of a declared category are categories in the result. */
function named(column: EngineColumn, { keys, columns }: QueryPlan): EngineColumn {
  const isCategory =
    keys.some(({ name }) => name === column.name) &&
    columns.some(({ name, type }) => name === column.name && type === "category");
  return isCategory ? { ...column, type: "category" } : column;
}
