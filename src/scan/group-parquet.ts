import { Interrupted, KernelBug } from "../errors.ts";
import { memoryLimitOf } from "../limits.ts";
import { decimalPlaces } from "../query/unit-sums.ts";
import { formatBytes } from "../units.ts";
import { planGroups } from "./groups/group-plan.ts";
import type { GroupingResult } from "./groups/group-result.ts";
import { compileKernel, processSeed } from "./kernel.ts";
import { bytesOfGroup, type ParquetTable } from "./parquet/parquet-table.ts";
import { sampleColumn } from "./parquet/sample-columns.ts";
import type { GroupRequest, GroupResult } from "./request.ts";
import { groupResult } from "./scan-groups.ts";
import { ScanControl } from "./threads/control.ts";
import { unpackFailure } from "./threads/failures.ts";
import { threadsFor } from "./threads/how-many.ts";
import type { Outcome } from "./threads/outcome.ts";
import type { ScanOptions } from "./threads/run-scan.ts";
import { ScanAhead } from "./threads/scan-ahead.ts";
import type { RowGroupsPlan } from "./threads/scan-thread.ts";
import { runThreads, type ThreadsOptions } from "./threads/threads.ts";

export type ParquetOptions = Pick<ScanOptions, "signal" | "onProgress" | "threads" | "memoryLimit" | "tuning">;

/** What is less is read in the calling thread: a thread takes as long to start. */
const SMALL_BYTES = 4 * 2 ** 20;
const FEW_VALUES = 100_000;

/**
 * The same as `scanGroups` of Parquet files: threads take row groups, of which the columns that are asked for are unpacked and laid into the kernel's
 * memory. What footers tell of values is not believed.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_BAD_AGGREGATE
 * @throws {DataError} E_FILE_CHANGED @throws {Interrupted}
 * @throws {ScanRefused} when another engine must do it, as where a page is damaged
 */
export async function groupParquet(
  given: ParquetTable,
  request: GroupRequest,
  options: ParquetOptions = {},
): Promise<GroupResult> {
  const { signal, onProgress, tuning } = options;
  if (signal?.aborted) throw new Interrupted();
  planGroups(given.columns, request);
  const { files, groups } = given;
  const bytes = groups.reduce((sum, group) => sum + bytesOfGroup(group), 0);
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const isFew = bytes < (tuning?.smallBytes ?? SMALL_BYTES) && rows * given.columns.length < FEW_VALUES;
  const threads = isFew ? 1 : Math.max(1, Math.min(threadsFor(bytes, options), groups.length));
  // They load their code meanwhile.
  using ahead = isFew ? undefined : new ScanAhead({ files, bytes, format: "parquet", text: {} }, { signal, threads });
  const module = await compileKernel(tuning?.build);
  const parquet = withPlaces(module, given, request);
  const pieces = groups.map(({ file }, i) => ({ file, start: i, stop: i + 1 }));
  const memoryLimit = (options.memoryLimit ?? memoryLimitOf(undefined)) / threads;
  const plan = { module, seed: processSeed(), parquet, groups: request, pieces, memoryLimit };
  const progress: ThreadsOptions["onProgress"] =
    onProgress &&
    (({ bytes: read, rows, memory }) =>
      onProgress({
        operation: "scan",
        fraction: Math.min(1, read / Math.max(1, bytes)),
        note: `${formatBytes(Math.min(read, bytes))} of ${formatBytes(bytes)}`,
        rows,
        engineBytes: memory,
      }));
  const outcome = isFew
    ? await scanHere(plan)
    : await runThreads(plan, { threads, signal, onProgress: progress, ahead });
  if (outcome?.kind === "done") return groupResult(outcome.value as GroupingResult, { rows, bytes, notes: [] });
  if (outcome?.kind === "fault" && outcome.fault.kind === "failure") throw unpackFailure(outcome.fault.failure);
  throw new KernelBug(`a scan of row groups ended as ${outcome?.kind}`);
}

/** So little that the calling thread is not held up. */
async function scanHere(plan: RowGroupsPlan): Promise<Outcome | undefined> {
  const { runFirst } = await import("./threads/scan-thread.ts");
  const control = ScanControl.create(1, plan.pieces.length);
  return runFirst(plan, { control, thread: 0, emit: () => undefined }, [])?.outcome;
}

/** Columns of doubles that are added up with the places that their decimals have, if that is what they are. */
function withPlaces(module: WebAssembly.Module, given: ParquetTable, { aggregates }: GroupRequest): ParquetTable {
  const summed = new Set(aggregates.flatMap(({ fn, column }) => (fn === "sum" || fn === "mean" ? [column] : [])));
  const columns = given.columns.map((column, index) => {
    const { name, type } = column;
    if (type.kind !== "double" || type.isNarrow || !summed.has(name)) return column;
    return { ...column, type: { ...type, places: decimalPlaces(sampleColumn(module, given, index).doubles) } };
  });
  return { ...given, columns };
}
