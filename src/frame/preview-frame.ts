import { countOf, formatCount } from "../units.ts";
import { arrow, type Table } from "./arrow.ts";
import type { Column } from "./column.ts";
import { type DataFrame, isSeries, type Series, type StockInternals } from "./danfo.ts";
import { exactText } from "./exact-text.ts";
import { CELL_WIDTH, formatCell, formatTime } from "./format.ts";
import { columnsOf, rowsOf } from "./frame.ts";
import { columnOfSeries } from "./lazy-series.ts";
import { cell, NULL_CELL, type Preview, type PreviewCell } from "./preview.ts";
import { pandasType } from "./schema.ts";
import { parseType } from "./types.ts";
import { isNullAt, readerOf } from "./view.ts";

export interface PreviewOptions {
  /** Rows shown at most, half from the head and half from the tail; default 10. */
  readonly rows?: number | undefined;
  /** Columns shown at most; default 20. */
  readonly columns?: number | undefined;
  /** What to say after the size: "DuckDB · 38 ms". */
  readonly caption?: string | undefined;
  /** Rows that exist where the frame is only the first of them; "unknown" when nobody counted. */
  readonly total?: number | "unknown" | undefined;
  readonly notes?: readonly string[] | undefined;
}

/**
 * The first and last rows of a frame, series or Arrow table, formatted, with what was left out said in words. Only the rows
 * that are shown are decoded from typed columns.
 *
 * @example
 * previewFrame(df, { caption: "DuckDB · 38 ms" }).caption; // "10 of 1,204,882 rows × 4 columns · DuckDB · 38 ms"
 */
export function previewFrame(frame: DataFrame | Series | Table, options: PreviewOptions = {}): Preview {
  const { rows: most = 10, columns: widest = 20, caption, total, notes = [] } = options;
  const columns = isSeries(frame) ? [columnOfSeries(frame)] : columnsOf(frame);
  const length = isSeries(frame) ? (frame.shape[0] ?? 0) : rowsOf(frame);
  const shown = columns.slice(0, widest);
  const { rows, gapAfter } = chooseRows(length, Math.max(1, most), total);
  const labels = textLabels(frame, length);
  const chosen = shown.map((column) => column.take(Uint32Array.from(rows)));
  const cells = rows.map((row, i) => [
    ...(labels ? [cell(String(labels[row]))] : []),
    ...chosen.map((column) => cellAt(column, i)),
  ]);
  const size = `${describeRows(rows.length, length, total)} × ${countOf(columns.length, "column")}`;
  return {
    caption: caption ? `${size} · ${caption}` : size,
    columns: [
      ...(labels ? [{ name: "", align: "left" as const }] : []),
      ...shown.map((column) => ({ name: column.name, type: shownType(column), align: alignOf(column.type) })),
    ],
    rows: cells,
    gapAfter,
    rowHeader: labels !== undefined,
    notes: [...notes, ...leftOut(columns, shown.length), ...cutCells(cells)],
  };
}

/** A frame that is itself only the head of more has no tail to show. */
function chooseRows(
  length: number,
  most: number,
  total: PreviewOptions["total"],
): { rows: number[]; gapAfter?: number } {
  if (length <= most) return { rows: Array.from({ length }, (_, i) => i) };
  const head = total === undefined ? Math.ceil(most / 2) : most;
  const rows = Array.from({ length: most }, (_, i) => (i < head ? i : length - most + i));
  return head < most ? { rows, gapAfter: head } : { rows };
}

function describeRows(shown: number, length: number, total: PreviewOptions["total"]): string {
  if (total === "unknown") return `${countOf(shown, "row")} shown, more exist,`;
  const all = total ?? length;
  return shown < all ? `${formatCount(shown)} of ${countOf(all, "row")}` : countOf(all, "row");
}

/** An index of names is shown as the rows' header; one of numbers is only a position. */
function textLabels(frame: DataFrame | Series | Table, length: number): readonly (string | number)[] | undefined {
  if (!("$columns" in frame) || length === 0) return undefined;
  // Of a lazy frame the first row: to be asked for all labels it would number a million rows.
  const { $index: first } = (frame as DataFrame).head(1) as unknown as StockInternals;
  return typeof first[0] === "string" ? (frame as unknown as StockInternals).$index : undefined;
}

/** Numbers that are shown as spans of time bear the name of those. */
function shownType({ type, arrowType }: Column): string {
  return arrowType && arrow().DataType.isDuration(arrowType) ? pandasType(arrowType) : type;
}

function alignOf(type: string): "left" | "right" {
  const { family } = parseType(type);
  return family === "int" || family === "float" || family === "decimal" ? "right" : "left";
}

function cellAt(column: Column, row: number): PreviewCell {
  const { view, type } = column;
  if (isNullAt(view, row)) return NULL_CELL;
  const exact = exactText(column, row);
  if (exact !== undefined) return cell(exact);
  if (view.kind === "number" && view.date) return cell(formatTime(view.values[row] as number, type));
  return formatCell(readerOf(view)(row), { type });
}

function leftOut(columns: readonly Column[], shown: number): string[] {
  const rest = columns.slice(shown).map(({ name }) => name);
  if (rest.length === 0) return [];
  const names = rest.slice(0, 5).join(", ");
  return [
    `${countOf(rest.length, "more column")}: ${names}${rest.length > 5 ? ", …" : ""}. Choose columns to see them.`,
  ];
}

function cutCells(rows: readonly (readonly PreviewCell[])[]): string[] {
  const isCut = rows.some((row) => row.some(({ text }) => text.length >= CELL_WIDTH && text.endsWith("…")));
  return isCut ? [`Values are cut at ${CELL_WIDTH} characters.`] : [];
}
