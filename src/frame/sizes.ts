import { type Stepwise, stepping, whole } from "../stepwise.ts";
import { arrow, type Data, type Table } from "./arrow.ts";
import type { Column } from "./column.ts";
import type { DataFrame } from "./danfo.ts";
import { formatCell } from "./format.ts";
import { columnsOf, rowsOf, tableUnder } from "./frame.ts";
import { NULL_CELL } from "./preview.ts";
import { tableOfColumns } from "./to-arrow.ts";
import { parseType } from "./types.ts";

/**
 * Bytes that V8 needs for values in an array, the 8-byte slot included. Measured on Node 20, x64.
 */
export const JS_BYTES = {
  /** Small integers, booleans, null, and doubles in an array of nothing else. */
  slot: 8,
  /** A double in an array that holds null or other kinds as well. */
  boxedDouble: 25,
  date: 120,
  bigint: 32,
  /** A text of `length` characters; all below U+0100 take one byte each, otherwise all take two. */
  text: (length: number, wide: boolean) => 24 + Math.ceil((wide ? 2 * length : length) / 8) * 8,
  /** A row array filled by push: V8 makes room for 17 values, then half as much again and 16. */
  row: (columns: number) => {
    let room = 17;
    while (room < columns) room += (room >> 1) + 16;
    return 32 + 16 + room * 8;
  },
  /** What push leaves unused at the end of a column, on average. */
  slack: 1.25,
} as const;

/** Values that are measured together. */
const AT_ONCE = 16_384;

interface ColumnSizes {
  readonly name: string;
  readonly type: string;
  readonly js: number;
  readonly arrow: number;
}

/** Bytes of the same data in different forms. */
export interface FrameSizes {
  readonly rows: number;
  /** Plain JavaScript arrays, one a column. */
  readonly js: number;
  /** Stock Danfo: the same values in rows and in columns, and an index. */
  readonly danfo: number;
  /** Arrow buffers, as the frame is now. */
  readonly arrow: number;
  readonly columns: readonly ColumnSizes[];
}

/**
 * How many bytes a frame or table takes in each form: Arrow's exactly, JavaScript's by an exact walk of the values and the
 * measured cost of each kind. A column of several kinds of values counts as the texts that Arrow has for it.
 *
 * @example
 * frameSizes(df).danfo / frameSizes(df).arrow; // 14.2
 */
export function frameSizes(frame: DataFrame | Table): FrameSizes {
  return whole(measure(frame));
}

/** The same with pauses, each after some thousands of values. */
export function frameSizesInTurns(frame: DataFrame | Table, pause: () => Promise<void>): Promise<FrameSizes> {
  return stepping(measure(frame), pause);
}

function* measure(frame: DataFrame | Table): Stepwise<FrameSizes> {
  const known = tableUnder(frame);
  const rows = rowsOf(frame);
  const columns: ColumnSizes[] = [];
  for (const [i, column] of columnsOf(frame).entries()) {
    const arrow = known ? dataBytes(known.getChildAt(i)?.data ?? []) : yield* arrowBytes(column);
    columns.push({ name: column.name, type: column.type, js: yield* jsBytes(column), arrow });
    yield;
  }
  const js = sum(columns.map((column) => column.js));
  const danfo =
    js + rows * (JS_BYTES.row(columns.length) + columns.length * JS_BYTES.slot * JS_BYTES.slack + JS_BYTES.slot);
  return { rows, js, danfo: Math.round(danfo), arrow: sum(columns.map((column) => column.arrow)), columns };
}

/** In Arrow's layout, which a column is encoded to unless it holds nothing but texts. */
function* arrowBytes(column: Column): Stepwise<number> {
  const { values, dictionary } = column.storage;
  if (!dictionary && !ArrayBuffer.isView(values) && parseType(column.type).family === "text") {
    const bytes = yield* textColumnBytes(values as readonly unknown[]);
    if (bytes !== undefined) return bytes;
  }
  return dataBytes(tableOfColumns([column], column.length, asTexts).getChildAt(0)?.data ?? []);
}

/** Texts in UTF-8, the offsets between them, and a bit for each where one is missing; undefined where something else is among them. */
function* textColumnBytes(values: readonly unknown[]): Stepwise<number | undefined> {
  let bytes = 4 * (values.length + 1);
  let isWhole = true;
  for (let from = 0; from < values.length; from += AT_ONCE) {
    for (let i = from; i < Math.min(from + AT_ONCE, values.length); i++) {
      const value = values[i] ?? null;
      if (typeof value === "string") bytes += Buffer.byteLength(value);
      else if (value === null) isWhole = false;
      else return undefined;
    }
    yield;
  }
  return isWhole ? bytes : bytes + ((values.length + 7) >> 3);
}

function asTexts(column: Column): Data {
  const { Utf8, vectorFromArray } = arrow();
  const texts = column.toArray().map((value) => formatCell(value, { width: Number.POSITIVE_INFINITY }));
  const values = texts.map((cell) => (cell === NULL_CELL ? null : cell.text));
  return vectorFromArray(values, new Utf8()).data[0] as Data;
}

/** Bytes of a column as an array of plain values; equal texts of a dictionary are one object. */
function* jsBytes({ view, length }: Column): Stepwise<number> {
  switch (view.kind) {
    case "bigint":
      return length * JS_BYTES.bigint;
    case "bool":
      return length * JS_BYTES.slot;
    case "codes":
      return length * JS_BYTES.slot + sum(view.dictionary.map((word) => valueBytes(word, new Set()) - JS_BYTES.slot));
    case "number":
      if (view.date) return length * JS_BYTES.date;
      return length * (view.bits && !isSmallIntegers(view.values) ? JS_BYTES.boxedDouble : JS_BYTES.slot);
    case "object": {
      const seen = new Set<object>();
      let bytes = 0;
      for (let from = 0; from < length; from += AT_ONCE) {
        bytes += valuesBytes(view.values.slice(from, from + AT_ONCE), seen);
        yield;
      }
      return bytes;
    }
  }
}

function isSmallIntegers(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (((values[i] as number) | 0) !== values[i]) return false;
  return true;
}

/** Slots of values, and what they point to, an object that comes again once. */
function valuesBytes(values: readonly unknown[], seen: Set<object>): number {
  return sum(values.map((value) => valueBytes(value, seen)));
}

function valueBytes(value: unknown, seen: Set<object>): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value === "bigint") return JS_BYTES.bigint;
  if (typeof value === "number") return Number.isInteger(value) ? JS_BYTES.slot : JS_BYTES.boxedDouble;
  if (typeof value !== "object" || value === null || seen.has(value)) return JS_BYTES.slot;
  seen.add(value);
  if (value instanceof Date) return JS_BYTES.date;
  if (value instanceof Uint8Array) return JS_BYTES.slot + 96 + value.byteLength;
  const [own, held] = Array.isArray(value) ? [32, value] : [24, Object.values(value)];
  return JS_BYTES.slot + own + valuesBytes(held, seen);
}

function textBytes(text: string): number {
  return JS_BYTES.text(text.length, /[^\0-\xff]/.test(text));
}

/** Bytes of the buffers, a dictionary shared by several batches counted once. */
function dataBytes(chunks: readonly Data[]): number {
  const seen = new Set<unknown>();
  const bytesOf = (data: Data): number => {
    const dictionary = data.dictionary;
    const words = dictionary && !seen.has(dictionary) ? sum(dictionary.data.map(bytesOf)) : 0;
    seen.add(dictionary);
    return bufferBytes(data) + words + sum(data.children.map(bytesOf));
  };
  return sum(chunks.map(bytesOf));
}

function bufferBytes({ values, valueOffsets, nullBitmap, nullCount, typeIds, variadicBuffers }: Data): number {
  const validity = nullCount > 0 ? nullBitmap?.byteLength : 0;
  const parts = [values?.byteLength, valueOffsets?.byteLength, typeIds?.byteLength, validity];
  return sum(parts.map((bytes) => bytes ?? 0)) + sum((variadicBuffers ?? []).map((buffer) => buffer.byteLength));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
