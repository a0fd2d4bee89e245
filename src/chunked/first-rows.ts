import { describeSource, LOOKED_AT, scanColumns } from "../duckdb/describe.ts";
import { type ScanColumn, selectOf } from "../duckdb/select.ts";
import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { withSpans } from "../duckdb/spans-of-time.ts";
import { inUtf8 } from "../duckdb/utf8-copy.ts";
import { startInUtf8 } from "../duckdb/utf8-start.ts";
import { DataError, Interrupted } from "../errors.ts";
import { columnsOf, type DataFrame, frameFromColumns } from "../frame/frame.ts";
import type { RunOptions } from "../progress.ts";
import { driftNotes } from "../source/drift.ts";
import { emptyNotes } from "../source/empty-notes.ts";
import { type ResolveOptions, resolveSource } from "../source/resolve.ts";
import type { FileSource } from "../source/source.ts";
import { notesOfText } from "../source/text-columns.ts";
import { hintNotes } from "../source/text-hints.ts";
import { wrappedRows } from "../source/wrapped-rows.ts";
import { tablesOfArrow } from "../tables/arrow-files.ts";
import { chunksByScanner } from "./chunks/by-scanner.ts";
import { chunksByTables } from "./chunks/by-tables.ts";
import type { ChunkCut, EngineChunk } from "./chunks/chunk-stream.ts";
import { scanPlanOf } from "./engines/scan-plan.ts";
import { readingNotes } from "./notes.ts";

/** The first rows of files, under the types that the engine of their whole has for them. */
export async function firstRows(
  path: string,
  count: number,
  { cwd, text, signal }: ResolveOptions & Pick<RunOptions, "signal">,
): Promise<FirstRows> {
  const source = await resolveSource(path, { cwd, text });
  const { frame, notes: lost } = await rowsOfFiles(source, count, signal);
  const types = new Map(columnsOf(frame).map(({ name, type }) => [name, type]));
  // The rows were read, whatever else is wrong with the file.
  const notes = await notesOfText(source, types).catch(unlessStopped);
  const told = [...lost, ...(notes ?? []), ...(source.format === "json" ? notesOfObject(path, frame) : [])];
  return { frame, notes: [...emptyNotes(source), ...driftNotes(source.drift), ...told] };
}

function notesOfObject(path: string, frame: DataFrame): string[] {
  if (frame.shape[0] !== 1) return [];
  const row = Object.fromEntries(columnsOf(frame).map((column) => [column.name, column.toArray()[0]]));
  return hintNotes(wrappedRows(path, [row]), new Map());
}

export interface FirstRows {
  readonly frame: DataFrame;
  /** What is lost of the values, and what other options would make of the text. */
  readonly notes: readonly string[];
}

async function rowsOfFiles(source: FileSource, count: number, signal: AbortSignal | undefined): Promise<FirstRows> {
  const cut = { size: { rows: count } };
  if (source.format === "arrow") {
    const frame = await firstOf(chunksByTables(await tablesOfArrow(source), {}, cut, () => undefined));
    return { frame, notes: [] };
  }
  // One thread is enough, and more would read what nobody asked for.
  const scanned = await firstScanned(source, cut, signal).catch(unlessStopped);
  return scanned ? { frame: scanned, notes: [] } : byDuckdb(source, count, signal);
}

async function firstScanned(source: FileSource, cut: ChunkCut, signal: AbortSignal | undefined) {
  const scan = await scanPlanOf(source, {});
  if ("refused" in scan) return undefined;
  const found = await chunksByScanner(source, scan, { signal, threads: 1 }, cut, () => undefined);
  return "refused" in found ? undefined : firstOf(found.chunks);
}

async function firstOf(chunks: AsyncIterable<EngineChunk>): Promise<DataFrame> {
  for await (const { columns } of chunks) return frameFromColumns(columns);
  return frameFromColumns([]);
}

function unlessStopped(failure: unknown): undefined {
  if (failure instanceof Interrupted) throw failure;
}

async function byDuckdb(given: FileSource, count: number, signal: AbortSignal | undefined): Promise<FirstRows> {
  await using session = await openDuckdb({ signal });
  const source = await inUtf8(session, given, { isLook: true });
  return await rowsOf(session, source, count).catch(async (failure: unknown) => {
    if (!(failure instanceof DataError && failure.code === "E_ENCODING")) throw failure;
    const start = await startInUtf8(session, source);
    const found = start && (await rowsOf(session, start, count).catch(unlessStopped));
    if (!found || (found.frame.shape[0] ?? 0) < count) throw failure;
    return { ...found, notes: [...found.notes, `${failure.message}: ${failure.hint}`] };
  });
}

async function rowsOf(session: DuckdbSession, source: FileSource, count: number): Promise<FirstRows> {
  const described = await describeSource(session, source, { mostRows: Math.max(count, LOOKED_AT) });
  const read = async (columns: readonly ScanColumn[]) => {
    const { columns: found } = await session.query(`${selectOf(source, columns)} LIMIT ${count}`);
    return frameFromColumns(withSpans(found, described.spans));
  };
  const isCsv = source.format === "csv";
  const columns = scanColumns(described, described.columns).map((column) => ({ ...column, isWide: isCsv }));
  // A look at data shows what is there, also where it is not of the type that the engine took it for.
  const asTexts = (failure: unknown) => {
    if (!isCsv) throw failure;
    unlessStopped(failure);
    return read(columns.map((column) => ({ ...column, type: "str" })));
  };
  const frame = await read(columns).catch(asTexts);
  return { frame, notes: [...driftNotes(described.drift), ...readingNotes(described, columnsOf(frame))] };
}
