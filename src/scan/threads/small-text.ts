import type { SourceFile } from "../../source/source.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import { isSmall, type ThreadOptions } from "./how-many.ts";

/** Text that the calling thread reads itself, from the first file on in each scan: file by file where it was unpacked, else undefined. */
export type SmallText = () => (() => ByteSource) | undefined;

/** Undefined where threads are to read the text. What only threads and small packed files need is not loaded before. */
export async function smallText(
  compression: string | undefined,
  files: readonly SourceFile[],
  options: ThreadOptions,
): Promise<SmallText | undefined> {
  if (!isSmall(compression, files, options)) return undefined;
  if (compression === undefined) return () => undefined;
  const { unpackHere } = await import("./unpack-here.ts");
  return unpackHere(files);
}
