import type { SourceFile } from "../../source/source.ts";
import { Arena } from "../arena.ts";
import { Kernel } from "../kernel.ts";
import type { ScanTable } from "../table.ts";
import type { WasmModule } from "../webassembly.ts";
import { OpenFile } from "./byte-sources.ts";

const BLOCK_BYTES = 1024 * 1024;

/** The line, from 1, that a byte of a file is in; undefined where the bytes of the text are not those of the file, or it is gone. */
export function lineOf(
  module: WasmModule,
  { compression, dialect }: ScanTable,
  file: SourceFile,
  offset: number,
): number | undefined {
  if (compression !== undefined || dialect.encoding !== "utf-8") return undefined;
  const kernel = new Kernel(module);
  const block = new Arena(kernel).take(BLOCK_BYTES);
  const end = dialect.newline === "cr" ? 13 : 10;
  try {
    using open = new OpenFile(file);
    const source = open.from(0);
    let lines = 1;
    for (let at = 0; at < offset; ) {
      const read = source.read(kernel.bytes.subarray(block, block + Math.min(BLOCK_BYTES, offset - at)));
      if (read === 0) break;
      lines += kernel.calls.countByte(block, block + read, end);
      at += read;
    }
    return lines;
  } catch {
    // The fault is what is to be told.
    return undefined;
  }
}
