import type { SourceFile } from "../../source/source.ts";
import { createFeed, FeedReader, FULL } from "./feed.ts";
import { gunzipFiles } from "./gunzip.ts";
import type { SmallText } from "./small-text.ts";
import { unpackKernel } from "./unpack-kernel.ts";

/** Pages of 64 KiB: some 4 MB of text, and what unpacks it. */
const PAGES = 80;

/**
 * Unpacks small files in the calling thread; undefined where their text is larger than it looked.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED
 */
export function unpackHere(files: readonly SourceFile[]): SmallText | undefined {
  const end = createFeed({ pages: PAGES, isHere: true });
  try {
    gunzipFiles(unpackKernel(end), end, files);
  } catch (failure) {
    if (failure === FULL) return undefined;
    throw failure;
  }
  return () => {
    const reader = new FeedReader(end);
    reader.rewind();
    return () => reader.nextFile(() => undefined);
  };
}
