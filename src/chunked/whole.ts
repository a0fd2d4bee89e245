import type { EngineColumn, EngineTable } from "../duckdb/column.ts";
import { JS_BYTES } from "../frame/sizes.ts";
import type { WholeBytes } from "./run.ts";

/** Bytes of one row in memory, by representation. */
export interface RowBytes extends WholeBytes {
  /** In the typed columns that chunks are made of. */
  readonly columns: number;
}

/** A Python string object beside its characters, with its slot in the array. */
const PYTHON_TEXT = 57;
/** Offset and validity of a text in Arrow's large strings. */
const ARROW_TEXT = 8.125;

/** What a row takes, from a sample of rows: numbers by their type, texts by the length that they have on average. */
export function rowBytes(sample: EngineTable): RowBytes {
  const slots =
    JS_BYTES.row(sample.columns.length) / Math.max(1, sample.columns.length) + JS_BYTES.slot * JS_BYTES.slack;
  const columns = sample.columns.map((column) => columnBytes(column, sample.rows, slots));
  const total = (read: (bytes: RowBytes) => number) => columns.reduce((sum, bytes) => sum + read(bytes), 0);
  return {
    columns: total((bytes) => bytes.columns),
    danfo: JS_BYTES.slot + total((bytes) => bytes.danfo),
    pandas2: total((bytes) => bytes.pandas2),
    pandas3: total((bytes) => bytes.pandas3),
  };
}

/** The bytes of so many rows. */
export function wholeBytes(row: RowBytes, rows: number): WholeBytes {
  return {
    danfo: Math.round(row.danfo * rows),
    pandas2: Math.round(row.pandas2 * rows),
    pandas3: Math.round(row.pandas3 * rows),
  };
}

function columnBytes({ type, values, dictionary }: EngineColumn, rows: number, slots: number): RowBytes {
  const width = widthOf(type);
  if (width !== undefined) {
    const js = type.startsWith("datetime") || type === "date" ? JS_BYTES.date : JS_BYTES.slot;
    return { columns: width, danfo: js + slots, pandas2: width, pandas3: width };
  }
  const length = rows === 0 ? 8 : averageLength(values, dictionary, rows);
  const js = JS_BYTES.slot + JS_BYTES.text(length, false);
  if (type === "category") return { columns: 4, danfo: js + slots, pandas2: 2, pandas3: 2 };
  return {
    columns: dictionary ? 4 + length / 2 : js,
    danfo: js + slots,
    pandas2: PYTHON_TEXT + length,
    pandas3: ARROW_TEXT + length,
  };
}

function widthOf(type: string): number | undefined {
  if (type === "bool") return 1;
  const bits = /^(?:u?int|float)(\d+)$/.exec(type)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  return /^(datetime|date|decimal)/.test(type) ? 8 : undefined;
}

function averageLength(
  values: EngineColumn["values"],
  dictionary: readonly string[] | undefined,
  rows: number,
): number {
  let total = 0;
  for (const value of values as Iterable<unknown>) {
    const text = dictionary ? dictionary[value as number] : value;
    total += typeof text === "string" ? text.length : 16;
  }
  return total / rows;
}
