import { cell, type Document, type PreviewCell } from "../frame/preview.ts";
import { formatBytes, formatCount, formatSeconds } from "../units.ts";
import type { ChunkedRun, RunMemory, WholeBytes } from "./run.ts";

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
          // A run that failed has not said why it ran there.
          notes: [...shownNotes(run.notes), ...(run.reason === "" ? [] : [`${run.engine}: ${run.reason}.`])],
        },
      },
    ],
  };
}

const MOST_NOTES = 12;

/** Of thousands of columns each may have something to say. */
function shownNotes(notes: readonly string[]): readonly string[] {
  if (notes.length <= MOST_NOTES) return notes;
  return [...notes.slice(0, MOST_NOTES), `${formatCount(notes.length - MOST_NOTES)} more such notes are in run.notes`];
}

function captionOf({ source, complete, fraction, seconds, engine }: ChunkedRun): string {
  const share = fraction === undefined ? "" : ` at ${Math.floor(fraction * 100)} %`;
  return `${source} · ${engine} · ${complete ? formatSeconds(seconds) : `stopped${share} after ${formatSeconds(seconds)}`}`;
}

function progressRows({ rows, where, chunks, seconds, fileBytes, complete }: ChunkedRun): PreviewCell[][] {
  // How many rows were read to find those of a condition, no engine tells.
  const isSpeedKnown = seconds > 0 && complete && where === undefined;
  const speed = isSpeedKnown ? `${formatCount(Math.round(rows / seconds))} rows a second` : "";
  const which = where === undefined ? "" : "that meet the condition";
  return [
    row("rows", formatCount(rows), complete ? which : "until the stop"),
    // An engine that does the whole reads in pieces of its own, which it does not count.
    ...(chunks === 0 ? [] : [row("chunks", formatCount(chunks), "")]),
    row("time", formatSeconds(seconds), speed),
    ...(fileBytes === 0 ? [] : [row("files on disk", formatBytes(fileBytes), "")]),
  ];
}

function memoryRows(run: ChunkedRun): PreviewCell[][] {
  const { peakBytes, startBytes, heapPeakBytes, bufferPeakBytes, scannerPeakBytes, duckdbPeakBytes } = run;
  return [
    row(
      "peak resident memory",
      formatBytes(peakBytes),
      `${formatBytes(Math.max(0, peakBytes - startBytes))} above the start`,
    ),
    row("peak JavaScript heap", formatBytes(heapPeakBytes), "part of the resident memory"),
    row("peak buffers", formatBytes(bufferPeakBytes), "Arrow columns, part of it too"),
    ...some("peak of the scanner", scannerPeakBytes, "WebAssembly, part of it too"),
    ...some("peak of DuckDB", duckdbPeakBytes, "part of it too"),
    ...some("most for one chunk", run.chunkPeakBytes, "heap and buffers, with what is garbage by then"),
    ...some("spilled to disk", run.spillPeakBytes, "at its most; gone now"),
  ];
}

function wholeRows({ wholeBytes, peakBytes }: ChunkedRun): PreviewCell[][] {
  return eachWhole(wholeBytes).map(([what, bytes]) => row(what, formatBytes(bytes), predicted(bytes, peakBytes)));
}

/**
 * The memory of a run that goes on: what it holds now, the most so far, and what loading the whole would take.
 *
 * @example
 * liveDocument(meter.memory, undefined).blocks[0]; // the table
 */
export function liveDocument(
  { now, peak, startBytes, chunkPeakBytes }: RunMemory,
  whole: WholeBytes | undefined,
): Document {
  const figures = (what: string, name: keyof typeof now, note = "") =>
    row(what, formatBytes(now[name]), formatBytes(peak[name]), note);
  const above = `${formatBytes(Math.max(0, now.resident - startBytes))} above the start`;
  const engines = (["scanner", "duckdb", "spill"] as const).flatMap((name) =>
    peak[name] === 0 ? [] : [figures(ENGINE_NAMES[name], name)],
  );
  const rows = [
    figures("resident memory", "resident", above),
    figures("JavaScript heap", "heap"),
    figures("buffers (Arrow)", "buffers"),
    ...engines,
    ...(chunkPeakBytes === 0 ? [] : [row("most for one chunk", "", formatBytes(chunkPeakBytes), "")]),
    ...eachWhole(whole).map(([what, bytes]) => row(what, "", formatBytes(bytes), predicted(bytes, peak.resident))),
  ];
  const columns = [
    { name: "what", align: "left" as const },
    { name: "now", align: "right" as const },
    { name: "peak", align: "right" as const },
    { name: "", align: "left" as const },
  ];
  return {
    blocks: [{ kind: "table", preview: { caption: "memory of this process", columns, rows, rowHeader: true } }],
  };
}

const ENGINE_NAMES = { scanner: "scanner (WebAssembly)", duckdb: "DuckDB", spill: "spilled to disk" } as const;

function eachWhole(whole: WholeBytes | undefined): (readonly [what: string, bytes: number])[] {
  if (!whole) return [];
  return [
    ["whole in plain Danfo", whole.danfo],
    ["whole in pandas 2", whole.pandas2],
    ["whole in pandas 3", whole.pandas3],
  ];
}

function predicted(bytes: number, peak: number): string {
  const times = (bytes / peak).toFixed(1);
  // What the process holds without any data.
  return times === "0.0"
    ? "predicted; the peak above is the process itself, whatever so few data take"
    : `predicted, ${times} times the peak above`;
}

function some(what: string, bytes: number, note: string): PreviewCell[][] {
  return bytes === 0 ? [] : [row(what, formatBytes(bytes), note)];
}

function row(...texts: readonly string[]): PreviewCell[] {
  return texts.map(cell);
}
