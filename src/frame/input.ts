import { UsageError } from "../errors.ts";
import type { DataType } from "./arrow.ts";
import { type Bits, isSet } from "./bits.ts";
import { type BigArray, Column, type NumberArray, type Storage } from "./column.ts";
import { packValues } from "./infer.ts";
import { parseType } from "./types.ts";

/**
 * A column as engines hand it over. Typed arrays are not copied and must not be written to afterwards.
 *
 * What `values` may be, by `type`:
 * - `int8` … `uint64`, `float32`, `float64`: the typed array of that name, any other that holds the numbers, or an array of
 *   numbers, bigints and nulls.
 * - `bool`: a `Uint8Array` of 0 and 1, or an array of booleans and nulls.
 * - `datetime64[unit]`, `datetime64[unit, UTC]`: a `BigInt64Array` in that unit since 1970, a `Float64Array` in milliseconds,
 *   or an array of dates and nulls. `date`: an `Int32Array` of days, else the same.
 * - `decimal(p, s)`: integers times 10^s (`BigInt64Array`, `Int32Array`, `Int16Array`, array of bigints and nulls), or the
 *   values themselves in a `Float64Array`.
 * - with `dictionary`: codes into it, in any integer array. Without: `str`, `category`, `list`, `struct`, `binary`, `object`
 *   take an array of the values and nulls.
 */
export interface ColumnInput {
  readonly name: string;
  /** pandas' type name. */
  readonly type: string;
  readonly values: NumberArray | BigArray | readonly unknown[];
  /** One bit a row, least significant first, 1 for a value; left out when nothing is null. */
  readonly validity?: Bits | undefined;
  readonly dictionary?: readonly unknown[] | undefined;
  /** The Arrow type that it came with, where `type` does not say it all: lists, structs, times of day, durations. */
  readonly arrowType?: DataType | undefined;
}

/** Checks a column and gives it its storage; plain values are packed when the column is first read. */
export function columnOfInput({ name, type, values, validity, dictionary, arrowType }: ColumnInput): Column {
  const { family } = parseType(type);
  const { length } = values;
  if (validity && validity.length * 8 < length)
    throw new UsageError(
      "E_COLUMN_LENGTH",
      `column "${name}" has ${length} rows and validity for ${validity.length * 8}`,
      {
        hint: "give one bit for each row",
      },
    );
  if (dictionary) return new Column(name, type, length, { values, validity, dictionary }, arrowType);
  if (!ArrayBuffer.isView(values)) {
    const plain = validity ? values.map((value, i) => (isSet(validity, i) ? value : null)) : values;
    return new Column(name, type, length, () => packInput(family, type, plain), arrowType);
  }
  if (family === "text" || family === "category" || family === "other")
    throw new UsageError("E_COLUMN_TYPE", `column "${name}" of type ${type} cannot be made of numbers`, {
      hint: "give an array of values, or codes with a dictionary",
    });
  return new Column(name, type, length, { values, validity }, arrowType);
}

function packInput(family: string, type: string, values: readonly unknown[]): Storage {
  if (family !== "decimal") return packValues(type, values);
  const isScaled = values.some((value) => typeof value === "number");
  return isScaled ? packValues("float64", values) : withNulls(values);
}

function withNulls(values: readonly unknown[]): Storage {
  const packed = packValues("bool", values);
  return { values, validity: packed.validity };
}
