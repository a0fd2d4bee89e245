import type { Block, Document, Preview, PreviewCell } from "../frame/preview.ts";
import { escapeMarkdown } from "./escape.ts";
import { apart, NULL_MARK } from "./html.ts";

/** A report as Markdown, for exports: tables with pipes, everything else escaped. */
export function documentMarkdown(document: Document): string {
  return document.blocks.map(blockMarkdown).join("\n\n");
}

function blockMarkdown(block: Block): string {
  if (block.kind === "table") return tableMarkdown(block.preview);
  if (block.kind === "code")
    return `${block.title ? `${escaped(block.title)}\n\n` : ""}${fence(block.code, block.language)}`;
  const lines = block.text.split(/\r?\n/).map(escaped);
  return block.strong ? lines.map((line) => (line ? `**${line}**` : "")).join("\n") : lines.join("\n");
}

function tableMarkdown({ caption, columns, rows, gapAfter, notes = [] }: Preview): string {
  const head = columns.map(({ name, type }) => `${escaped(name)}${type ? ` (${escaped(type)})` : ""}`);
  const rule = columns.map(({ align }) => (align === "right" ? "---:" : ":---"));
  const body = rows.map((row) => columns.map((_, i) => cellMarkdown(row[i])));
  if (gapAfter !== undefined)
    body.splice(
      gapAfter,
      0,
      columns.map(() => "⋮"),
    );
  const table = columns.length > 0 ? [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n") : "";
  return [escaped(caption), table, ...notes.map(escaped)].filter(Boolean).join("\n\n");
}

function cellMarkdown(cell: PreviewCell | undefined): string {
  if (!cell) return "";
  return cell.kind === "null" ? NULL_MARK : escaped(cell.text);
}

function escaped(text: string): string {
  return escapeMarkdown(text, apart).trim();
}

/** A fence longer than any in the code. */
function fence(code: string, language: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language.replace(/[^\w+#-]/g, "")}\n${code}\n${ticks}`;
}
