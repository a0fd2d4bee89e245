import type { Vector } from "@duckdb/node-bindings";
import { arrow, type Data, type DataType } from "../../frame/arrow.ts";
import { dictionaryWriter } from "./dictionary-writer.ts";
import { copyBytes } from "./native.ts";
import { textWriter } from "./text-writer.ts";

/** Writes rows `from` to `from + count` of Arrow data to a vector of the engine; what stands where a value is missing does not matter. */
export type WriteRows = (data: Data, from: number, count: number, vector: Vector) => void;

/** How a type of Arrow becomes one of the engine. */
export interface VectorWriter {
  readonly sqlType: string;
  readonly write: WriteRows;
}

/** The writer of an Arrow type; undefined of types that the engine's columns of a table are not made of here (lists, structs, intervals). */
export function vectorWriter(type: DataType): VectorWriter | undefined {
  const { DataType } = arrow();
  if (DataType.isDictionary(type)) return dictionaryWriter(type.dictionary, vectorWriter(type.dictionary));
  if (DataType.isInt(type))
    return { sqlType: `${type.isSigned ? "" : "U"}${INTEGERS[type.bitWidth]}`, write: asTheyLie };
  if (DataType.isFloat(type)) return [halves, floats, doubles][type.precision];
  if (DataType.isBool(type)) return { sqlType: "BOOLEAN", write: writeBits };
  if (DataType.isDate(type))
    return type.unit === 0 ? { sqlType: "DATE", write: asTheyLie } : scaled("TIMESTAMP", (ms) => ms * 1000n);
  if (DataType.isTimestamp(type)) return timestamps(type.unit, Boolean(type.timezone));
  if (DataType.isTime(type)) return scaled("TIME", TIMES[type.unit] as Scale);
  if (DataType.isDecimal(type)) return decimals(type.precision, type.scale, type.bitWidth);
  return textWriter(type);
}

const INTEGERS: Readonly<Record<number, string>> = { 8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT" };

/** Values that lie in the engine's memory as they do in Arrow's. */
const asTheyLie: WriteRows = (data, from, count, vector) =>
  copyBytes(vector, data.values as ArrayBufferView, from, count);

const floats: VectorWriter = { sqlType: "FLOAT", write: asTheyLie };
const doubles: VectorWriter = { sqlType: "DOUBLE", write: asTheyLie };
const halves: VectorWriter = {
  sqlType: "FLOAT",
  write: (data, from, count, vector) => {
    const bits = data.values as Uint16Array;
    copyBytes(
      vector,
      Float32Array.from({ length: count }, (_, i) => halfOf(bits[from + i] as number)),
      0,
      count,
    );
  },
};

function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const writeBits: WriteRows = (data, from, count, vector) => {
  const bits = data.values as Uint8Array;
  const bytes = new Uint8Array(count);
  for (let i = 0, bit = data.offset + from; i < count; i++, bit++)
    bytes[i] = ((bits[bit >> 3] as number) >> (bit & 7)) & 1;
  copyBytes(vector, bytes, 0, count);
};

type Scale = (value: bigint) => bigint;
const TIMES: readonly Scale[] = [
  (s) => s * 1_000_000n,
  (ms) => ms * 1000n,
  (us) => us,
  (ns) => (ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n,
];

function scaled(sqlType: string, scale: Scale): VectorWriter {
  return {
    sqlType,
    write: (data, from, count, vector) => {
      const values = data.values as BigInt64Array | Int32Array;
      const moved = BigInt64Array.from({ length: count }, (_, i) => scale(BigInt(values[from + i] as number)));
      copyBytes(vector, moved, 0, count);
    },
  };
}

/** The engine counts moments with a zone in microseconds, also those of Parquet files. */
function timestamps(unit: number, hasZone: boolean): VectorWriter {
  if (unit === 3 && !hasZone) return { sqlType: "TIMESTAMP_NS", write: asTheyLie };
  const sqlType = hasZone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
  return unit === 2 ? { sqlType, write: asTheyLie } : scaled(sqlType, TIMES[unit] as Scale);
}

/** The engine keeps decimals of few digits in fewer bytes, of which they are the low ones. */
function decimals(precision: number, scale: number, bits: number): VectorWriter | undefined {
  if (precision > 38 || scale < 0 || scale > precision) return undefined;
  const target = precision <= 4 ? 16 : precision <= 9 ? 32 : precision <= 18 ? 64 : 128;
  const sqlType = `DECIMAL(${precision},${scale})`;
  if (bits < target) return undefined;
  return {
    sqlType,
    write: (data, from, count, vector) => {
      const { buffer, byteOffset } = data.values as Uint32Array;
      const [step, size] = [bits / 8, target / 8];
      const source = new Uint8Array(buffer, byteOffset + from * step, count * step);
      if (step === size) return copyBytes(vector, source, 0, count * size);
      const low = new Uint8Array(count * size);
      for (let i = 0; i < count; i++) for (let b = 0; b < size; b++) low[i * size + b] = source[i * step + b] as number;
      copyBytes(vector, low, 0, count * size);
    },
  };
}
