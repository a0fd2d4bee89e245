import { sliceBits } from "../../frame/bits.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { EngineChunk } from "./chunk-stream.ts";

/** Some rows of a chunk, as a chunk of their own over the same buffers. */
export function sliceChunk(chunk: EngineChunk, from: number, to: number): EngineChunk {
  if (from === 0 && to === chunk.rows) return chunk;
  const columns = chunk.columns.map(
    ({ values, validity, ...column }): EngineColumn => ({
      ...column,
      values: ArrayBuffer.isView(values) ? values.subarray(from, to) : values.slice(from, to),
      validity: sliceBits(validity, from, to - from),
    }),
  );
  return { columns, rows: to - from, firstRow: chunk.firstRow + from };
}
