import type { MessagePort } from "node:worker_threads";
import { KernelBug } from "../../errors.ts";
import type { SourceFile } from "../../source/source.ts";
import type { Moved } from "../../threads/serve.ts";
import { chunkAt } from "../chunk-rows.ts";
import { Kernel, type Seed } from "../kernel.ts";
import { columnsOfParquet } from "../parquet/parquet-column.ts";
import type { ParquetTable } from "../parquet/parquet-table.ts";
import { BLOCK_ROWS, scanRowGroups } from "../parquet/scan-row-groups.ts";
import type { GroupRequest } from "../request.ts";
import { BlockReader } from "../rows/blocks.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import type { ScanTable } from "../table.ts";
import { jsonKeyOf } from "../types/json-kinds.ts";
import type { ChunkStart } from "../values/chunks.ts";
import type { WasmModule } from "../webassembly.ts";
import type { ScanControl } from "./control.ts";
import { Gathered } from "./gathered.ts";
import { GroupsWork } from "./groups-work.ts";
import { gatheredIn } from "./hand-on.ts";
import type { Piece } from "./morsels.ts";
import { hearOthers, type ThreadWords } from "./other-threads.ts";
import { judge, type Outcome } from "./outcome.ts";
import { type PieceFault, scanPieces } from "./scan-pieces.ts";
import { scanTurns } from "./scan-turns.ts";
import { Turns } from "./turns.ts";
import type { Work } from "./work.ts";
import { type Budget, createWork, type WorkRequest } from "./works.ts";

/** One scan of all pieces, as every thread of it is told. Plain data but for the module and the shared memory. */
export type ScanPlan = TextPlan | RowGroupsPlan;

interface PiecesPlan {
  readonly module: WasmModule;
  readonly seed: Seed;
  readonly pieces: readonly Piece[];
  /** Bytes that each thread's kernel may take. */
  readonly memoryLimit: number;
}

export interface TextPlan extends PiecesPlan {
  readonly table: ScanTable;
  /** As they are when the scan begins. */
  readonly files: readonly SourceFile[];
  readonly names: readonly string[] | undefined;
  readonly request: WorkRequest;
  /** The memory through which threads take turns at the chunks; undefined where each takes pieces. */
  readonly turns: SharedArrayBuffer | undefined;
  readonly blockBytes: number | undefined;
}

/** Groups of Parquet files, whose row groups are the pieces. */
export interface RowGroupsPlan extends PiecesPlan {
  readonly parquet: ParquetTable;
  readonly groups: GroupRequest;
}

export interface ThreadContext {
  readonly control: ScanControl;
  readonly thread: number;
  readonly nextFile?: (() => ByteSource) | undefined;
  /** Sends a part of the result before the end, with its number among all parts. */
  readonly emit: (part: Moved, number: number) => void;
}

/** The work of a thread that is not the first, which hands on what it has found and was given. */
export function runHelper(
  plan: ScanPlan,
  context: ThreadContext,
  givers: readonly MessagePort[],
  say: (words: Moved<ThreadWords>) => void,
): void {
  const { gathered } = gather(plan, context, givers) ?? {};
  if (!gathered) return;
  const isWanted = () => !context.control.isNeedless(plan.pieces.length - 1);
  const last = gathered.handOn(({ value, buffers }) => say({ value: { part: value }, buffers }), isWanted);
  say({ value: last, buffers: [] });
}

/** The work of the first thread, to which all comes in the end, and which judges all; undefined when the scan was cancelled. */
export function runFirst(
  plan: ScanPlan,
  context: ThreadContext,
  givers: readonly MessagePort[],
): { outcome: Outcome; buffers: readonly ArrayBuffer[] } | undefined {
  const { gathered, kernel } = gather(plan, context, givers) ?? {};
  if (!gathered || !kernel) return undefined;
  const judged = judge(plan.pieces, context.control, gathered.faults, () => gathered.result());
  if (kernel.calls.brokenGuard() !== 0) throw new KernelBug("the scanner wrote outside of its blocks of memory");
  return judged;
}

/** Scans, and takes what others give; undefined when the scan was cancelled. */
function gather(
  plan: ScanPlan,
  context: ThreadContext,
  givers: readonly MessagePort[],
): { gathered: Gathered; kernel: Kernel } | undefined {
  const { control, thread } = context;
  const { work, kernel, budget, scan, free } = start(plan, context);
  const gathered = new Gathered(work, scan());
  free?.();
  // The kernels of those that give go, and what they held is brought together here.
  budget.bytes = plan.memoryLimit * gatheredIn(thread, control.threads);
  kernel.calls.setLimit(budget.bytes);
  const last = hearOthers(givers, control, (part) => gathered.take(part));
  if (!last) return undefined;
  gathered.end(last);
  return { gathered, kernel };
}

interface StartedScan {
  readonly kernel: Kernel;
  readonly work: Pick<Work, "parts" | "merge" | "result">;
  readonly budget: Budget;
  readonly scan: () => PieceFault | undefined;
  /** Gives back what only reading needs. */
  readonly free?: () => void;
}

function start(plan: ScanPlan, context: ThreadContext): StartedScan {
  return "parquet" in plan ? startRowGroups(plan, context) : startText(plan, context);
}

function startRowGroups({ module, seed, parquet, groups, memoryLimit }: RowGroupsPlan, context: ThreadContext) {
  const kernel = new Kernel(module, seed);
  kernel.calls.setLimit(memoryLimit);
  const budget = { bytes: memoryLimit };
  const { columns } = parquet;
  const open = columnsOfParquet(kernel, parquet, BLOCK_ROWS);
  const work = new GroupsWork({ kernel, columns, maxRows: BLOCK_ROWS, budget, open }, groups);
  return { kernel, work, budget, scan: () => scanRowGroups({ ...context, parquet, work, kernel }) };
}

function startText(plan: TextPlan, context: ThreadContext): StartedScan {
  const { module, seed, table, request, memoryLimit, blockBytes, turns } = plan;
  const { emit, thread } = context;
  const kernel = new Kernel(module, seed);
  kernel.calls.setLimit(memoryLimit);
  const keys = table.format === "json" ? table.columns.map(jsonKeyOf) : undefined;
  const sizes = blockBytes === undefined ? {} : { blockBytes };
  const reader = new BlockReader(kernel, table.dialect, table.columns.length, { ...sizes, keys });
  const budget = { bytes: memoryLimit };
  const parts = { kernel, table, emit, thread, maxRows: reader.maxRows, budget };
  if (!turns || request.kind !== "columns") {
    const work = createWork(parts, request);
    const scan = () => scanPieces({ ...plan, ...context, reader, work, kernel });
    return { kernel, work, budget, scan, free: () => reader.free() };
  }
  let chunk = chunkAt(request.request, 0);
  const work = createWork({ ...parts, beginChunk: () => chunk }, request);
  const inTurns = {
    turns: new Turns(turns),
    chunkAt: (number: number) => chunkAt(request.request, number),
    onChunk: (next: ChunkStart) => {
      chunk = next;
    },
  };
  return {
    kernel,
    work,
    budget,
    free: () => reader.free(),
    scan: () => scanTurns({ ...plan, ...context, ...inTurns, reader, work, kernel }),
  };
}
