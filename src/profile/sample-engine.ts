import { isAbove, isPartition, scanOf, withOptions } from "../duckdb/scan.ts";
import type { DuckdbSession } from "../duckdb/session.ts";
import { type ColumnInput, columnOfInput } from "../frame/input.ts";
import { readTexts } from "../source/read-texts.ts";
import type { FileSource } from "../source/source.ts";
import { readColumn } from "../source/text-columns.ts";
import type { Sample } from "./estimate.ts";
import { textColumn } from "./text-column.ts";

/** What a sample asks. */
export type SampleSession = Pick<DuckdbSession, "query">;

const SAMPLE_ROWS = 4_000;
/** Enough to tell sizes. */
const BRIEF_ROWS = 1_000;
/** What Zstandard makes of text, and how wrong that may be. */
const ZSTD = { ratio: 4, error: 0.5 } as const;

/** The first rows by the engine, fewer where it is brief; the number of rows from Parquet's footers, else from the size of what was read. */
export async function sampleEngine(source: FileSource, session: SampleSession, isBrief: boolean): Promise<Sample> {
  const mostRows = isBrief ? BRIEF_ROWS : SAMPLE_ROWS;
  const scan = scanOf(source);
  // Of text every column is read as it is written, and typed as in any other sample.
  const isText = source.format === "csv";
  const rowsOf = isText ? withOptions(scan, "all_varchar = true") : scan;
  const { columns: read, rows: seen } = await session.query(`SELECT * FROM ${rowsOf} LIMIT ${mostRows}`);
  const held = read.filter(({ name }) => !isAbove(source, name));
  const columns = held.map((input) => {
    const { name, type } = input;
    const values = columnOfInput(input as ColumnInput).toArray();
    const texts = values as (string | null)[];
    if (isText && !isPartition(source, name))
      return textColumn({ name, texts, reading: readColumn(name, texts, source.text) }, source.text);
    return { name, type, values, reading: type === "str" ? readTexts(texts) : undefined };
  });
  if (source.format === "parquet") {
    const counted = await session.query(`SELECT count(*)::DOUBLE AS n FROM ${scan}`);
    return { columns, rows: Number(counted.columns[0]?.values[0] ?? 0), rowsError: 0, unpackedBytes: source.bytes };
  }
  const unpackedBytes = source.bytes * ZSTD.ratio;
  if (seen < mostRows) return { columns, rows: seen, rowsError: 0, unpackedBytes };
  const rows = Math.round(unpackedBytes / Math.max(1, bytesOf(columns) / seen));
  return { columns, rows, rowsError: Math.round(rows * ZSTD.error), unpackedBytes };
}

/** As text, with a separator behind each value. */
function bytesOf(columns: Sample["columns"]): number {
  return columns.reduce(
    (sum, { values }) =>
      sum + values.reduce<number>((bytes, value) => bytes + 1 + (value === null ? 0 : String(value).length), 0),
    0,
  );
}
