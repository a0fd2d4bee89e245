import { DataError } from "../errors.ts";
import { arrow, type DataType } from "./arrow.ts";

/**
 * The Arrow type that holds all of some plain values, nested ones included: Arrow's own guess looks at the first few alone.
 *
 * @throws {DataError} E_MIXED_COLUMN where values are of several kinds.
 */
export function inferArrowType(values: readonly unknown[], column: string): DataType {
  const types = arrow();
  const present = values.filter((value) => value !== null && value !== undefined);
  const all = (test: (value: unknown) => boolean) => present.every(test);
  if (present.length === 0) return new types.Null();
  if (all((value) => typeof value === "string")) return new types.Utf8();
  if (all((value) => typeof value === "boolean")) return new types.Bool();
  if (all((value) => typeof value === "bigint" && BigInt.asIntN(64, value) === value)) return new types.Int64();
  if (all((value) => typeof value === "bigint" && BigInt.asUintN(64, value) === value)) return new types.Uint64();
  if (all((value) => typeof value === "bigint"))
    throw new DataError(
      "E_MIXED_COLUMN",
      `column "${column}" holds whole numbers of more than 64 bits, which no Arrow column here can`,
      {
        hint: "turn them into text, or into numbers where not all digits count",
      },
    );
  if (all((value) => typeof value === "number")) return all(isInt32) ? new types.Int32() : new types.Float64();
  if (all((value) => value instanceof Date)) return new types.TimestampMillisecond();
  if (all((value) => value instanceof Uint8Array)) return new types.Binary();
  if (all(Array.isArray)) {
    const items = present.flat() as unknown[];
    return new types.List(new types.Field("item", inferArrowType(items, column), true));
  }
  if (all(isRecord)) return structType(present as Record<string, unknown>[], column);
  throw new DataError("E_MIXED_COLUMN", `column "${column}" holds values of several kinds, which no Arrow column can`, {
    hint: "turn its values into one kind first, for example into text",
  });
}

function structType(records: readonly Record<string, unknown>[], column: string): DataType {
  const { Field, Struct } = arrow();
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const fields = names.map((name) => {
    const items = records.map((record) => (Object.hasOwn(record, name) ? record[name] : undefined));
    return new Field(name, inferArrowType(items, column), true);
  });
  return new Struct(fields);
}

function isInt32(value: unknown): boolean {
  return ((value as number) | 0) === value && !Object.is(value, -0);
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}
