import { open } from "node:fs/promises";
import { cut } from "../../src/query/words.ts";
import { sniffSeparator } from "../../src/source/dialect.ts";
import { parquetNames } from "../../src/source/parquet-names.ts";
import { folderOf } from "./complete-files.ts";

const HEAD_BYTES = 64 * 1024;

/** The names of a file's columns, from its first line or its schema; none where they cannot be read at once, as of JSON, whose later lines may have more. */
export async function fileColumns(typed: string, cwd: string): Promise<readonly string[]> {
  const file = folderOf(typed, cwd);
  try {
    if (/\.(csv|tsv|tab|psv|txt)$/i.test(typed)) return namesIn(await readHead(file));
    if (/\.(parquet|pq)$/i.test(typed)) return unlikeEachOther(await parquetNames(file));
    if (/\.(arrow|feather|ipc|arrows)$/i.test(typed)) return unlikeEachOther(await arrowNames(file));
  } catch {
    // Whoever runs the line is told what is wrong with the file.
  }
  return [];
}

function namesIn(head: string): readonly string[] {
  const line = /^\uFEFF?([^\r\n]+)/.exec(head)?.[1];
  return line === undefined ? [] : cut(line, sniffSeparator(head)).map(({ text }) => text);
}

async function readHead(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

async function arrowNames(file: string): Promise<readonly string[]> {
  const { readArrowSchema } = await import("../../src/frame/read-arrow.ts");
  return (await readArrowSchema(file)).fields.map(({ name }) => name);
}

/** Names that are one but for their case get others when they are read. */
function unlikeEachOther(names: readonly string[]): readonly string[] {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length ? [] : names;
}
