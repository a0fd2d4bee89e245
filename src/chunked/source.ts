import { UsageError } from "../errors.ts";
import { isTable, type Table } from "../frame/arrow.ts";
import { type DataFrame, isFrame } from "../frame/frame.ts";
import { type ResolveOptions, resolveSource } from "../source/resolve.ts";
import type { FileSource } from "../source/source.ts";
import { tablesOfArrow } from "../tables/arrow-files.ts";
import { tablesOfFrame } from "../tables/frame-tables.ts";
import { isIterable, tablesOfRows } from "../tables/row-tables.ts";
import { isTableSource, type TableSource } from "../tables/table-source.ts";

/** Data on this machine: files that the engines read, or what comes as tables. */
export type LocalSource = FileSource | TableSource;

/**
 * What `chunked` works on here: a path, a folder or a pattern; files that were resolved; a frame or an Arrow table; rows as objects, or frames, of
 * an iterable, which is read once.
 */
export type SourceInput = string | LocalSource | DataFrame | Table | AsyncIterable<unknown> | Iterable<unknown>;

/** @throws {UsageError} E_SOURCE, and those of resolving a path */
export async function localSource(given: unknown, options: ResolveOptions): Promise<LocalSource> {
  if (typeof given === "string") return readable(await resolveSource(given, options));
  if (isFiles(given)) return readable(given);
  if (isChunkable(given)) return labelled(given);
  throw new UsageError("E_SOURCE", "the source is no data: neither a path nor files, a frame or an iterable of rows", {
    hint: 'name a file, as in chunked("data.csv", …), or give a frame',
  });
}

type Chunkable = DataFrame | Table | TableSource | AsyncIterable<unknown> | Iterable<unknown>;

/** Whether a value that is no path has rows. */
export function isChunkable(value: unknown): value is Chunkable {
  return isFrame(value) || isTable(value) || isTables(value) || isIterable(value);
}

/** What has rows as tables, under the name that captions give it. */
export function labelled(value: Chunkable, label?: string): TableSource {
  if (isTables(value)) return value;
  return isFrame(value) || isTable(value) ? tablesOfFrame(value, label) : tablesOfRows(value, label);
}

/** No engine reads Arrow files. */
async function readable(source: FileSource): Promise<LocalSource> {
  return source.format === "arrow" ? tablesOfArrow(source) : source;
}

function isTables(value: unknown): value is TableSource {
  return typeof value === "object" && value !== null && isTableSource(value);
}

function isFiles(value: unknown): value is FileSource {
  return typeof value === "object" && value !== null && (value as FileSource).kind === "files";
}
