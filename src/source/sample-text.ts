import { setImmediate as nextTurn } from "node:timers/promises";
import type { Block, Blocks } from "./blocks.ts";
import { columnNames } from "./column-names.ts";
import type { TextOptions } from "./source.ts";

/** Rows of a text file, some of them read. */
export interface TextSample {
  readonly names: readonly string[];
  /** The names as they are written; undefined where no line holds them. */
  readonly header: readonly string[] | undefined;
  /** Each row ends in a separator, and the line of names does not. */
  readonly isTrailing: boolean;
  /** Fields by row; null is missing. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** The same with all that stands in them, where only one name was found: it may be a title. */
  readonly lines: readonly string[];
  /** Of the whole source. */
  readonly rowCount: number;
  readonly rowError: number;
}

interface Parsed {
  readonly rows: (string | null)[][];
  /** Complete rows, kept or not. */
  readonly count: number;
  /** Characters of the complete rows. */
  readonly chars: number;
  /** Kept rows that have as many fields as there are names. */
  readonly fitting: number;
}

const KEPT_ROWS = 4_000;
/** Of wide data fewer rows are kept. */
const KEPT_VALUES = 2_000_000;

/** Names, some rows, and how many there are, from blocks of delimited text; the event loop gets its turn between blocks. */
export async function sampleText(
  { blocks, totalBytes, totalError }: Blocks,
  files: number,
  options: TextOptions,
): Promise<TextSample> {
  const sep = options.sep ?? ",";
  const missing = new Set(["", ...(options.na ?? [])]);
  const first = parse(withoutMark(blocks[0]?.text ?? ""), {
    sep,
    missing,
    keep: 1,
    width: 0,
    isStart: true,
    isEnd: blocks[0]?.isEnd ?? true,
  });
  const header = first.rows[0] ?? [];
  const hasHeader = options.header ?? true;
  const names = columnNames(hasHeader ? header : header.map(() => null));
  const kept = Math.min(KEPT_ROWS, KEPT_VALUES / Math.max(1, names.length));
  const keep = Math.ceil(kept / Math.max(1, blocks.length));
  const rows: (readonly (string | null)[])[] = [];
  const lines: string[] = [];
  const widths: number[] = [];
  let [count, bytes, trailing] = [0, 0, 0];
  for (const block of blocks) {
    await nextTurn();
    const found = parseBlock(block, {
      sep,
      missing,
      keep,
      width: names.length,
      isEnd: block.isEnd,
      isStart: !hasHeader,
    });
    trailing += found.rows.filter((row) => row.length === names.length + 1 && row.at(-1) === null).length;
    for (const row of found.rows) rows.push(names.map((_, i) => row[i] ?? null));
    if (names.length === 1) for (const row of found.rows) lines.push(row.map((field) => field ?? "").join(sep));
    const read = found.chars * (block.bytes / Math.max(1, block.text.length));
    if (found.count > 0) widths.push(read / found.count);
    count += found.count;
    bytes += read;
  }
  const isWhole = blocks.length === files && blocks.every(({ isStart, isEnd }) => isStart && isEnd);
  const written = hasHeader ? header.map((name) => name ?? "") : undefined;
  const found = { names, header: written, isTrailing: rows.length > 0 && trailing === rows.length, rows, lines };
  if (isWhole) return { ...found, rowCount: count, rowError: 0 };
  const mean = bytes / Math.max(1, count);
  const rowCount = Math.max(0, Math.round(totalBytes / Math.max(1, mean)) - (hasHeader ? files : 0));
  return { ...found, rowCount, rowError: Math.ceil(rowCount * (spreadOf(widths, mean) + totalError)) };
}

/** Twice the standard error of the mean over blocks; one block alone says little. */
export function spreadOf(widths: readonly number[], mean: number): number {
  if (widths.length < 2 || mean === 0) return 0.1;
  const variance = widths.reduce((sum, width) => sum + (width - mean) ** 2, 0) / (widths.length - 1);
  return Math.max(0.001, (2 * Math.sqrt(variance / widths.length)) / mean);
}

/** Whether a block starts inside of quotes cannot be seen: the reading whose rows fit the names is taken. */
function parseBlock(block: Block, options: ParseOptions): Parsed {
  // The line of names is left out as the rest of a row is that another block began.
  if (block.isStart) return parse(withoutMark(block.text), options);
  const common = { ...options, isStart: false };
  const outside = parse(block.text, common);
  if (!block.text.includes('"') || outside.fitting === outside.rows.length) return outside;
  const inside = parse(`"${block.text}`, common);
  return inside.fitting > outside.fitting ? inside : outside;
}

interface ParseOptions {
  readonly sep: string;
  readonly missing: ReadonlySet<string>;
  readonly keep: number;
  readonly width: number;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

function parse(text: string, { sep, missing, keep, width, isStart, isEnd }: ParseOptions): Parsed {
  const rows: (string | null)[][] = [];
  let [count, at, fitting] = [0, 0, 0];
  let from = 0;
  let isFirst = !isStart;
  // Looked for once and not in each row: where there is none, each look goes to the end of the text.
  let quote = quoteFrom(text, 0);
  while (at < text.length) {
    if (quote < at) quote = quoteFrom(text, at);
    const { end, row } = rowAt(text, at, quote, sep, missing, rows.length < keep && !isFirst);
    const isComplete = end <= text.length;
    if (!isComplete && !isEnd) break;
    if (isFirst) from = end;
    // A blank line is a missing value where there is one column, and nothing where there are more.
    else if (width === 1 || text.slice(at, Math.min(end, text.length)).trim() !== "") {
      count++;
      if (row) {
        rows.push(row);
        if (row.length === width) fitting++;
      }
    }
    isFirst = false;
    at = end;
  }
  return { rows, count, chars: Math.max(0, Math.min(at, text.length) - from), fitting };
}

/** Where the next quote is, beyond the text when there is none. */
function quoteFrom(text: string, start: number): number {
  const at = text.indexOf('"', start);
  return at === -1 ? text.length : at;
}

/** One row from `start`; `end` is behind its line break, and beyond the text when there is none. */
function rowAt(
  text: string,
  start: number,
  quote: number,
  sep: string,
  missing: ReadonlySet<string>,
  isKept: boolean,
): { end: number; row: (string | null)[] | undefined } {
  let end = text.indexOf("\n", start);
  const hasQuote = quote < (end === -1 ? text.length : end);
  if (hasQuote) end = endOfQuoted(text, start);
  const stop = end === -1 ? text.length : end;
  const row = isKept
    ? fieldsOf(text, start, text[stop - 1] === "\r" ? stop - 1 : stop, sep, missing, hasQuote)
    : undefined;
  return { end: end === -1 ? text.length + 1 : end + 1, row };
}

function endOfQuoted(text: string, start: number): number {
  let isQuoted = false;
  for (let i = start; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 34) isQuoted = !isQuoted;
    else if (unit === 10 && !isQuoted) return i;
  }
  return -1;
}

function fieldsOf(
  text: string,
  start: number,
  stop: number,
  sep: string,
  missing: ReadonlySet<string>,
  hasQuote: boolean,
): (string | null)[] {
  const value = (field: string) => (missing.has(field) ? null : field);
  if (!hasQuote) return text.slice(start, stop).split(sep).map(value);
  const fields: (string | null)[] = [];
  let [field, isQuoted] = ["", false];
  for (let i = start; i < stop; i++) {
    const char = text[i] as string;
    if (char === '"') {
      if (isQuoted && text[i + 1] === '"') field += text[++i];
      else isQuoted = !isQuoted;
    } else if (char === sep && !isQuoted) {
      fields.push(value(field));
      field = "";
    } else field += char;
  }
  fields.push(value(field));
  return fields;
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
