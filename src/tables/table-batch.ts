import type { DataError } from "../errors.ts";
import type { Data, DataType, RecordBatch } from "../frame/arrow.ts";
import type { Column } from "../frame/column.ts";
import { mixedData } from "../frame/mixed.ts";
import { columnNames } from "../source/column-names.ts";
import type { TableBatch, TableField } from "./table-source.ts";

/** Fields under the names that the engine has them by, so that they are the same wherever a query runs. */
export function fieldsOf(fields: readonly { readonly name: string; readonly type: DataType }[]): TableField[] {
  const names = columnNames(fields.map(({ name }) => name));
  return fields.map(({ type }, i) => ({ name: names[i] as string, type }));
}

/** A column of several kinds of values is in nobody's way who does not name it. */
export function asMixed(column: Column, failure: DataError): Data {
  return mixedData(column.toArray(), failure);
}

/** The columns of a record batch. */
export function tableBatch({ schema, data, numRows }: RecordBatch): Omit<TableBatch, "fraction"> {
  const columns = fieldsOf(schema.fields).flatMap(({ name }, i) => {
    const child = data.children[i];
    return child ? [{ name, data: child }] : [];
  });
  return { columns, rows: numRows };
}
