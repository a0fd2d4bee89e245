import { Arena } from "../arena.ts";
import { Kernel } from "../kernel.ts";
import { OpenFile } from "../threads/byte-sources.ts";
import type { WasmModule } from "../webassembly.ts";
import { columnsOfParquet } from "./parquet-column.ts";
import type { ParquetTable } from "./parquet-table.ts";

/** First rows that are looked at. */
const SAMPLED_ROWS = 2000;

/** What the first rows of a column are. */
export interface ColumnSample {
  readonly rows: number;
  readonly nulls: number;
  /** Bytes of the texts. */
  readonly textBytes: number;
  /** Of doubles, 0 in place of what is missing. */
  readonly doubles: Float64Array;
}

/** @throws {ScanRefused} where they cannot be read */
export function sampleColumn(module: WasmModule, table: ParquetTable, index: number): ColumnSample {
  const [group] = table.groups;
  const file = group && table.files[group.file];
  if (!file) return { rows: 0, nulls: 0, textBytes: 0, doubles: new Float64Array(0) };
  const kernel = new Kernel(module);
  const arena = new Arena(kernel);
  using open = new OpenFile(file);
  const rows = Math.min(SAMPLED_ROWS, group.rows);
  const column = columnsOfParquet(kernel, table, rows)(arena, index);
  const { kind } = column.kind;
  const { values, nulls } = column.parse({ group, from: (start) => open.from(start), first: 0, rows, firstRow: 0 });
  const isText = kind === "text";
  const offsets = isText ? arena.take(4 * (rows + 1)) : 0;
  return {
    rows,
    nulls,
    textBytes: isText ? kernel.calls.textsOfCodes(column.dictionary, values, rows, offsets, 0) : 0,
    doubles: new Float64Array(kernel.bytes.slice(values, kind === "double" ? values + 8 * rows : values).buffer),
  };
}
