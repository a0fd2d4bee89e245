import { isUtf8 } from "node:buffer";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { type FileSource, fileName } from "../source/source.ts";
import { LOOKED_AT_BYTES, layBeginning } from "./laid-beginning.ts";
import type { DuckdbSession } from "./session.ts";

const LINE_FEED = 10;

/**
 * The rows that begin one text file, up to the first line that is not UTF-8, as a file of the session: the engine looks at more rows than are
 * shown of a file, and refuses all of them for one bad byte. Undefined for other sources.
 */
export async function startInUtf8(session: DuckdbSession, source: FileSource): Promise<FileSource | undefined> {
  const { format, text, files, compression, partitions } = source;
  const [file, ...others] = files;
  const isText = format === "csv" && compression !== "zstd" && text.encoding === "utf-8";
  if (!isText || file === undefined || others.length > 0 || partitions !== undefined) return undefined;
  return await session.layFiles(async () => {
    const to = path.join(session.tempFolder, "start", fileName(file).replace(/\.gz$/i, ""));
    await mkdir(path.dirname(to), { recursive: true });
    await layBeginning(file.path, to, source, LOOKED_AT_BYTES, goodLines);
    const { size, mtimeMs } = await stat(to);
    return { ...source, files: [{ path: to, bytes: size, mtimeMs }], bytes: size, compression: undefined };
  });
}

function goodLines(bytes: Buffer): string {
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
    if (!isUtf8(bytes.subarray(from, end))) break;
    from = end + 1;
  }
  return bytes.toString("utf8", 0, from);
}
