import type { DataError } from "../errors.ts";
import { arrow, type Data, type DataType } from "./arrow.ts";

/** What stands behind a type that is none. */
interface Mixed {
  readonly values: readonly unknown[];
  readonly failure: DataError;
}

const known = new WeakMap<DataType, Mixed>();

/** In the place of a column whose values no Arrow type holds, as long as nobody needs it: `failure` is for who does. */
export function mixedData(values: readonly unknown[], failure: DataError): Data {
  const { Data, SparseUnion } = arrow();
  const type = new SparseUnion([], []);
  known.set(type, { values, failure });
  return new Data(type, 0, values.length, 0) as unknown as Data;
}

/** Why a type stands for no column; undefined of all that do. */
export function mixedFailure(type: DataType): DataError | undefined {
  return known.get(type)?.failure;
}

/** The values that data stand for; undefined of data that hold their own. */
export function mixedValues({ type, offset, length }: Data): readonly unknown[] | undefined {
  return known.get(type)?.values.slice(offset, offset + length);
}
