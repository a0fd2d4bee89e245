import type { FileSource } from "../source/source.ts";
import { scanOf } from "./scan.ts";
import type { ScanColumn } from "./select.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";
import { sqlTypeOf } from "./types.ts";

/** What footers say of all rows, without a look at one. */
export interface FileStatistics {
  readonly rows: number;
  /** Of columns of numbers the least and the largest value, by name; NaN is none of them. A column that they say nothing of is left out. */
  readonly ranges: ReadonlyMap<string, Range>;
}

export interface Range {
  readonly low: number;
  readonly high: number;
  /** Nulls may be among them. */
  readonly hasNull: boolean;
}

/** As the engine writes the statistics of a column of numbers. */
const RANGE = /^\[Min: (-?[\d.]+(?:e[+-]?\d+)?), Max: (-?[\d.]+(?:e[+-]?\d+)?)\]/;
const NO_NULL = "[Has Null: false";
const NUMBERS = /^(u?int|float)/;

/** The statistics of those columns that are read as they lie there; undefined for other formats than Parquet. */
export async function fileStatistics(
  session: DuckdbSession,
  source: FileSource,
  columns: readonly ScanColumn[],
): Promise<FileStatistics | undefined> {
  const wanted = columns.filter(({ type, found }) => NUMBERS.test(type) && found === sqlTypeOf(type));
  if (source.format !== "parquet" || wanted.length === 0) return undefined;
  const scan = scanOf(source);
  const list = wanted.map(({ name }) => `stats(${quoteName(name)})`).join(", ");
  const told = await session.query(`SELECT ${list} FROM ${scan} LIMIT 1`);
  // As a part of the other question it would take three times as long.
  const counted = await session.query(`SELECT count(*)::DOUBLE FROM ${scan}`);
  const ranges = wanted.flatMap(({ name }, i): [string, Range][] => {
    const [text = ""] = told.columns[i]?.dictionary ?? [];
    const found = RANGE.exec(text);
    return found ? [[name, { low: Number(found[1]), high: Number(found[2]), hasNull: !text.includes(NO_NULL) }]] : [];
  });
  return { rows: Number(counted.columns[0]?.values[0] ?? 0), ranges: new Map(ranges) };
}
