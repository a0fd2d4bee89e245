import { pandasType } from "../duckdb/pandas-type.ts";
import { vectorWriter } from "../duckdb/write/vector-writer.ts";
import { arrow, type Data, type DataType } from "../frame/arrow.ts";
import type { DataSize } from "../frame/data-size.ts";
import { pandasType as nameOf } from "../frame/schema.ts";
import type { SourceSchema } from "../query/plan.ts";
import type { Conflict } from "../source/drift.ts";
import type { SourceFile } from "../source/source.ts";

/** Data that come as columns in Arrow's layout, some rows at a time: Arrow files, a frame in memory, rows of an iterable. */
export interface TableSource {
  readonly kind: "tables";
  /** As typed, for captions. */
  readonly label: string;
  /** What the data are, as a reason says it: "Arrow", "a frame in memory". */
  readonly what: string;
  /** Of files, as they lie on disk. */
  readonly bytes: number;
  readonly files: readonly SourceFile[];
  /** How files differ, in words. */
  readonly drift?: string | undefined;
  /** Columns that no type holds of all files. */
  readonly conflicts?: readonly Conflict[] | undefined;
  /** Known before the rows are read, except of an iterable. */
  readonly fields?: readonly TableField[] | undefined;
  /** The fields are those of the first rows, and others may come. */
  readonly isOfFirst?: boolean | undefined;
  /** In the order of the rows; an iterable can be read only once. Columns that are not wanted may be there all the same. */
  batches(isWanted?: (name: string) => boolean): AsyncIterable<TableBatch>;
}

export interface ColumnSize extends DataSize {
  readonly name: string;
  /** pandas' name. */
  readonly type: string;
}

export interface TableField {
  readonly name: string;
  readonly type: DataType;
}

export interface TableBatch {
  readonly columns: readonly { readonly name: string; readonly data: Data }[];
  /** Of all columns, where some were left out. */
  readonly sizes?: readonly ColumnSize[] | undefined;
  readonly rows: number;
  /** How much of the source was read with it, 0 to 1, where that is known. */
  readonly fraction: number | undefined;
}

export function isTableSource(source: object): source is TableSource {
  return (source as Partial<TableSource>).kind === "tables";
}

export function columnSize({ name, type }: TableField, size: DataSize): ColumnSize {
  return { name, type: arrow().DataType.isNull(type) ? "float64" : nameOf(type), ...size };
}

/** The columns under the types that the engines have them in. */
export function schemaOfFields(fields: readonly TableField[]): SourceSchema {
  return { columns: fields.map(({ name, type }) => ({ name, type: typeOf(type) })) };
}

/** A column of nothing is of numbers, as in pandas. */
function typeOf(type: DataType): string {
  const sqlType = typeInEngine(type);
  return sqlType === undefined ? nameOf(type) : pandasType(sqlType);
}

/** The engine's type of a column; undefined where it is not worked on. */
export function typeInEngine(type: DataType): string | undefined {
  return arrow().DataType.isNull(type) ? "DOUBLE" : vectorWriter(type)?.sqlType;
}
