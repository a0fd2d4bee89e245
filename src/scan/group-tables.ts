import { setImmediate as nextTurn } from "node:timers/promises";
import { Interrupted } from "../errors.ts";
import type { Data } from "../frame/arrow.ts";
import { isSet } from "../frame/bits.ts";
import { memoryLimitOf } from "../limits.ts";
import { pauses } from "../pauses.ts";
import type { RunOptions } from "../progress.ts";
import { stepping } from "../stepwise.ts";
import { planGroups } from "./groups/group-plan.ts";
import type { GroupingResult } from "./groups/group-result.ts";
import type { OpenColumn } from "./groups/grouping.ts";
import { compileKernel, Kernel, type KernelBuild, processSeed } from "./kernel.ts";
import type { GroupRequest, GroupResult } from "./request.ts";
import { groupResult } from "./scan-groups.ts";
import { withSumPlaces } from "./sum-places.ts";
import type { ScanColumn } from "./table.ts";
import { dataOf, type TableBlock, type TableRows } from "./tables/table-block.ts";
import { TableColumn } from "./tables/table-column.ts";
import type { FinishTask } from "./threads/finish-groups.ts";
import { GroupsWork } from "./threads/groups-work.ts";
import { ScanThread } from "./threads/thread.ts";

export interface TablesOptions extends RunOptions {
  /** Bytes that the groups may take. Default a quarter of what is free, 512 MiB to 1 GiB. */
  readonly memoryLimit?: number | undefined;
  /** For tests. */
  readonly build?: KernelBuild | undefined;
}

/** Rows that are laid down together: few columns of them stay in the processor's cache. */
const BLOCK_ROWS = 8192;
/** First rows that say how many places the decimals of a column of doubles have. */
const SAMPLED_ROWS = 2000;
/** Groups of so many bytes are put in order and given out in some milliseconds. */
const QUICK_BYTES = 2_000_000;

/**
 * The same as `scanGroups` of rows that come as tables in Arrow's layout, one at a time and in this thread: they are laid into the kernel's memory as they
 * are, and become groups by the same code. `columns` are what the rows of all tables have.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_BAD_AGGREGATE
 * @throws {DataError | Interrupted} and what the tables throw
 * @throws {ScanRefused} when another engine must do it
 */
export async function groupTables(
  tables: AsyncIterable<TableRows>,
  columns: readonly ScanColumn[],
  request: GroupRequest,
  options: TablesOptions = {},
): Promise<GroupResult> {
  planGroups(columns, request);
  const { signal, onProgress } = options;
  const module = await compileKernel(options.build);
  const kernel = new Kernel(module);
  const budget = { bytes: options.memoryLimit ?? memoryLimitOf(undefined, 1) };
  kernel.calls.setLimit(budget.bytes);
  const left = tables[Symbol.asyncIterator]();
  let finisher: ScanThread<FinishTask, GroupingResult> | undefined;
  const end = () => void finisher?.end();
  // Code that was terminated while it waited here never comes to what stands behind.
  signal?.addEventListener("abort", end, { once: true });
  try {
    const head = await headOf(left);
    const typed = withSumPlaces(columns, request, (name) => firstValues(name, head));
    const open: OpenColumn<TableBlock> = (arena, index) =>
      new TableColumn(kernel, arena, typed[index] as ScanColumn, BLOCK_ROWS);
    const work = new GroupsWork({ kernel, columns: typed, maxRows: BLOCK_ROWS, budget, open }, request);
    const turn = turnsOf(signal);
    let rows = 0;
    for await (const table of joined(head, left)) {
      for (const block of blocksOf(table, rows)) {
        await stepping(work.steps(block), turn);
        if (work.partBytes > QUICK_BYTES) finisher ??= new ScanThread("finish-worker");
        await turn();
      }
      rows += table.rows;
      onProgress?.({ operation: "scan", fraction: table.fraction, rows, engineBytes: kernel.calls.takenBytes() });
    }
    const task = { module, seed: processSeed(), columns: typed, request, memoryLimit: work.roomLeft };
    const result = finisher ? await finish(finisher, work, task, signal) : work.result().value;
    return groupResult(result, { rows, bytes: 0, notes: [] });
  } finally {
    signal?.removeEventListener("abort", end);
    // Nobody waits for its end: what it had to give is here.
    end();
    await left.return?.();
  }
}

/** Many groups are brought to their result by a thread, meanwhile the event loop turns. */
async function finish(
  thread: ScanThread<FinishTask, GroupingResult>,
  work: GroupsWork<TableBlock>,
  task: Omit<FinishTask, "groups">,
  signal: AbortSignal | undefined,
): Promise<GroupingResult> {
  const { value: groups, buffers } = await stepping(work.values(), turnsOf(signal));
  return thread.run({ ...task, groups }, { moved: buffers, signal });
}

function turnsOf(signal: AbortSignal | undefined): () => Promise<void> {
  return pauses(async () => {
    await nextTurn();
    if (signal?.aborted) throw new Interrupted();
  });
}

/** Tables with enough rows to look at. */
async function headOf(tables: AsyncIterator<TableRows>): Promise<TableRows[]> {
  const head: TableRows[] = [];
  for (let rows = 0; rows < SAMPLED_ROWS; ) {
    const step = await tables.next();
    if (step.done) break;
    head.push(step.value);
    rows += step.value.rows;
  }
  return head;
}

async function* joined(head: TableRows[], left: AsyncIterator<TableRows>): AsyncGenerator<TableRows, void, undefined> {
  // Nobody needs them any more when they were taken.
  for (let table = head.shift(); table; table = head.shift()) yield table;
  for (let step = await left.next(); !step.done; step = await left.next()) yield step.value;
}

function* blocksOf(table: TableRows, before: number): Generator<TableBlock, void, undefined> {
  for (let from = 0; from < table.rows; from += BLOCK_ROWS)
    yield { table, from, rows: Math.min(BLOCK_ROWS, table.rows - from), firstRow: before + from };
}

/** 0 in place of what is missing. */
function firstValues(name: string, head: readonly TableRows[]): Float64Array {
  const sample = new Float64Array(SAMPLED_ROWS);
  let at = 0;
  for (const table of head) {
    const count = Math.min(table.rows, SAMPLED_ROWS - at);
    const data = dataOf(table, name);
    if (data) takeValues(data, count, sample.subarray(at));
    at += count;
  }
  return sample.subarray(0, at);
}

function takeValues({ values, nullBitmap, nullCount, offset }: Data, count: number, into: Float64Array): void {
  for (let i = 0; i < count; i++) if (nullCount === 0 || isSet(nullBitmap, offset + i)) into[i] = Number(values[i]);
}
