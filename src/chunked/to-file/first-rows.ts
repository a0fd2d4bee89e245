import type { DuckdbSession } from "../../duckdb/session.ts";
import { startInUtf8 } from "../../duckdb/utf8-start.ts";
import { DataError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import type { FileSource } from "../../source/source.ts";
import type { ChunkedOptions } from "../options.ts";
import { copyRows } from "./rows.ts";

/** Of a smaller file nothing is saved. */
const LEAST_BYTES = 2 ** 21;

/**
 * The first rows of a text where no others are asked for: neither they nor their types are looked for behind its beginning. Undefined where that has
 * fewer, or they cannot be taken from it.
 */
export async function copyFirst(
  session: DuckdbSession,
  source: FileSource,
  options: ChunkedOptions,
  target: Parameters<typeof copyRows>[3],
  onProgress: ProgressListener,
): Promise<Awaited<ReturnType<typeof copyRows>> | undefined> {
  const { limit, where, order } = options;
  if (limit === undefined || where !== undefined || order !== undefined || source.bytes < LEAST_BYTES) return undefined;
  // The engine lists what it leaves out by session, and would have it twice.
  if (source.text.badRows === "skip") return undefined;
  const start = await startInUtf8(session, source);
  if (start === undefined || start.bytes === 0) return undefined;
  try {
    const copied = await copyRows(session, start, options, target, onProgress);
    return copied.rows === limit ? copied : undefined;
  } catch (failure) {
    // A fault may be one of the cut, or lie behind the rows; where it does not, it is told when all is read.
    if (failure instanceof DataError) return undefined;
    throw failure;
  }
}
