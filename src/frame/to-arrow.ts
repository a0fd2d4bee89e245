import { DataError } from "../errors.ts";
import { arrow, type Data, type DataType, type Table, type Vector } from "./arrow.ts";
import { type Bits, bitsWhere, countUnset, isSet } from "./bits.ts";
import type { Column, NumberArray } from "./column.ts";
import { inferArrowType } from "./infer-arrow.ts";
import { parseType, type TypeInfo } from "./types.ts";
import { isNullAt } from "./view.ts";

/** Dictionaries that were encoded, for who encodes columns a piece at a time. */
export type EncodedWords = Map<readonly unknown[], Vector>;

/**
 * The Arrow table of some columns: buffers are shared where the layouts agree, strings and nested values are encoded. `instead` gives what is to stand
 * for a column of several kinds of values.
 *
 * @throws {DataError} E_MIXED_COLUMN without it
 */
export function tableOfColumns(
  columns: readonly Column[],
  length: number,
  instead?: (column: Column, failure: DataError) => Data,
  encoded: EncodedWords = new Map(),
): Table {
  const { Field, RecordBatch, Schema, Struct, Table, makeData } = arrow();
  const children = columns.map((column) => {
    try {
      return dataOf(column, encoded);
    } catch (failure) {
      if (!instead || !(failure instanceof DataError)) throw failure;
      return instead(column, failure);
    }
  });
  const fields = columns.map(({ name }, i) => new Field(name, children[i]?.type as DataType, true));
  const schema = new Schema(fields);
  const rows = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, rows)]);
}

function dataOf(column: Column, encoded: EncodedWords): Data {
  const { storage } = column;
  const info = parseType(column.type);
  if (storage.dictionary) return dictionaryData(column, storage.dictionary, encoded);
  if (info.family === "decimal") return decimalData(column, info.precision, info.scale);
  if (info.family === "bool" && ArrayBuffer.isView(storage.values)) return boolData(column);
  if (ArrayBuffer.isView(storage.values)) return plainData(column, storage.values as NumberArray, info);
  return objectData(column, storage.values as readonly unknown[]);
}

/** Typed arrays under the Arrow type of their column; numbers that stand for 64-bit integers are widened. */
function plainData(column: Column, values: NumberArray, info: TypeInfo): Data {
  const { makeData } = arrow();
  const type = typedArrowType(info, column.type);
  const wide = type.ArrayType as unknown as new (length: number) => BigInt64Array;
  const isWide = type.ArrayType === BigInt64Array || type.ArrayType === BigUint64Array;
  let data: ArrayLike<unknown> = values;
  if (isWide && !(values instanceof type.ArrayType)) {
    const widened = new wide(column.length);
    const { bits } = column.view;
    const factor = info.family === "timestamp" && values instanceof Float64Array ? UNIT_PER_MS[info.unit] : 1;
    for (let i = 0; i < column.length; i++) {
      if (!bits || isSet(bits, i)) widened[i] = BigInt(Math.round((values[i] as number) * factor));
    }
    data = widened;
  } else if (info.family === "date" && values instanceof Float64Array) {
    data = Int32Array.from(values, (ms) => Math.floor(ms / 86_400_000));
  } else if (!(values instanceof type.ArrayType) && type.ArrayType !== Array) {
    data = (type.ArrayType as unknown as Int32ArrayConstructor).from(values);
  }
  return makeData({ type, length: column.length, ...nulls(column.storage.validity, column.length), data } as never);
}

const UNIT_PER_MS = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 } as const;

function typedArrowType(info: TypeInfo, name: string): DataType {
  const types = arrow();
  if (info.family === "int") return new types[`${info.signed ? "Int" : "Uint"}${info.bits}` as "Int32"]();
  if (info.family === "float") return new types[info.bits === 64 ? "Float64" : "Float32"]();
  if (info.family === "date") return new types.DateDay();
  if (info.family === "timestamp")
    return new types.Timestamp(["s", "ms", "us", "ns"].indexOf(info.unit), info.zone ?? null);
  // What is left came from Arrow as 64-bit durations or times.
  return name.startsWith("timedelta") ? new types.DurationMicrosecond() : new types.Float64();
}

function boolData(column: Column): Data {
  const { Bool, makeData } = arrow();
  const bytes = column.storage.values as Uint8Array;
  const bits = bitsWhere(column.length, (i) => bytes[i] === 1) ?? new Uint8Array((column.length + 7) >> 3).fill(255);
  return makeData({
    type: new Bool(),
    length: column.length,
    ...nulls(column.storage.validity, column.length),
    data: bits,
  });
}

function dictionaryData(column: Column, dictionary: readonly unknown[], encoded: EncodedWords): Data {
  const { Dictionary, Int32, makeData, makeVector } = arrow();
  const codes =
    column.storage.values instanceof Int32Array
      ? column.storage.values
      : Int32Array.from(column.storage.values as NumberArray);
  const words = encoded.get(dictionary) ?? makeVector(objectData(column, dictionary));
  encoded.set(dictionary, words);
  const type = new Dictionary(words.type, new Int32());
  return makeData({
    type,
    length: column.length,
    ...nulls(column.storage.validity, column.length),
    data: codes,
    dictionary: words,
  });
}

/** Decimals of up to 38 digits as 128-bit integers, of more as 256-bit ones. */
function decimalData(column: Column, precision: number, scale: number): Data {
  const { Decimal, makeData } = arrow();
  const words = precision > 38 ? 8 : 4;
  const data = new Uint32Array(column.length * words);
  const { values } = column.storage;
  const isScaled = values instanceof Float64Array || values instanceof Float32Array;
  for (let i = 0; i < column.length; i++) {
    if (isNullAt(column.view, i)) continue;
    const value = values[i] as number | bigint;
    let rest = BigInt.asUintN(
      words * 32,
      isScaled ? BigInt(Math.round((value as number) * 10 ** scale)) : BigInt(value),
    );
    for (let word = 0; word < words; word++, rest >>= 32n) data[i * words + word] = Number(rest & 0xffffffffn);
  }
  const type = new Decimal(scale, precision, words * 32);
  return makeData({ type, length: column.length, ...nulls(column.storage.validity, column.length), data });
}

/** Values in an array: texts are encoded here, the rest by Arrow's builders. */
function objectData(column: Column, values: readonly unknown[]): Data {
  const { DataType, makeData, vectorFromArray } = arrow();
  const isText = values.every((value) => typeof value === "string" || value === null || value === undefined);
  if (isText && parseType(column.type).family !== "other") return textData(values as string[]);
  const known = column.arrowType && !DataType.isDictionary(column.arrowType) ? column.arrowType : undefined;
  const type = known ?? inferArrowType(values, column.name);
  if (DataType.isUtf8(type)) return textData(values as string[]);
  if (DataType.isNull(type)) return makeData({ type, length: values.length });
  const plain = values.map((value) => value ?? null);
  return vectorFromArray(plain, type).data[0] ?? makeData({ type, length: 0, nullCount: 0 } as never);
}

/** Arrow's own builder takes ten times as long for texts. */
function textData(values: readonly (string | null | undefined)[]): Data {
  const { Utf8, makeData } = arrow();
  const offsets = new Int32Array(values.length + 1);
  let bytes = 0;
  for (let i = 0; i < values.length; i++) {
    bytes += Buffer.byteLength(values[i] ?? "");
    offsets[i + 1] = bytes;
  }
  const data = Buffer.allocUnsafeSlow(bytes);
  for (let i = 0; i < values.length; i++) data.write(values[i] ?? "", offsets[i] as number);
  const validity = bitsWhere(values.length, (i) => typeof values[i] === "string");
  return makeData({
    type: new Utf8(),
    length: values.length,
    ...nulls(validity, values.length),
    valueOffsets: offsets,
    data,
  });
}

function nulls(validity: Bits | undefined, length: number): { nullCount: number; nullBitmap?: Bits } {
  const nullCount = countUnset(validity, length);
  return nullCount > 0 && validity ? { nullCount, nullBitmap: validity } : { nullCount: 0 };
}
