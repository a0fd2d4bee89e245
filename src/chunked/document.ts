import { cell, type Document, type PreviewCell } from "../frame/preview.ts";
import { formatBytes, formatCount, formatSeconds } from "../units.ts";
import type { ChunkedRun } from "./run.ts";

/**
 * The memory table of a run: what was read, how long it took, what it took in memory, and what loading the whole would.
 *
 * @example
 * memoryDocument(result.run).blocks[0]; // the table
 */
export function memoryDocument(run: ChunkedRun): Document {
  const rows = [...progressRows(run), ...memoryRows(run), ...wholeRows(run)];
  return {
    blocks: [
      {
        kind: "table",
        preview: {
          caption: captionOf(run),
          columns: [
            { name: "what", align: "left" },
            { name: "amount", align: "right" },
            { name: "", align: "left" },
          ],
          rows,
          rowHeader: true,
          notes: [...run.notes, `${run.engine}: ${run.reason}.`],
        },
      },
    ],
  };
}

function captionOf({ source, complete, fraction, seconds, engine }: ChunkedRun): string {
  const share = fraction === undefined ? "" : ` at ${Math.round(fraction * 100)} %`;
  return `${source} · ${engine} · ${complete ? formatSeconds(seconds) : `stopped${share} after ${formatSeconds(seconds)}`}`;
}

function progressRows({ rows, chunks, seconds, fileBytes, complete }: ChunkedRun): PreviewCell[][] {
  const speed = seconds > 0 && complete ? `${formatCount(Math.round(rows / seconds))} rows a second` : "";
  return [
    row("rows", formatCount(rows), complete ? "" : "until the stop"),
    // An engine that does the whole reads in pieces of its own, which it does not count.
    ...(chunks === 0 ? [] : [row("chunks", formatCount(chunks), "")]),
    row("time", formatSeconds(seconds), speed),
    ...(fileBytes === 0 ? [] : [row("files on disk", formatBytes(fileBytes), "")]),
  ];
}

function memoryRows({
  peakBytes,
  startBytes,
  heapPeakBytes,
  bufferPeakBytes,
  spillPeakBytes,
}: ChunkedRun): PreviewCell[][] {
  return [
    row(
      "peak resident memory",
      formatBytes(peakBytes),
      `${formatBytes(Math.max(0, peakBytes - startBytes))} above the start`,
    ),
    row("peak JavaScript heap", formatBytes(heapPeakBytes), "part of the resident memory"),
    row("peak buffers", formatBytes(bufferPeakBytes), "Arrow columns and WebAssembly, part of it too"),
    ...(spillPeakBytes === 0 ? [] : [row("spilled to disk", formatBytes(spillPeakBytes), "at its most; gone now")]),
  ];
}

function wholeRows({ wholeBytes, peakBytes }: ChunkedRun): PreviewCell[][] {
  if (!wholeBytes) return [];
  const times = (bytes: number) => `predicted, ${(bytes / peakBytes).toFixed(1)} times the peak above`;
  return [
    row("whole in plain Danfo", formatBytes(wholeBytes.danfo), times(wholeBytes.danfo)),
    row("whole in pandas 2", formatBytes(wholeBytes.pandas2), times(wholeBytes.pandas2)),
    row("whole in pandas 3", formatBytes(wholeBytes.pandas3), times(wholeBytes.pandas3)),
  ];
}

function row(what: string, amount: string, note: string): PreviewCell[] {
  return [cell(what), cell(amount), cell(note)];
}
