import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { EngineError, Interrupted } from "../errors.ts";
import { decode } from "../source/encoding.ts";
import { withFileChecks } from "../source/file-checks.ts";
import { fullDisk } from "../source/full-disk.ts";
import { type FileSource, fileName, type SourceFile, totalBytes } from "../source/source.ts";
import type { DuckdbSession } from "./session.ts";

/** Larger blocks than Node's own make it twice as fast. */
const BLOCK = 2 ** 20;

/** Copies by session and path: describing and reading take the same. */
const copies = new WeakMap<DuckdbSession, Map<string, Promise<SourceFile>>>();

/**
 * A source as the engine can read it. Windows-1252 it knows only with an extension that it would load from the net: such text is copied as UTF-8 into
 * the session's temporary folder, once, and goes with it. Every other source is given back as it is.
 *
 * @throws {EngineError} E_NO_SPACE
 * @throws {DataError} E_FILE_CHANGED, E_DAMAGED_FILE
 * @throws {Interrupted}
 */
export async function inUtf8(session: DuckdbSession, source: FileSource): Promise<FileSource> {
  const { format, text, compression } = source;
  if (format !== "csv" || text.encoding !== "windows-1252" || compression === "zstd") return source;
  const files: SourceFile[] = [];
  for (const file of source.files) files.push(await copyOf(session, source, file));
  return { ...source, files, bytes: totalBytes(files), compression: undefined, text: { ...text, encoding: undefined } };
}

function copyOf(session: DuckdbSession, source: FileSource, file: SourceFile): Promise<SourceFile> {
  const known = copies.get(session) ?? new Map<string, Promise<SourceFile>>();
  copies.set(session, known);
  const folder = path.join(session.tempFolder, `utf8-${known.size}`);
  const copy = known.get(file.path) ?? writeCopy(session, source, file, folder);
  known.set(file.path, copy);
  return copy;
}

async function writeCopy(
  session: DuckdbSession,
  source: FileSource,
  file: SourceFile,
  folder: string,
): Promise<SourceFile> {
  const { signal } = session;
  const to = path.join(folder, ...foldersOf(source, file), fileName(file).replace(/\.gz$/i, ""));
  try {
    await mkdir(path.dirname(to), { recursive: true });
    await withFileChecks({ ...source, files: [file] }, signal, () => copy(file.path, to, source, signal));
    const { size, mtimeMs } = await stat(to);
    return { path: to, bytes: size, mtimeMs };
  } catch (failure) {
    if (signal?.aborted) throw new Interrupted(undefined, { cause: failure });
    const full = fullDisk(failure);
    if (full === undefined) throw failure;
    throw new EngineError("E_NO_SPACE", `${full}: ${fileName(file)} could not be copied as UTF-8, which DuckDB reads`, {
      cause: failure,
      hint: `free disk space in ${path.dirname(session.tempFolder)}, or set TMPDIR to a larger disk`,
    });
  }
}

/** In which columns stand. */
function foldersOf({ partitions }: FileSource, { path: from }: SourceFile): readonly string[] {
  const parts = path.dirname(from).split(path.sep);
  return partitions === undefined ? [] : parts.filter((part) => part.includes("="));
}

async function copy(
  from: string,
  to: string,
  { compression }: FileSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const read = createReadStream(from, { highWaterMark: BLOCK });
  const write = createWriteStream(to, { highWaterMark: BLOCK });
  const copied =
    compression === "gzip"
      ? pipeline(read, createGunzip({ chunkSize: BLOCK }), toUtf8, write, { signal })
      : pipeline(read, toUtf8, write, { signal });
  await copied.catch((cause: Error) => {
    throw new EngineError("E_COPY", `${path.basename(from)} could not be copied as UTF-8: ${cause.message}`, { cause });
  });
}

/** Each byte is a whole character. */
async function* toUtf8(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const block of blocks) yield Buffer.from(decode(block, "windows-1252"));
}
