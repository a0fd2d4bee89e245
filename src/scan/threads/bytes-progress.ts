import type { ProgressListener } from "../../progress.ts";
import { formatBytes } from "../../units.ts";
import type { ScanProgress } from "./control.ts";

/** Tells how many of all bytes a scan has read. */
export function bytesProgress(
  onProgress: ProgressListener | undefined,
  total: number,
  readOf: (figures: ScanProgress) => number,
): ((figures: ScanProgress) => void) | undefined {
  if (!onProgress) return undefined;
  return (figures) => {
    const read = Math.min(total, readOf(figures));
    onProgress({
      operation: "scan",
      fraction: read / Math.max(1, total),
      note: `${formatBytes(read)} of ${formatBytes(total)}`,
      rows: figures.rows,
      engineBytes: figures.memory,
    });
  };
}
