import { cutText } from "../frame/format.ts";
import type { Block, Document, Preview } from "../frame/preview.ts";

/** A text may take this part of a report, which has three forms of it. */
const SHARE_OF_TEXT = 12;
/** Rows of a table that is left as it is while a longer one has some to give. */
const SHORT = 12;

/** Bytes of a cell without a text, in all forms. */
const LEAST_CELL = 32;

type Forms = Readonly<Record<string, string>>;

/**
 * Renders a report so that its forms together stay under a number of bytes: the cells of long tables are cut shorter
 * first, then rows are left out of the longest, then all cells are cut, each with a note.
 */
export function fitDocument(document: Document, bytes: number, render: (document: Document) => Forms): Forms {
  let fitted = document;
  let forms = rendered(fitted, bytes, render);
  for (const width of [60, 40]) {
    if (forms && sizeOf(forms) <= bytes) return forms;
    fitted = mapTables(fitted, (preview) => (preview.rows.length > SHORT ? cutCells(preview, width) : preview));
    forms = rendered(fitted, bytes, render);
  }
  let isCut = false;
  while (!forms || sizeOf(forms) > bytes) {
    const longest = Math.max(0, ...fitted.blocks.map(rowsOf));
    // Long code has no rows to give, and would leave none to the tables.
    const isWordy = fitted.blocks.some((block) => textOf(block).length > bytes / SHARE_OF_TEXT);
    const next = isWordy ? halveTexts(fitted, bytes / SHARE_OF_TEXT) : shorter(fitted, longest, isCut);
    isCut ||= !isWordy && longest <= SHORT;
    if (next === fitted) return forms ?? render(fitted);
    fitted = next;
    forms = rendered(fitted, bytes, render);
  }
  return forms;
}

/** Undefined of what is too long whatever its cells hold: to render thousands of rows, of which some hundred stay, takes most of a second. */
function rendered(document: Document, bytes: number, render: (document: Document) => Forms): Forms | undefined {
  const least = document.blocks.reduce(
    (sum, block) => sum + (block.kind === "table" ? LEAST_CELL * cellsOf(block.preview) : textOf(block).length),
    0,
  );
  return least > bytes ? undefined : render(document);
}

function cellsOf({ rows, columns }: Preview): number {
  return rows.length * columns.length;
}

/** The next step: rows of a long table, then the ends of all cells, then rows of any table, then columns. */
function shorter(document: Document, longest: number, isCut: boolean): Document {
  if (longest <= SHORT && !isCut) return mapTables(document, (preview) => cutCells(preview, 20));
  if (longest <= 1) return halve(document);
  return mapTables(document, (preview) => (preview.rows.length === longest ? dropRows(preview) : preview));
}

function sizeOf(forms: Forms): number {
  return Object.values(forms).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function rowsOf(block: Block): number {
  return block.kind === "table" ? block.preview.rows.length : 0;
}

function mapTables(document: Document, change: (preview: Preview) => Preview): Document {
  return {
    blocks: document.blocks.map((block) =>
      block.kind === "table" ? { ...block, preview: change(block.preview) } : block,
    ),
  };
}

function cutCells(preview: Preview, width: number): Preview {
  const rows = preview.rows.map((row) =>
    row.map((cell) => (cell.text.length > width ? { ...cell, text: cutText(cell.text, width) } : cell)),
  );
  const columns = preview.columns.map((column) => ({ ...column, name: cutText(column.name, width * 2) }));
  return {
    ...preview,
    rows,
    columns,
    notes: withNote(preview, "cut", `Values are cut at ${width} characters to keep the output small.`),
  };
}

/** Half of the rows, from both ends. */
function dropRows(preview: Preview): Preview {
  const keep = Math.ceil(preview.rows.length / 2);
  const head = Math.ceil(keep / 2);
  const rows = [...preview.rows.slice(0, head), ...preview.rows.slice(preview.rows.length - (keep - head))];
  const notes = withNote(
    preview,
    "rows",
    `Only ${keep} ${keep === 1 ? "row is" : "rows are"} shown to keep the output small.`,
  );
  return { ...preview, rows, gapAfter: head, notes };
}

const NOTES = {
  cut: /^Values are cut at/,
  rows: /^Only \d+ rows? (is|are) shown/,
  columns: /^Only \d+ columns? (is|are) shown/,
};

function withNote({ notes = [] }: Preview, kind: keyof typeof NOTES, note: string): string[] {
  return [...notes.filter((old) => !NOTES[kind].test(old)), note];
}

/** Texts and code that are too long, and tables with too many columns, lose their ends. */
function halve(document: Document): Document {
  let changed = false;
  const blocks = document.blocks.map((block): Block => {
    if (block.kind === "table") {
      const { preview } = block;
      if (preview.columns.length < 2) return block;
      changed = true;
      const columns = preview.columns.slice(0, Math.ceil(preview.columns.length / 2));
      const many = columns.length === 1 ? "1 column is" : `${columns.length} columns are`;
      const notes = withNote(preview, "columns", `Only ${many} shown to keep the output small.`);
      return { ...block, preview: { ...preview, columns, notes } };
    }
    if (textOf(block).length < 1000) return block;
    changed = true;
    return halved(block);
  });
  return changed ? { blocks } : document;
}

function halveTexts(document: Document, most: number): Document {
  return { blocks: document.blocks.map((block) => (textOf(block).length > most ? halved(block) : block)) };
}

function halved(block: Block): Block {
  const text = textOf(block);
  const cut = `${text.slice(0, text.length / 2)}…`;
  if (block.kind === "code") return { ...block, code: cut };
  return block.kind === "text" ? { ...block, text: cut } : block;
}

function textOf(block: Block): string {
  if (block.kind === "code") return block.code;
  return block.kind === "text" ? block.text : "";
}
