import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DataError } from "../errors.ts";
import { parseDtypes } from "../query/dtypes.ts";
import { readBlocks, startOfBlock } from "../source/blocks.ts";
import { columnNames } from "../source/column-names.ts";
import { sniffSeparator } from "../source/dialect.ts";
import {
  type DeclaredFormats,
  formatAs,
  formatsOf,
  formOf,
  momentForms,
  refuseOtherColumns,
} from "../source/moment-formats.ts";
import type { FileSource, TextOptions } from "../source/source.ts";
import { momentsInWords } from "../source/written-moments.ts";
import { compileKernel, Kernel } from "./kernel.ts";
import { ScanRefused } from "./refused.ts";
import { takeHead } from "./rows/head.ts";
import { sniffJson } from "./sniff-json.ts";
import type { Dialect, Kind, ScanColumn, ScanTable } from "./table.ts";
import { kindOfPandas } from "./types/declared-kinds.ts";
import { exactKind } from "./types/exact-decimals.ts";
import { inferKind } from "./types/infer.ts";
import { MOST_PIECES, sampleTexts, sourceOf } from "./types/samples.ts";

export interface SniffOptions {
  /** Types of columns under pandas' names, as `--dtype` has them. */
  readonly dtype?: string | Readonly<Record<string, string>> | undefined;
  /** Types that hold the first rows alone; whoever asks so finds out himself what later ones are. */
  readonly ofFirstRows?: boolean | undefined;
  /** Decimals that are found keep every digit in the result. */
  readonly keepsDigits?: boolean | undefined;
}

const FIRST_CHARS = 64 * 1024;

/** Rows that the types are found from. */
const MOST_ROWS = 2_500;

/**
 * How a text source is to be read: its dialect, and the columns with the types that hold all values of samples from all over
 * its files.
 *
 * @throws {ScanRefused} where another engine must read it
 * @throws {DataError} E_EMPTY_FILE, E_DAMAGED_FILE
 * @throws {UsageError} E_BAD_DTYPE
 */
export async function sniffTable(source: FileSource, options: SniffOptions = {}): Promise<ScanTable> {
  refuse(source);
  const declared = parseDtypes(options.dtype ?? {});
  if (source.format === "json") return sniffJson(source, declared);
  const { blocks } = await readBlocks(source, MOST_PIECES);
  const head = blocks[0]?.text ?? "";
  const dialect = dialectOf(source, head);
  refuseMarks(dialect, source.label);
  const written = takeHead(sourceOf(Buffer.from(head)), { ...dialect, header: true, skip: 0 }).names ?? [];
  if (written.length === 0) throw emptyFile(source);
  const names = columnNames(dialect.header ? written : written.map(() => null));
  const kernel = new Kernel(await compileKernel());
  const samples = await sampleTexts(
    kernel,
    options.ofFirstRows ? blocks.slice(0, 1).map((block) => startOfBlock(block, FIRST_CHARS)) : blocks,
    dialect,
    names.length,
    MOST_ROWS,
  );
  refuseOtherColumns(source.text, names);
  const missing = ["", ...dialect.nulls];
  const columns: ScanColumn[] = [];
  for (const [i, name] of names.entries()) {
    const type = Object.hasOwn(declared, name) ? declared[name] : undefined;
    await nextTurn();
    const texts = samples[i] as Set<string>;
    for (const word of missing) texts.delete(word);
    const column = columnOf(name, type, [...texts], source.text);
    const isExact = options.keepsDigits === true && !column.isDeclared;
    columns.push(isExact ? { ...column, type: exactKind(column.type, [...texts]) } : column);
  }
  const { label, files, compression } = source;
  return {
    label,
    format: "csv",
    compression: compression === "gzip" ? compression : undefined,
    files,
    dialect,
    columns,
    ...(options.keepsDigits && { keepsDigits: true }),
  };
}

/** A format of one column declares what it is. */
function columnOf(name: string, type: string | undefined, texts: readonly string[], text: TextOptions): ScanColumn {
  const formats = formatsOf(text, name);
  const { ofAll, own } = formats;
  const trimmed = texts.map((one) => one.trim());
  if (type !== undefined) {
    const kind = kindOfPandas(type, momentFormat(type, trimmed, formats));
    return { name, type: kind, isDeclared: true, ...doubtOf(kind, trimmed, ofAll ?? own) };
  }
  if (own !== undefined) return { name, type: formOf(own), isDeclared: true };
  const kind = inferKind(texts, { decimal: text.decimal, thousands: text.thousands, dateFormat: ofAll });
  return { name, type: kind, isDeclared: false, ...doubtOf(kind, trimmed, ofAll) };
}

function doubtOf(kind: Kind, texts: readonly string[], declared: string | undefined): Pick<ScanColumn, "doubt"> {
  if (declared !== undefined || !("format" in kind) || kind.format === undefined) return {};
  const doubt = momentsInWords(texts)?.unsure;
  return doubt === undefined ? {} : { doubt };
}

/** The one that is declared, or that all samples have. */
function momentFormat(type: string, texts: readonly string[], { ofAll, own }: DeclaredFormats): string | undefined {
  if (!/^date/.test(type)) return undefined;
  const [form] = own === undefined ? momentForms(texts, ofAll) : [];
  return formatAs(type, form ? form.format : (own ?? ofAll));
}

function refuse({ format, compression, isDrifting, files, label }: FileSource): void {
  if (format !== "csv" && format !== "json") throw new ScanRefused("query", `${label} is no text`);
  if (compression === "zstd") throw new ScanRefused("compression", "Zstandard is for another engine");
  if (isDrifting) throw new ScanRefused("query", `the files of ${label} differ in their columns`);
  if (files.some((file) => /[\\/][^\\/=]+=[^\\/]*[\\/]/.test(file.path)))
    throw new ScanRefused("query", `${label} keeps columns in the names of folders`);
}

/** To the kernel each mark is a byte. */
function refuseMarks(dialect: Dialect, label: string): void {
  const marks = [dialect.separator, dialect.quote, dialect.escape];
  const isByte = (mark: string | undefined) => mark === undefined || (mark.length === 1 && mark.charCodeAt(0) < 128);
  if (!marks.every(isByte))
    throw new ScanRefused("dialect", `the separator or quote of ${label} is more than one byte`);
}

/** What is not given is found in the first rows. */
function dialectOf({ text, quoting }: FileSource, head: string): Dialect {
  return {
    separator: text.sep ?? sniffSeparator(head),
    quote: quoting?.quote ?? '"',
    escape: quoting?.escape ?? '"',
    newline: newlineOf(head),
    header: text.header ?? true,
    // Of the files themselves; the blocks come without them.
    skip: text.skipRows ?? 0,
    encoding: encodingOf(text.encoding),
    decimal: text.decimal ?? ".",
    ...(text.thousands !== undefined && { thousands: text.thousands }),
    nulls: text.na ?? [],
    ragged: text.badRows ?? "error",
  };
}

/** A text without a line feed that has carriage returns ends its rows with these. */
function newlineOf(head: string): Dialect["newline"] {
  const feed = head.indexOf("\n");
  if (feed === -1) return head.includes("\r") ? "cr" : "lf";
  return head[feed - 1] === "\r" ? "crlf" : "lf";
}

function encodingOf(name: string | undefined): Dialect["encoding"] {
  if (name === "utf-16") return "utf-16le";
  return name === "latin-1" || name === "windows-1252" ? name : "utf-8";
}

function emptyFile({ files, label }: FileSource): DataError {
  return new DataError("E_EMPTY_FILE", `${path.basename(files[0]?.path ?? label)} has no line of names`, {
    hint: "a table without rows still needs its line of names; check how the file was written",
  });
}
