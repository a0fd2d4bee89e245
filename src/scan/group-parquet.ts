import { Interrupted, KernelBug } from "../errors.ts";
import { memoryLimitOf } from "../limits.ts";
import { planGroups } from "./groups/group-plan.ts";
import type { GroupingResult } from "./groups/group-result.ts";
import { compileKernel, processSeed } from "./kernel.ts";
import { bytesOfGroup, type ParquetTable } from "./parquet/parquet-table.ts";
import { sampleColumn } from "./parquet/sample-columns.ts";
import type { GroupRequest, GroupResult } from "./request.ts";
import { groupResult } from "./scan-groups.ts";
import { withSumPlaces } from "./sum-places.ts";
import { bytesProgress } from "./threads/bytes-progress.ts";
import { unpackFailure } from "./threads/failures.ts";
import { isFewBytes, threadsFor } from "./threads/how-many.ts";
import type { ScanOptions } from "./threads/run-scan.ts";
import { ScanAhead } from "./threads/scan-ahead.ts";
import { scanHere } from "./threads/scan-here.ts";
import { runThreads } from "./threads/threads.ts";

export type ParquetOptions = Pick<ScanOptions, "signal" | "onProgress" | "threads" | "memoryLimit" | "tuning">;

/** Fewer are read in the calling thread: a thread takes as long to start. */
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
  const isFew = isFewBytes(bytes, options) && rows * given.columns.length < FEW_VALUES;
  const threads = isFew ? 1 : Math.max(1, Math.min(threadsFor(bytes, options), groups.length));
  // They load their code meanwhile.
  using ahead = isFew ? undefined : new ScanAhead({ files, bytes, format: "parquet", text: {} }, { signal, threads });
  const module = await compileKernel(tuning?.build);
  const firstValues = (_: string, index: number) => sampleColumn(module, given, index).doubles;
  const parquet = { ...given, columns: withSumPlaces(given.columns, request, firstValues) };
  const pieces = groups.map(({ file }, i) => ({ file, start: i, stop: i + 1 }));
  const memoryLimit = (options.memoryLimit ?? memoryLimitOf(undefined, threads)) / threads;
  const plan = { module, seed: processSeed(), parquet, groups: request, pieces, memoryLimit };
  const outcome = isFew
    ? await scanHere(plan, { emit: () => undefined })
    : await runThreads(plan, {
        threads,
        signal,
        onProgress: bytesProgress(onProgress, bytes, (read) => read.bytes),
        ahead,
      });
  if (outcome?.kind === "done") return groupResult(outcome.value as GroupingResult, { rows, bytes, notes: [] });
  if (outcome?.kind === "fault" && outcome.fault.kind === "failure") throw unpackFailure(outcome.fault.failure);
  throw new KernelBug(`a scan of row groups ended as ${outcome?.kind}`);
}
