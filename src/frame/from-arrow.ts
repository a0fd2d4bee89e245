import { arrow, type Data, type DataType, type Table, type Vector } from "./arrow.ts";
import { type Bits, bitsWhere, isSet, unpack } from "./bits.ts";
import { Column, type NumberArray, type Storage } from "./column.ts";
import { mixedFailure, mixedValues } from "./mixed.ts";
import { noType } from "./no-type.ts";
import { plainReader } from "./plain.ts";
import { pandasType } from "./schema.ts";
import { textsOf } from "./texts.ts";
import { parseType } from "./types.ts";
import { wholesOf } from "./wholes.ts";

/** The columns of an Arrow table, without a copy where the layouts agree and decoded at the first use of each. */
export function columnsOfTable(table: Table): Column[] {
  const { fields } = table.schema;
  const names = uniqueNames(fields.map(({ name }) => name));
  return fields.map(({ type }, i) => columnOfVector(names[i] as string, type, table.getChildAt(i) as Vector));
}

/** Danfo finds columns by name alone, so a second `a` becomes `a.1`, as in pandas, or the next that no column has as its own. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const own = new Set(names);
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; taken.has(unique) || (n > 1 && own.has(unique)); n++) unique = `${name}.${n}`;
    taken.add(unique);
    return unique;
  });
}

/**
 * The column of a vector, decoded at its first use.
 *
 * @throws {UsageError} E_NO_TYPE for decimals of negative scale
 */
export function columnOfVector(name: string, type: DataType, vector: Vector): Column {
  if (arrow().DataType.isDecimal(type) && type.scale < 0) throw noType(name, type);
  return new Column(name, pandasType(type), vector.length, () => storageOfVector(type, vector), type);
}

function storageOfVector(type: DataType, vector: Vector): Storage {
  const { DataType } = arrow();
  if (mixedFailure(type)) return { values: vector.data.flatMap((data) => mixedValues(data) ?? []) };
  if (DataType.isDictionary(type)) return dictionaryStorage(vector, type.dictionary);
  // A column of nothing has no bits that say so.
  if (DataType.isNull(type)) return { values: new Array(vector.length).fill(null) };
  const validity = validityOf(vector.data, vector.length);
  if (DataType.isBool(type)) return { values: joinBytes(vector), validity };
  if (isText(type)) return { values: textsOf(vector) };
  const { family } = parseType(pandasType(type));
  if (family === "decimal") return { values: wholesOf(vector), validity };
  if (family === "text" || family === "other") return { values: Array.from(vector, plainReader(type)) };
  // Arrow keeps half floats as their bits; reading them through the vector gives numbers.
  if (pandasType(type) === "float16") return { values: Float32Array.from(vector, (value) => value ?? 0), validity };
  return { values: joinValues(vector), validity };
}

function isText(type: DataType): boolean {
  const { DataType } = arrow();
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
}

function validityOf(chunks: readonly Data[], length: number): Bits | undefined {
  if (chunks.every((chunk) => chunk.nullCount === 0)) return undefined;
  const [only] = chunks;
  if (chunks.length === 1 && only?.offset === 0) return only.nullBitmap;
  const valid = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    if (chunk.nullCount === 0) valid.fill(1, at, at + chunk.length);
    else valid.set(unpack(chunk.nullBitmap, chunk.offset, chunk.length), at);
    at += chunk.length;
  }
  return bitsWhere(length, (i) => valid[i] === 1);
}

function joinValues(vector: Vector): Storage["values"] {
  const parts = vector.data.map((chunk) => (chunk.values as NumberArray).subarray(0, chunk.length) as NumberArray);
  if (parts.length === 1) return parts[0] as NumberArray;
  return concat(parts, vector.length) ?? [];
}

function joinBytes(vector: Vector): Uint8Array {
  const parts = vector.data.map((chunk) => unpack(chunk.values as Uint8Array, chunk.offset, chunk.length));
  return (concat(parts, vector.length) as Uint8Array | undefined) ?? new Uint8Array();
}

function concat(parts: readonly NumberArray[], length: number): NumberArray | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const whole = new (first.constructor as new (length: number) => NumberArray)(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part as never, at);
    at += part.length;
  }
  return whole;
}

/** Each chunk may come with a dictionary of its own; they are joined under one list of values. */
function dictionaryStorage(vector: Vector, type: DataType): Storage {
  const plain = plainReader(type);
  const valuesOf = ({ dictionary }: Data): unknown[] => {
    if (!dictionary) return [];
    return isText(type) ? textsOf(dictionary) : Array.from(dictionary, plain);
  };
  const validity = validityOf(vector.data, vector.length);
  const [only] = vector.data;
  if (vector.data.length <= 1) {
    return {
      values: only ? (only.values as NumberArray).subarray(0, only.length) : new Int32Array(),
      validity,
      dictionary: only ? valuesOf(only) : [],
    };
  }
  const codes = new Int32Array(vector.length);
  const known = new Map<unknown, number>();
  let at = 0;
  for (const chunk of vector.data) {
    const recode = valuesOf(chunk).map((value) => {
      const code = known.get(value) ?? known.size;
      known.set(value, code);
      return code;
    });
    const own = chunk.values as NumberArray;
    for (let i = 0; i < chunk.length; i++) codes[at++] = recode[own[i] as number] ?? 0;
  }
  return {
    values: codes,
    validity: validity && bitsWhere(vector.length, (i) => isSet(validity, i)),
    dictionary: [...known.keys()],
  };
}
