import { setImmediate as nextTurn } from "node:timers/promises";
import { DataError, UsageError, withHint } from "../errors.ts";
import { type Blocks, readBlocks } from "./blocks.ts";
import { formatsOf, refuseOtherColumns } from "./moment-formats.ts";
import { asRfc4180 } from "./quoting.ts";
import { readTexts, type TextReading } from "./read-texts.ts";
import { sampleText, type TextSample } from "./sample-text.ts";
import type { FileSource, TextOptions } from "./source.ts";
import { hintNotes, separatorHint, type TextHint, textHints } from "./text-hints.ts";

/** A column of a sample, and what its texts read as. */
export interface TextColumn {
  readonly name: string;
  readonly texts: readonly (string | null)[];
  readonly reading: TextReading;
}

/** A sample of delimited text by its columns. */
export interface TextColumns
  extends Pick<TextSample, "header" | "isTrailing" | "rowCount" | "rowError">,
    Pick<Blocks, "totalBytes"> {
  readonly columns: readonly TextColumn[];
  readonly rows: number;
  /** Its rows as they stand, where one column was found. */
  readonly lines: readonly string[];
}

/**
 * The same failure with the advice that the sample gives where a title stands above the table: the first row that has more fields than it
 * is not what is to be mended.
 */
export async function withTitleAdvice(failure: unknown, source: FileSource): Promise<unknown> {
  if (!(failure instanceof DataError && failure.code === "E_RAGGED_ROW") || source.format !== "csv") return failure;
  const { lines } = await sampleText(await plainBlocks(source, LOOK_BLOCKS), source.files.length, source.text);
  const hint = separatorHint(lines, source.text);
  return hint ? new DataError(failure.code, failure.message, { cause: failure, hint: hint.words }) : failure;
}

/** The columns of a sample of delimited text; the event loop gets its turn between them. */
export async function textColumns(source: FileSource, mostBlocks?: number): Promise<TextColumns> {
  const blocks = await plainBlocks(source, mostBlocks);
  const { text, files } = source;
  const { names, rows, ...rest } = await sampleText(blocks, files.length, text);
  refuseOtherColumns(text, names);
  const columns: TextColumn[] = [];
  for (const [i, name] of names.entries()) {
    await nextTurn();
    const texts = rows.map((row) => row[i] ?? null);
    columns.push({ name, texts, reading: readColumn(name, texts, text) });
  }
  return { ...rest, columns, rows: rows.length, totalBytes: blocks.totalBytes };
}

/** What the texts of a column read as. */
export function readColumn(name: string, texts: readonly (string | null)[], text: TextOptions): TextReading {
  const { decimal, thousands } = text;
  return readTexts(texts, { decimal, thousands, asEngine: true, formats: formatsOf(text, name) });
}

/** What other options would make of a sample. */
export function hintsOf({ columns, lines }: TextColumns, text: TextOptions): Promise<TextHint[]> {
  const typed = columns.map(({ name, texts, reading: { type } }) => ({ name, texts, type }));
  return textHints(typed, lines, text);
}

/** Blocks as if all text were quoted in one way. */
async function plainBlocks(source: FileSource, most?: number): Promise<Blocks> {
  const read = await readBlocks(source, most);
  return { ...read, blocks: read.blocks.map((block) => ({ ...block, text: asRfc4180(block.text, source.quoting) })) };
}

/** Of a look at a file so many blocks are read. */
const LOOK_BLOCKS = 2;

/** What other options would make of a source, as notes; `types` are those that its columns are shown with. */
export async function notesOfText(source: FileSource, types: ReadonlyMap<string, string>): Promise<string[]> {
  if (source.format !== "csv" || source.compression === "zstd") return [];
  const hints = await hintsOf(await textColumns(source, LOOK_BLOCKS), source.text);
  return hintNotes(hints, types);
}

/** A failure about a column of text that holds numbers as another option would read them, with that option for its hint; others as they are. */
export async function withNumberAdvice(failure: unknown, source: FileSource): Promise<unknown> {
  if (!(failure instanceof UsageError)) return failure;
  const column = /and "([\s\S]*)" is str$/.exec(failure.message)?.[1];
  if (column === undefined || source.format !== "csv" || source.compression === "zstd") return failure;
  const hints = await hintsOf(await textColumns(source, LOOK_BLOCKS), source.text);
  const hint = hints.find((one) => one.column === column && one.of === "text");
  return hint === undefined ? failure : withHint(failure, hint.words);
}
