import type { SourceFile } from "../../source/source.ts";
import { OpenFile } from "./byte-sources.ts";

/** Each file is opened for it. */
const MOST_FILES = 100;
const { POSITIVE_INFINITY } = Number;

/** Bytes of text that gzip files say at their ends, which is a guess: it is of the last member alone. Of many files, or one that cannot be read, without end. */
export function saidBytes(files: readonly SourceFile[]): number {
  if (files.length > MOST_FILES) return POSITIVE_INFINITY;
  try {
    return files.reduce((sum, file) => sum + lastNumber(file), 0);
  } catch {
    // Who reads it is told why.
    return POSITIVE_INFINITY;
  }
}

function lastNumber(file: SourceFile): number {
  using open = new OpenFile(file);
  const bytes = Buffer.alloc(4);
  open.from(Math.max(0, file.bytes - bytes.length)).read(bytes);
  return bytes.readUInt32LE();
}
