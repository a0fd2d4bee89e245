import type { Block, Document, Preview, PreviewCell, PreviewColumn } from "../frame/preview.ts";
import { escapeAttribute, escapeHtml } from "./escape.ts";

/** MathJax leaves elements of these classes alone; otherwise two dollar amounts become a formula. */
const NO_MATH = "tex2jax_ignore mathjax_ignore";

/** A sign in an element of its own: MathJax finds no formula across the border of an element. */
export function apart(entity: string): string {
  return `<span>${entity}</span>`;
}

/** A missing value in Markdown and HTML, unlike an empty text and unlike the word. */
export const NULL_MARK = "<em>null</em>";
/** A browser makes a caption as narrow as its table: the words over two columns would stand in five lines. */
const CAPTION = "text-align:left;white-space:nowrap";

/** JupyterLab sets code without a margin: the title of the next would stand closer to it than to its own. */
const BELOW_CODE = "<p></p>";

/**
 * A report as semantic HTML that JupyterLab's sanitiser leaves unchanged: no styles but of alignment and wrapping, no colours, no script.
 *
 * @example
 * documentHtml({ blocks: [{ kind: "text", text: "fits in memory" }] });
 */
export function documentHtml(document: Document): string {
  return `<div class="${NO_MATH}">${document.blocks.map(blockHtml).join("")}</div>`;
}

function blockHtml(block: Block): string {
  if (block.kind === "table") return tableHtml(block.preview);
  const text = escapeLines(block.kind === "code" ? block.code : block.text);
  if (block.kind === "code")
    return `${block.title ? `<div>${escapeHtml(block.title)}</div>` : ""}<pre><code>${text}</code></pre>${BELOW_CODE}`;
  return block.strong ? `<p><strong>${text}</strong></p>` : `<p>${text}</p>`;
}

/** Line ends of texts and code stay line ends. */
function escapeLines(text: string): string {
  return text.split(/\r?\n/).map(escapeHtml).join("\n");
}

function tableHtml({ caption, columns, rows, gapAfter, rowHeader, notes = [] }: Preview): string {
  const body = rows.map((row) => rowHtml(row, columns, rowHeader === true));
  if (gapAfter !== undefined) body.splice(gapAfter, 0, gapHtml(columns.length));
  const head = `<thead><tr>${columns.map(headHtml).join("")}</tr></thead>`;
  const table = `<table><caption style="${CAPTION}">${escapeHtml(caption)}</caption>${head}<tbody>${body.join("")}</tbody></table>`;
  const below = notes.map((note) => `<p><small>${escapeHtml(note)}</small></p>`).join("");
  return `<div style="overflow-x:auto">${table}</div>${below}`;
}

function headHtml({ name, type, align }: PreviewColumn): string {
  const below = type ? `<br /><small>${escapeHtml(type)}</small>` : "";
  return `<th scope="col" style="text-align:${align}">${escapeHtml(name)}${below}</th>`;
}

function rowHtml(row: readonly PreviewCell[], columns: readonly PreviewColumn[], rowHeader: boolean): string {
  const cells = columns.map(({ align }, i) => {
    const { text, kind } = row[i] ?? { text: "", kind: "value" };
    const value = kind === "null" ? NULL_MARK : escapeHtml(text);
    const style = `text-align:${align}${wrapping(text, align)}`;
    if (rowHeader && i === 0) return `<th scope="row" style="${style}">${value}</th>`;
    return `<td${align === "left" ? ' dir="auto"' : ""} style="${style}">${value}</td>`;
  });
  return `<tr>${cells.join("")}</tr>`;
}

/** HTML runs spaces together where nobody asks it not to, and breaks moments at their hyphens and numbers before their units. */
function wrapping(text: string, align: PreviewColumn["align"]): string {
  if (/^\s|\s\s|\s$/.test(text)) return ";white-space:pre";
  const isWhole = align === "right" ? text.includes(" ") : /^\d{4}-\d\d-\d\d(T|$)/.test(text);
  return isWhole ? ";white-space:nowrap" : "";
}

function gapHtml(columns: number): string {
  return `<tr><td colspan="${columns}" style="text-align:center">⋮</td></tr>`;
}

/** A bar with its words; a bar without a value where the total is not known. */
export function progressHtml(text: string, fraction: number | undefined): string {
  const value = fraction === undefined ? "" : ` value="${Number(fraction.toFixed(3))}"`;
  const inside = fraction === undefined ? "" : `${Math.floor(fraction * 100)} %`;
  return `<div class="${NO_MATH}"><progress max="1"${value} title="${escapeAttribute(inside || "running")}">${inside}</progress> ${escapeHtml(text)}</div>`;
}

/** One quiet line. */
export function lineHtml(text: string): string {
  return `<div class="${NO_MATH}">${escapeHtml(text)}</div>`;
}
