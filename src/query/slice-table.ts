import { sliceBits } from "../frame/bits.ts";
import type { EngineColumn, EngineTable } from "./engine-table.ts";

/** Some rows of a table, as a table of their own over the same buffers. */
export function sliceTable({ columns, rows }: EngineTable, from: number, to: number): EngineTable {
  if (from === 0 && to === rows) return { columns, rows };
  const sliced = columns.map(
    ({ values, validity, ...column }): EngineColumn => ({
      ...column,
      values: ArrayBuffer.isView(values) ? values.subarray(from, to) : values.slice(from, to),
      validity: sliceBits(validity, from, to - from),
    }),
  );
  return { columns: sliced, rows: to - from };
}
