import type { DataType } from "#spark-proto/types";
import { arrow, type Table } from "../../frame/arrow.ts";
import { Column } from "../../frame/column.ts";
import { type DataFrame, frameOverTable } from "../../frame/frame.ts";
import { type PackedMatrix, type PackedVector, unpackMatrix, unpackVector } from "./linear-algebra.ts";
import { readVariant, type VariantBytes } from "./variant.ts";

type Reader = (value: unknown) => unknown;

/** One table of the batches of one result, without a copy. */
export function joinTables(tables: readonly Table[]): Table {
  const [first] = tables;
  const { Table: ArrowTable } = arrow();
  if (!first) return new ArrowTable();
  return tables.length === 1
    ? first
    : new ArrowTable(
        first.schema,
        tables.flatMap((table) => table.batches),
      );
}

/**
 * The frame of a result. What Arrow's types do not say stands in Spark's schema: vectors become arrays of numbers (sparse ones
 * too), matrices arrays of rows, variants become the values that they hold.
 */
export function frameOfResult(table: Table, schema: DataType | undefined): DataFrame {
  const fields = schema?.kind.case === "struct" ? schema.kind.value.fields : [];
  return frameOverTable(table, (column, i) => {
    const read = readerOf(fields[i]?.dataType);
    if (!read) return column;
    const load = () => ({ values: (column.storage.values as readonly unknown[]).map(read) });
    return new Column(column.name, typeOf(fields[i]?.dataType), column.length, load);
  });
}

function typeOf(type: DataType | undefined): string {
  if (type?.kind.case === "udt" || type?.kind.case === "array") return "list";
  return type?.kind.case === "struct" || type?.kind.case === "map" ? "struct" : "object";
}

/** How to read a type that Arrow does not know; undefined where Arrow's own reading is right, down to the leaves. */
function readerOf(type: DataType | undefined): Reader | undefined {
  const kind = type?.kind;
  if (kind?.case === "variant") return orNull((value) => readVariant(value as VariantBytes));
  if (kind?.case === "udt") return readerOfClass(kind.value.jvmClass ?? "");
  if (kind?.case === "array") {
    const item = readerOf(kind.value.elementType);
    return item && orNull((items) => (items as unknown[]).map(item));
  }
  if (kind?.case === "map") {
    const item = readerOf(kind.value.valueType);
    return item && orNull((map) => mapValues(map, () => item));
  }
  if (kind?.case === "struct") {
    const readers = new Map(kind.value.fields.map(({ name, dataType }) => [name, readerOf(dataType)]));
    if (![...readers.values()].some(Boolean)) return undefined;
    return orNull((row) => mapValues(row, (name) => readers.get(name)));
  }
  return undefined;
}

function readerOfClass(jvmClass: string): Reader | undefined {
  if (/\bVectorUDT$/.test(jvmClass)) return orNull((value) => unpackVector(value as PackedVector));
  if (/\bMatrixUDT$/.test(jvmClass)) return orNull((value) => unpackMatrix(value as PackedMatrix));
  return undefined;
}

function orNull(read: Reader): Reader {
  return (value) => (value === null || value === undefined ? null : read(value));
}

function mapValues(row: unknown, readerFor: (name: string) => Reader | undefined): Record<string, unknown> {
  const entries = Object.entries(row as Record<string, unknown>).map(([name, value]) => {
    const read = readerFor(name);
    return [name, read ? read(value) : (value ?? null)] as const;
  });
  return Object.fromEntries(entries);
}
