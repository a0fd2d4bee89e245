import { inferColumn } from "../frame/infer.ts";
import { columnOfInput } from "../frame/input.ts";
import { inTurns, pauses } from "../pauses.ts";
import { readBlocks } from "../source/blocks.ts";
import { readTexts, type TextReading } from "../source/read-texts.ts";
import type { FileSource } from "../source/source.ts";
import { hintsOf, textColumns } from "../source/text-columns.ts";
import type { TextHint } from "../source/text-hints.ts";
import { wrappedRows } from "../source/wrapped-rows.ts";
import { type ColumnFacts, scaleFacts } from "./facts.ts";
import { measureColumn, plainText } from "./measure.ts";
import type { Layout } from "./reading.ts";
import { type SampleSession, sampleEngine } from "./sample-engine.ts";
import { sampleFolders } from "./sample-folders.ts";
import { sampleJson } from "./sample-json.ts";
import { textColumn } from "./text-column.ts";

/** What a sample says about the whole. */
export interface Estimate extends Layout {
  readonly facts: readonly ColumnFacts[];
  readonly rows: number;
  readonly rowsError: number;
  readonly rowsRead: number;
  /** Of all files after decompression. */
  readonly unpackedBytes: number;
  /** Of delimited text, what other options would make of it. */
  readonly hints: readonly TextHint[];
}

/** One column of a sample; null is missing. */
export interface SampleColumn {
  readonly name: string;
  readonly values: readonly unknown[];
  /** pandas' name where the file says it. */
  readonly type?: string | undefined;
}

/** Enough to tell sizes. */
const BRIEF_BLOCKS = 8;

/**
 * Looks at a few blocks of the files, or at a footer and some rows; `engine` opens the engine where nothing else reads the format. Brief it is at
 * fewer blocks, and without hints.
 */
export async function estimateSource(
  source: FileSource,
  engine: () => Promise<SampleSession>,
  signal?: AbortSignal,
  isBrief = false,
): Promise<Estimate> {
  const isText = (source.format === "csv" || source.format === "json") && source.compression !== "zstd";
  if (!isText) return finish(await sampleEngine(source, await engine(), isBrief), signal);
  const mostBlocks = isBrief ? BRIEF_BLOCKS : undefined;
  if (source.format === "csv") {
    const sample = await textColumns(source, mostBlocks);
    const { columns, rows, rowCount, rowError, totalBytes, header, isTrailing } = sample;
    return finish(
      {
        columns: [
          ...(await inTurns(columns, (column) => textColumn(column, source.text))),
          ...sampleFolders(source, rows),
        ],
        rows: rowCount,
        rowsError: rowError,
        unpackedBytes: totalBytes,
        header,
        isTrailing,
        hints: isBrief ? [] : await hintsOf(sample, source.text),
      },
      signal,
    );
  }
  const blocks = await readBlocks(source, mostBlocks);
  const { objects, rowCount, rowError, isLines } = await sampleJson(blocks, source.files.length);
  const columns = await inTurns(await keysOf(objects), (name) =>
    jsonColumn(
      name,
      objects.map((object) => (Object.hasOwn(object, name) ? (object[name] ?? null) : null)),
    ),
  );
  return finish(
    {
      columns: [...columns, ...sampleFolders(source, objects.length)],
      rows: rowCount,
      rowsError: rowError,
      unpackedBytes: blocks.totalBytes,
      isLines,
      hints: rowCount === 1 ? wrappedRows(source.label, objects) : [],
    },
    signal,
  );
}

/** Each key once, as they come. */
async function keysOf(objects: readonly object[]): Promise<Set<string>> {
  const keys = new Set<string>();
  await inTurns(objects, (object) => {
    for (const key of Object.keys(object)) keys.add(key);
  });
  return keys;
}

/** A sample before it is measured. */
export interface Sample extends Partial<Layout> {
  readonly columns: readonly (SampleColumn & {
    readonly extra?: Partial<ColumnFacts>;
    /** What the texts of a text column read as. */
    readonly reading?: TextReading | undefined;
  })[];
  readonly rows: number;
  readonly rowsError: number;
  readonly unpackedBytes: number;
  readonly hints?: readonly TextHint[] | undefined;
}

async function finish(
  { columns, rows, rowsError, unpackedBytes, isLines = true, header, isTrailing, hints = [] }: Sample,
  signal: AbortSignal | undefined,
): Promise<Estimate> {
  const facts: ColumnFacts[] = [];
  const pause = pauses();
  for (const { name, type, values, extra, reading } of columns) {
    const column = type === undefined ? inferColumn(name, values) : columnOfInput({ name, type, values });
    const measured = {
      ...(await measureColumn(column, signal)),
      ...(await readingFacts(name, reading, signal)),
      ...extra,
    };
    await pause();
    const isAll = values.length >= rows;
    const distinct = isAll ? measured.distinct : likelyDistinct(values, rows);
    facts.push(scaleFacts({ ...measured, type: type ?? measured.type, distinct }, rows));
  }
  const rowsRead = columns[0]?.values.length ?? 0;
  return { facts, rows, rowsError, rowsRead, unpackedBytes, isLines, header, isTrailing, hints };
}

/** The figures of what texts read as; their lengths stay those of the texts. */
async function readingFacts(
  name: string,
  reading: TextReading | undefined,
  signal: AbortSignal | undefined,
): Promise<Partial<ColumnFacts>> {
  if (reading === undefined || reading.type === "str" || reading.leadingZeros > 0) return {};
  const { type, values } = reading;
  const { min, max, numbers } = await measureColumn(columnOfInput({ name, type, values }), signal);
  return { min, max, numbers, readsAs: type };
}

/** JSON has no dates: the engine makes them of texts, and so does this. */
function jsonColumn(name: string, values: readonly unknown[]): Sample["columns"][number] {
  const isText = values.every((value) => value === null || typeof value === "string");
  if (!isText) return { name, values };
  const texts = values as (string | null)[];
  const { type, values: dates } = readTexts(texts);
  return /^date/.test(type)
    ? { ...textColumn({ name, texts, reading: readTexts(texts, { asEngine: true }) }, {}), type, values: dates }
    : { name, type: "str", values };
}

/** Chao's estimate: how many values a sample has missed follows from how many it saw once and twice. */
function likelyDistinct(values: readonly unknown[], rows: number): number {
  const counts = new Map<unknown, number>();
  let present = 0;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    present++;
    const key = typeof value === "object" ? plainText(value) : value;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let [once, twice] = [0, 0];
  for (const count of counts.values()) {
    if (count === 1) once++;
    if (count === 2) twice++;
  }
  const whole = (rows * present) / Math.max(1, values.length);
  const guess = once === present ? whole : counts.size + (once * Math.max(0, once - 1)) / (2 * (twice + 1));
  return Math.round(Math.min(whole, guess));
}
