import { visible } from "../frame/format.ts";
import type { Block, Document, Preview, PreviewCell } from "../frame/preview.ts";
import { fitWidth, textWidth, wrapWidth } from "./width.ts";

/** Where no terminal says how wide it is. */
const LINE_WIDTH = 120;
const NARROWEST_LINE = 60;
/** What one column of data may take once not all columns fit. */
const COLUMN_WIDTH = 32;
/** Words read badly in less. */
const LEAST_WIDTH = 16;
/** Names up to this long are not broken: people copy them. */
const LONGEST_NAME = 48;
const GAP = "  ";

/** A report as plain text that reads well alone. */
export function documentText(document: Document): string {
  return document.blocks.map(blockText).join("\n\n");
}

function blockText(block: Block): string {
  if (block.kind === "table") return tableText(block.preview);
  const text = visibleLines(block.kind === "code" ? block.code : block.text);
  return block.kind === "code" && block.title ? `${visible(block.title)}\n\n${text}` : text;
}

function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

interface TextColumn {
  readonly cells: readonly string[];
  readonly width: number;
  readonly align: "left" | "right";
}

function tableText(preview: Preview): string {
  const { caption, columns, rowHeader, notes = [] } = preview;
  const lineWidth = widthOfLine();
  const all = layOut(preview);
  const { parts, left } =
    rowHeader === true ? { parts: splitReport(all, lineWidth), left: 0 } : fitData(all, lineWidth);
  const tables = parts.map((part) => ["", ...gridLines(part, preview)].join("\n"));
  const cut = left > 0 ? [`${left} of ${columns.length} columns do not fit into ${lineWidth} characters.`] : [];
  return [visible(caption), ...tables, ...notes.map(visible), ...cut].join("\n");
}

function widthOfLine(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? Math.max(NARROWEST_LINE, columns) : LINE_WIDTH;
}

function layOut(preview: Preview): TextColumn[] {
  const isTyped = hasTypes(preview);
  return preview.columns.map(({ name, type, align }, i) => {
    const head = isTyped ? [visible(name), visible(type ?? "")] : [visible(name)];
    return columnOf([...head, ...preview.rows.map((row) => cellText(row[i]))], align);
  });
}

function hasTypes({ columns }: Preview): boolean {
  return columns.some(({ type }) => type);
}

function columnOf(cells: readonly string[], align: TextColumn["align"]): TextColumn {
  return { cells, width: Math.max(1, ...cells.map(textWidth)), align };
}

function cellText(cell: PreviewCell | undefined): string {
  if (!cell) return "";
  return cell.kind === "null" ? "<null>" : visible(cell.text);
}

/** A report loses nothing: words go on in the next line; columns that still do not fit stand below, beside the first again. */
function splitReport(columns: readonly TextColumn[], lineWidth: number): (readonly TextColumn[])[] {
  const least = columns.map((column) => (column.align === "left" ? longestWord(column) : column.width));
  const cap = widestCap(columns, least, lineWidth);
  if (cap !== undefined) return [columns.map((column, i) => narrowed(column, Math.max(cap, least[i] ?? 0)))];
  const [first, ...others] = columns.map((column) => narrowed(column, Math.floor((lineWidth - GAP.length) / 2)));
  const parts: TextColumn[][] = [];
  for (const column of others) {
    const part = parts.at(-1);
    if (part && totalWidth([...part, column]) <= lineWidth) part.push(column);
    else parts.push(first ? [first, column] : [column]);
  }
  return parts.length > 0 || !first ? parts : [[first]];
}

/** Data is cut: all columns shorter when that shows them all, else as many as fit. */
function fitData(
  columns: readonly TextColumn[],
  lineWidth: number,
): { readonly parts: (readonly TextColumn[])[]; readonly left: number } {
  const cap = widestCap(columns, [], lineWidth);
  const shown: TextColumn[] = [];
  for (const column of columns.map((one) => cut(one, cap ?? COLUMN_WIDTH))) {
    if (totalWidth([...shown, column]) > lineWidth) break;
    shown.push(column);
  }
  return { parts: shown.length > 0 ? [shown] : [], left: columns.length - shown.length };
}

/** The most that a column may take so that all fit, none with less than its own least. */
function widestCap(columns: readonly TextColumn[], least: readonly number[], lineWidth: number): number | undefined {
  for (let cap = lineWidth; cap >= LEAST_WIDTH; cap--) {
    const capped = columns.map(({ width }, i) => ({ width: Math.min(width, Math.max(cap, least[i] ?? 0)) }));
    if (totalWidth(capped) <= lineWidth) return cap;
  }
  return undefined;
}

function longestWord({ cells }: TextColumn): number {
  const longest = Math.max(0, ...cells.flatMap((text) => text.split(" ").map(textWidth)));
  return Math.min(LONGEST_NAME, longest);
}

function totalWidth(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
}

function cut(column: TextColumn, most: number): TextColumn {
  if (column.width <= most) return column;
  const cells = column.cells.map((text) => fitWidth(text, most));
  return columnOf(cells, column.align);
}

/** Cells of several lines; they are set below each other when the grid is drawn. */
function narrowed(column: TextColumn, most: number): TextColumn {
  if (column.width <= most) return column;
  const cells = column.cells.map((text) => wrapWidth(text, most).join("\n"));
  const width = Math.max(1, ...cells.flatMap((text) => text.split("\n").map(textWidth)));
  return { cells, width, align: column.align };
}

function gridLines(columns: readonly TextColumn[], preview: Preview): string[] {
  const rows = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, i) => rowText(columns, i));
  const headRows = hasTypes(preview) ? 2 : 1;
  const rule = columns.map(({ width }) => "─".repeat(width)).join(GAP);
  const body = rows.slice(headRows);
  if (preview.gapAfter !== undefined) body.splice(preview.gapAfter, 0, "⋮");
  return [...rows.slice(0, headRows), rule, ...body];
}

function rowText(columns: readonly TextColumn[], i: number): string {
  const cells = columns.map((column) => (column.cells[i] ?? "").split("\n"));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map(({ width, align }, at) => {
      const text = cells[at]?.[line] ?? "";
      const space = " ".repeat(Math.max(0, width - textWidth(text)));
      return align === "right" ? space + text : text + space;
    });
    return parts.join(GAP).trimEnd();
  }).join("\n");
}
