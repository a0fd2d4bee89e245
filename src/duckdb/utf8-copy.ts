import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { EngineError } from "../errors.ts";
import { decode } from "../source/encoding.ts";
import { withFileChecks } from "../source/file-checks.ts";
import { fullDisk } from "../source/full-disk.ts";
import { namesAbove, type Partitions } from "../source/partitions.ts";
import { type FileSource, fileName, type SourceFile, totalBytes } from "../source/source.ts";
import { LOOKED_AT_BYTES, layBeginning } from "./laid-beginning.ts";
import type { DuckdbSession } from "./session.ts";

/** Larger blocks than Node's own make it twice as fast. */
const BLOCK = 2 ** 20;

/** What the progress of a copy is called. */
export const COPYING = "copying as UTF-8";

/** Copies by session and what is copied: describing and reading take the same. */
const copies = new WeakMap<DuckdbSession, Map<string, Promise<SourceFile>>>();

/**
 * A source as the engine can read it. Windows-1252 it knows only with an extension that it would load from the net: such text is copied as UTF-8 into
 * the session's temporary folder, once, and goes with it; of large files that are only looked at it is the first rows. Every other source is given back as it is.
 *
 * @throws {EngineError} E_NO_SPACE
 * @throws {DataError} E_FILE_CHANGED, E_DAMAGED_FILE
 * @throws {Interrupted}
 */
export async function inUtf8(
  session: DuckdbSession,
  source: FileSource,
  { isLook = false, onFraction }: CopyOptions = {},
): Promise<FileSource> {
  const { format, text, compression, partitions } = source;
  if (format !== "csv" || text.encoding !== "windows-1252" || compression === "zstd") return source;
  const most = isLook ? Math.max(BLOCK, LOOKED_AT_BYTES / source.files.length) : Number.POSITIVE_INFINITY;
  const files: SourceFile[] = [];
  let before = 0;
  for (const file of source.files) {
    const tell = (bytes: number) => onFraction?.((before + bytes) / source.bytes);
    files.push(await copyOf(session, source, file, most, tell));
    before += file.bytes;
  }
  return {
    ...source,
    files,
    partitions: partitions && withFoldersOf(session.tempFolder, partitions),
    bytes: totalBytes(files),
    compression: undefined,
    text: { ...text, encoding: undefined },
  };
}

export interface CopyOptions {
  readonly isLook?: boolean | undefined;
  /** How much of all files is copied. */
  readonly onFraction?: ((fraction: number) => void) | undefined;
}

/** The copies may lie below folders that look like columns, too. */
function withFoldersOf(folder: string, { above, ...rest }: Partitions): Partitions {
  const names = rest.columns.map(({ name }) => name);
  return { ...rest, above: [...above, ...namesAbove(folder, names)] };
}

function copyOf(
  session: DuckdbSession,
  source: FileSource,
  file: SourceFile,
  most: number,
  tell: (bytes: number) => void,
): Promise<SourceFile> {
  const known = copies.get(session) ?? new Map<string, Promise<SourceFile>>();
  copies.set(session, known);
  const isWhole = file.bytes <= most;
  const key = `${isWhole ? "whole" : "start"}:${file.path}`;
  const to = path.join(session.tempFolder, `utf8-${known.size}`, ...foldersOf(source, file), plainName(file));
  const write = (ended: AbortSignal) =>
    isWhole
      ? withFileChecks({ ...source, files: [file] }, ended, () => writeWhole(file.path, to, source, ended, tell))
      : layBeginning(file.path, to, source, most, fromWindows);
  const copy = known.get(key) ?? session.layFiles((ended) => copied(file, to, session, () => write(ended)));
  known.set(key, copy);
  return copy;
}

/** In which columns stand. */
function foldersOf({ partitions }: FileSource, { path: from }: SourceFile): readonly string[] {
  const parts = path.dirname(from).split(path.sep);
  return partitions === undefined ? [] : parts.filter((part) => part.includes("="));
}

function plainName(file: SourceFile): string {
  return fileName(file).replace(/\.gz$/i, "");
}

async function copied(
  file: SourceFile,
  to: string,
  { tempFolder }: DuckdbSession,
  write: () => Promise<void>,
): Promise<SourceFile> {
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await write();
    const { size, mtimeMs } = await stat(to);
    return { path: to, bytes: size, mtimeMs };
  } catch (failure) {
    const full = fullDisk(failure);
    if (full === undefined) throw failure;
    throw new EngineError("E_NO_SPACE", `${full}: ${fileName(file)} could not be copied as UTF-8, which DuckDB reads`, {
      cause: failure,
      hint: `free disk space in ${path.dirname(tempFolder)}, or set TMPDIR to a larger disk`,
    });
  }
}

async function writeWhole(
  from: string,
  to: string,
  { compression }: FileSource,
  signal: AbortSignal,
  tell: (bytes: number) => void,
): Promise<void> {
  const read = createReadStream(from, { highWaterMark: BLOCK });
  const write = createWriteStream(to, { highWaterMark: BLOCK });
  const counted = (blocks: AsyncIterable<Buffer>) => counting(blocks, tell);
  const written =
    compression === "gzip"
      ? pipeline(read, counted, createGunzip({ chunkSize: BLOCK }), toUtf8, write, { signal })
      : pipeline(read, counted, toUtf8, write, { signal });
  await written.catch((cause: Error) => {
    throw notCopied(from, cause);
  });
}

async function* counting(blocks: AsyncIterable<Buffer>, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const block of blocks) {
    bytes += block.length;
    tell(bytes);
    yield block;
  }
}

/** Each byte is a whole character. */
async function* toUtf8(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const block of blocks) yield Buffer.from(fromWindows(block));
}

function fromWindows(bytes: Buffer): string {
  return decode(bytes, "windows-1252");
}

function notCopied(from: string, cause: Error): EngineError {
  return new EngineError("E_COPY", `${path.basename(from)} could not be copied as UTF-8: ${cause.message}`, { cause });
}
