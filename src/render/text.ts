import { visible } from "../frame/format.ts";
import type { Block, Document, Preview, PreviewCell } from "../frame/preview.ts";
import { fitWidth, textWidth } from "./width.ts";

/** Widest line of a table; wider tables lose columns, and say so. */
const LINE_WIDTH = 100;
/** What one column may take once a table is too wide. */
const COLUMN_WIDTH = 32;
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
  const { caption, columns, gapAfter, notes = [] } = preview;
  const { shown, left } = fitColumns(layOut(preview));
  const typed = columns.some(({ type }) => type);
  const headLines = typed ? 2 : 1;
  const lines = Array.from({ length: shown[0]?.cells.length ?? 0 }, (_, i) => lineText(shown, i));
  const rule = shown.map(({ width }) => "─".repeat(width)).join(GAP);
  const body = lines.slice(headLines);
  if (gapAfter !== undefined) body.splice(gapAfter, 0, "⋮");
  const table = shown.length > 0 ? [...lines.slice(0, headLines), rule, ...body] : [];
  const cut = left > 0 ? [`${left} of ${columns.length} columns do not fit into ${LINE_WIDTH} characters.`] : [];
  return [visible(caption), ...(table.length > 0 ? ["", ...table] : []), ...notes.map(visible), ...cut].join("\n");
}

function layOut({ columns, rows }: Preview): TextColumn[] {
  const typed = columns.some(({ type }) => type);
  return columns.map(({ name, type, align }, i) => {
    const head = typed ? [visible(name), visible(type ?? "")] : [visible(name)];
    const cells = [...head, ...rows.map((row) => cellText(row[i]))];
    return { cells, width: Math.max(1, ...cells.map(textWidth)), align };
  });
}

function cellText(cell: PreviewCell | undefined): string {
  if (!cell) return "";
  return cell.kind === "null" ? "<null>" : visible(cell.text);
}

/** Narrows wide columns first, then leaves out what still does not fit. */
function fitColumns(columns: readonly TextColumn[]): { readonly shown: TextColumn[]; readonly left: number } {
  const total = (list: readonly TextColumn[]) => list.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
  const narrow = total(columns) <= LINE_WIDTH ? columns : columns.map(narrowed);
  const shown: TextColumn[] = [];
  for (const column of narrow) {
    if (total([...shown, column]) > LINE_WIDTH) break;
    shown.push(column);
  }
  return { shown, left: columns.length - shown.length };
}

function narrowed(column: TextColumn): TextColumn {
  if (column.width <= COLUMN_WIDTH) return column;
  const cells = column.cells.map((text) => fitWidth(text, COLUMN_WIDTH));
  return { ...column, cells, width: Math.max(1, ...cells.map(textWidth)) };
}

function lineText(columns: readonly TextColumn[], i: number): string {
  const parts = columns.map(({ cells, width, align }) => {
    const text = cells[i] ?? "";
    const space = " ".repeat(Math.max(0, width - textWidth(text)));
    return align === "right" ? space + text : text + space;
  });
  return parts.join(GAP).trimEnd();
}
