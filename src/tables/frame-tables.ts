import { type Data, isTable, type Table } from "../frame/arrow.ts";
import type { Column } from "../frame/column.ts";
import { sizeOfData } from "../frame/data-size.ts";
import { columnsOf, type DataFrame, rowsOf } from "../frame/frame.ts";
import { tableOfColumns } from "../frame/to-arrow.ts";
import { parseType } from "../frame/types.ts";
import { columnNames } from "../source/column-names.ts";
import { asMixed, fieldsOf, tableBatch } from "./table-batch.ts";
import type { ColumnSize, TableBatch, TableField, TableSource } from "./table-source.ts";

/** Texts become bytes on the way: of so many rows at a time. */
const BATCH_ROWS = 65_536;
/** Of each batch, those that say how large it is. */
const SIZED_ROWS = 1024;

/** A frame in memory, or an Arrow table, as tables. */
export function tablesOfFrame(frame: DataFrame | Table, label = "a frame in memory"): TableSource {
  const fields = isTable(frame) ? fieldsOf(frame.schema.fields) : fieldsOfColumns(columnsOf(frame));
  return {
    kind: "tables",
    label,
    what: "a frame in memory",
    bytes: 0,
    files: [],
    fields,
    batches: (isWanted) => batchesOf(frame, isWanted),
  };
}

/** The rows of a frame from the first to the last. */
export async function* batchesOf(
  frame: DataFrame | Table,
  isWanted: (name: string) => boolean = () => true,
): AsyncGenerator<TableBatch, void, undefined> {
  const rows = rowsOf(frame);
  if (isTable(frame)) {
    let done = 0;
    for (const batch of frame.batches) {
      done += batch.numRows;
      yield { ...tableBatch(batch), fraction: done / Math.max(1, rows) };
    }
    return;
  }
  const all = columnsOf(frame);
  const names = columnNames(all.map(({ name }) => name));
  const named = all.map((column, i) => column.named(names[i] as string));
  const columns = named.filter(({ name }) => isWanted(name));
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS);
    const part = columns.map((column) => column.slice(from, to));
    const sizes = named.map((column) => sizeFromSome(column, from, to));
    for (const batch of tableOfColumns(part, to - from, asMixed).batches)
      yield { ...tableBatch(batch), sizes, fraction: to / rows };
  }
}

/** Of rows of which every value of a few is looked at. */
function sizeFromSome(column: Column, from: number, to: number): ColumnSize {
  const count = Math.min(SIZED_ROWS, to - from);
  const [batch] = tableOfColumns([column.slice(from, from + count)], count, asMixed).batches;
  const data = batch?.data.children[0] as Data;
  const { nulls, textBytes, words } = sizeOfData(data);
  const times = (some: number) => Math.round((some * (to - from)) / count);
  return {
    name: column.name,
    type: column.type,
    nulls: times(nulls),
    textBytes: words > 0 ? textBytes : times(textBytes),
    words,
  };
}

function fieldsOfColumns(columns: readonly Column[]): TableField[] {
  const names = columnNames(columns.map(({ name }) => name));
  return columns.map((column, i) => {
    // The type of plain values is that of all of them; of typed ones the values need no look.
    const { length } = column;
    const isPlain = parseType(column.type).family === "other";
    const [field] = tableOfColumns([isPlain ? column : column.slice(0, 0)], isPlain ? length : 0, asMixed).schema
      .fields;
    return { name: names[i] as string, type: (field as TableField).type };
  });
}
