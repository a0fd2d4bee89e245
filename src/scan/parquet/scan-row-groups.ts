import type { Kernel } from "../kernel.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import { OpenFile } from "../threads/byte-sources.ts";
import type { ScanControl } from "../threads/control.ts";
import { counting, faultOf, LEAVE, type PieceFault, ROWS_OF_A_PIECE } from "../threads/scan-pieces.ts";
import type { Work } from "../threads/work.ts";
import type { RowGroupBlock } from "./parquet-column.ts";
import type { ParquetTable } from "./parquet-table.ts";

/** Rows that are worked on together: few columns of them stay in the processor's cache. */
export const BLOCK_ROWS = 8192;

export interface RowGroupsTask {
  readonly parquet: ParquetTable;
  readonly control: ScanControl;
  readonly thread: number;
  readonly work: Work<RowGroupBlock>;
  readonly kernel: Kernel;
}

/** Reads row groups, each of which is a piece, until there is none left or one cannot be read. */
export function scanRowGroups(task: RowGroupsTask): PieceFault | undefined {
  const { control, parquet } = task;
  let open: OpenFile | undefined;
  try {
    for (let piece = control.takePiece(); piece !== undefined; piece = control.takePiece()) {
      try {
        const file = parquet.files[parquet.groups[piece]?.file ?? 0];
        if (file && open?.file !== file) {
          open?.close();
          open = undefined;
          open = new OpenFile(file);
        }
        if (open) scanRowGroup(task, piece, open);
        open?.verify();
      } catch (failure) {
        if (failure === LEAVE) continue;
        control.stopBehind(piece);
        return faultOf(piece, failure);
      }
    }
  } finally {
    open?.close();
  }
  return undefined;
}

function scanRowGroup({ parquet, control, thread, work, kernel }: RowGroupsTask, piece: number, open: OpenFile): void {
  const group = parquet.groups[piece];
  if (!group) return;
  const from = (start: number): ByteSource =>
    counting(open.from(start), (bytes) => control.addProgress(thread, bytes, 0));
  for (const block of blocksOf(group, from, piece * ROWS_OF_A_PIECE)) {
    if (control.isNeedless(piece)) throw LEAVE;
    work.consume(block);
    control.addProgress(thread, 0, block.rows);
    control.setMemory(thread, kernel.calls.takenBytes());
  }
  const whole = { startedAt: piece, endedAt: piece + 1, rows: group.rows };
  control.reportPiece(piece, { ...whole, ragged: 0, skipped: 0, firstRagged: -1 });
}

function* blocksOf(
  group: RowGroupBlock["group"],
  from: RowGroupBlock["from"],
  firstRow: number,
): Generator<RowGroupBlock, void, undefined> {
  for (let first = 0; first < group.rows; first += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, group.rows - first);
    yield { group, from, first, rows, firstRow: firstRow + first };
  }
}
