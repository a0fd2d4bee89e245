import type { DataType, RecordBatch } from "../frame/arrow.ts";
import { columnNames } from "../source/column-names.ts";
import type { TableBatch, TableField } from "./table-source.ts";

/** Fields under the names that the engine has them by, so that they are the same wherever a query runs. */
export function fieldsOf(fields: readonly { readonly name: string; readonly type: DataType }[]): TableField[] {
  const names = columnNames(fields.map(({ name }) => name));
  return fields.map(({ type }, i) => ({ name: names[i] as string, type }));
}

/** The columns of a record batch. */
export function tableBatch({ schema, data, numRows }: RecordBatch): Omit<TableBatch, "fraction"> {
  const columns = fieldsOf(schema.fields).flatMap(({ name }, i) => {
    const child = data.children[i];
    return child ? [{ name, data: child }] : [];
  });
  return { columns, rows: numRows };
}
